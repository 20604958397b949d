/// Cuts an expression into tokens. What it cannot read it reports, repairs as the writer most likely meant it, and
/// reads on, so that one pass finds all faults.
struct Lexer {
    let scalars: [Unicode.Scalar]
    private let source: ExpressionSource
    var index = 0
    private(set) var tokens: [Token] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// Whether every fault could be repaired, so that it makes sense to look for faults of the grammar too.
    var isReadable = true

    init(_ source: ExpressionSource) {
        self.source = source
        self.scalars = Array(source.text.unicodeScalars.prefix(ExpressionLimits.sourceScalarsMax))
    }

    /// Reads the whole expression; the last token is always `end`.
    static func read(_ source: ExpressionSource) -> Lexer {
        var lexer = Lexer(source)
        if source.text.unicodeScalars.count > ExpressionLimits.sourceScalarsMax {
            lexer.report(
                "the expression is longer than \(ExpressionLimits.sourceScalarsMax) characters", at: 0, length: 1,
                hint: "move parts of it to named conditions under `let:`"
            )
            lexer.isReadable = false
            lexer.index = lexer.scalars.count
        }
        while lexer.next() {}
        lexer.tokens.append(Token(kind: .end, offset: lexer.scalars.count, length: 0))
        return lexer
    }

    /// Reads one token or one run of white space; `false` at the end.
    private mutating func next() -> Bool {
        guard let scalar = peek() else { return false }
        switch scalar {
        case " ", "\t", "\n", "\r", "\u{C}": index += 1
        case "/" where peek(1) == "/": skipComment()
        case "0"..."9": number()
        case "." where peek(1).map(Self.isDigit) ?? false: number()
        case "\"", "'": quoted(prefix: 0)
        case "`": backquoted()
        case "\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}", "\u{201A}": typographicQuote()
        default:
            if Self.startsName(scalar) {
                if let prefix = stringPrefix() { quoted(prefix: prefix) } else { word() }
            } else {
                symbol()
            }
        }
        return true
    }

    /// The scalar `ahead` of the next one, `nil` behind the end.
    func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        index + ahead < scalars.count ? scalars[index + ahead] : nil
    }

    /// Adds the token that reaches from `start` to here.
    mutating func append(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind: kind, offset: start, length: index - start))
    }

    /// Puts one token in the place of the last `count` ones, reaching from the first of them to here.
    mutating func replaceLast(_ count: Int, by kind: Token.Kind) {
        let start = tokens[tokens.count - count].offset
        tokens.removeLast(count)
        append(kind, from: start)
    }

    /// Notes a finding about `length` scalars at `offset`.
    mutating func report(_ message: String, at offset: Int, length: Int, hint: String? = nil) {
        guard diagnostics.count < ExpressionLimits.diagnosticsMax else { return }
        diagnostics.append(Diagnostic(in: source, offset: offset, length: length, message: message, hint: hint))
    }

    /// The scalars of a range as a text.
    func text(from start: Int, to end: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<end])
        return String(view)
    }

    /// Whether it is an ASCII digit.
    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Whether a name can begin with it (langdef, IDENT).
    static func startsName(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }

    /// Whether a name can go on with it.
    static func continuesName(_ scalar: Unicode.Scalar) -> Bool { startsName(scalar) || isDigit(scalar) }

    private mutating func skipComment() {
        while index < scalars.count, scalars[index] != "\n" { index += 1 }
    }

    private mutating func word() {
        let start = index
        while let scalar = peek(), Self.continuesName(scalar) { index += 1 }
        append(.identifier(text(from: start, to: index)), from: start)
    }

    private mutating func backquoted() {
        let start = index
        index += 1
        while index < scalars.count, scalars[index] != "`", scalars[index] != "\n" { index += 1 }
        guard peek() == "`", index > start + 1 else {
            report("a name between backquotes is not closed or empty", at: start, length: max(1, index - start))
            append(.quotedIdentifier(text(from: start + 1, to: index)), from: start)
            return
        }
        let name = text(from: start + 1, to: index)
        index += 1
        append(.quotedIdentifier(name), from: start)
    }

    private mutating func symbol() {
        let start = index
        if take(SymbolSlip.longerThanOperators) { return }
        for symbol in Token.Symbol.allCases where scalars[index...].starts(with: symbol.rawValue.unicodeScalars) {
            index += symbol.rawValue.unicodeScalars.count
            append(.symbol(symbol), from: start)
            return
        }
        if !take(SymbolSlip.shorterThanOperators) { unknownCharacters() }
    }

    /// Takes the first slip that stands here, with its message, as the operator that was meant.
    private mutating func take(_ slips: [SymbolSlip]) -> Bool {
        let start = index
        guard let slip = slips.first(where: { scalars[start...].starts(with: $0.written.unicodeScalars) })
        else { return false }
        index += slip.written.unicodeScalars.count
        report("\"\(slip.written)\" is not an operator", at: start, length: index - start, hint: slip.hint)
        if let meant = slip.meant { append(.symbol(meant), from: start) } else { isReadable = false }
        return true
    }

    /// A run of characters that no expression has; a run is reported once.
    private mutating func unknownCharacters() {
        let start = index
        let scalar = scalars[index]
        index += 1
        while scalar.value > 0x7F, index < scalars.count, scalars[index].value > 0x7F { index += 1 }
        let code = String(scalar.value, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - code.utf8.count)) + code
        let shown = scalar.properties.isWhitespace || scalar.value < 0x20 ? name : "\"\(scalar)\" (\(name))"
        let hint =
            scalar.properties.isWhitespace || scalar.value == 0xFEFF || scalar.value == 0x200B
            ? "an invisible character was pasted; replace it by a plain space"
            : "only texts between quotes and comments may hold such characters"
        isReadable = isReadable && scalar.properties.isWhitespace
        report("unexpected character \(shown)", at: start, length: index - start, hint: hint)
    }
}
