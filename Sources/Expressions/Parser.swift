/// Builds the syntax tree from the tokens: precedence climbing for the operators, loops for everything that may be
/// long, so that only real nesting uses the stack.
struct Parser {
    /// Thrown after the reason was put into `diagnostics`: nothing sensible can be read behind it.
    struct Stop: Error {}

    typealias NodeID = SyntaxTree.NodeID

    let source: ExpressionSource
    private(set) var tokens: [Token]
    private(set) var index = 0
    private(set) var tree: SyntaxTree
    private(set) var diagnostics: [Diagnostic]
    private var nesting = 0
    var macroNesting = 0

    /// What parsing gave: a tree where there is one that later phases can work on.
    struct Outcome {
        let tree: SyntaxTree?
        let diagnostics: [Diagnostic]
    }

    private init(source: ExpressionSource, lexer: Lexer) {
        self.source = source
        self.tokens = lexer.tokens
        self.diagnostics = lexer.diagnostics
        self.tree = SyntaxTree(source: source)
    }

    /// Parses an expression and reports everything that is wrong with its grammar.
    static func parse(_ source: ExpressionSource) -> Outcome {
        let lexer = Lexer.read(source)
        guard lexer.isReadable else { return Outcome(tree: nil, diagnostics: lexer.diagnostics) }
        var parser = Parser(source: source, lexer: lexer)
        do {
            if parser.current.kind == .end {
                throw parser.stop("the expression is empty", at: parser.current)
            }
            parser.tree.root = try parser.expression()
            if parser.current.kind != .end { throw parser.trailing() }
            return Outcome(tree: parser.tree, diagnostics: parser.diagnostics)
        } catch {
            return Outcome(tree: nil, diagnostics: parser.diagnostics)
        }
    }

    // MARK: Tokens

    var current: Token { tokens[index] }
    var next: Token { tokens[min(index + 1, tokens.count - 1)] }
    var previousEnd: Int { index > 0 ? tokens[index - 1].end : 0 }

    /// Moves to the next token; the end stays the end.
    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    /// Takes an operator or bracket if it is next.
    mutating func take(_ symbol: Token.Symbol) -> Bool {
        guard current.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    // MARK: Findings

    /// Notes a finding and lets the parse go on.
    mutating func report(_ message: String, offset: Int, length: Int, hint: String? = nil) {
        guard diagnostics.count < ExpressionLimits.diagnosticsMax else { return }
        diagnostics.append(Diagnostic(in: source, offset: offset, length: length, message: message, hint: hint))
    }

    /// Reports a fault that ends the parse.
    mutating func stop(_ message: String, at token: Token, hint: String? = nil) -> Stop {
        report(message, offset: token.offset, length: max(1, token.length), hint: hint)
        return Stop()
    }

    // MARK: Nodes

    /// The node with this index.
    func node(_ id: NodeID) -> SyntaxNode { tree[id] }

    /// Adds a node that reaches from `offset` to the last token taken.
    mutating func make(_ kind: SyntaxNode.Kind, from offset: Int, children: [NodeID] = []) throws(Stop) -> NodeID {
        let depth = 1 + (children.map { tree[$0].depth }.max() ?? 0)
        let length = max(1, previousEnd - offset)
        guard tree.nodes.count < ExpressionLimits.nodesMax else {
            report(
                "the expression has more than \(ExpressionLimits.nodesMax) parts", offset: offset, length: length,
                hint: "move parts of it to named conditions under `let:`, or long lists into several rules"
            )
            throw Stop()
        }
        guard depth <= ExpressionLimits.chainMax else {
            report(
                "the expression leans more than \(ExpressionLimits.chainMax) operators on each other",
                offset: offset, length: length
            )
            throw Stop()
        }
        return tree.append(SyntaxNode(kind: kind, offset: offset, length: length, depth: depth))
    }

    // MARK: Grammar

    /// Reads `condition`, or `condition ? then : otherwise`.
    mutating func expression() throws(Stop) -> NodeID {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= ExpressionLimits.nestingMax else {
            throw stop("the expression is nested more than \(ExpressionLimits.nestingMax) deep", at: current)
        }
        let start = current.offset
        let condition = try chain(isAnd: false)
        let question = current
        guard take(.question) else { return condition }
        let then = try expression()
        guard take(.colon) else {
            throw stop("\"?\" has no \":\"", at: question, hint: "write condition ? value : other")
        }
        let otherwise = try expression()
        let children = [condition, then, otherwise]
        return try make(.conditional(condition, then: then, otherwise: otherwise), from: start, children: children)
    }

    /// Reads the terms of one `||` chain, or of one `&&` chain inside it.
    private mutating func chain(isAnd: Bool) throws(Stop) -> NodeID {
        let start = current.offset
        var terms: [NodeID] = []
        repeat {
            terms.append(isAnd ? try negation() : try chain(isAnd: true))
        } while takeJoin(isAnd: isAnd)
        guard terms.count > 1 else { return terms[0] }
        return try make(.chain(isAnd: isAnd, terms: terms), from: start, children: terms)
    }

    private mutating func takeJoin(isAnd: Bool) -> Bool {
        if take(isAnd ? .logicalAnd : .logicalOr) || takeWord(isAnd ? "and" : "or") { return true }
        return takeLoudWord(isAnd ? "AND" : "OR", meaning: isAnd ? "and" : "or", symbol: isAnd ? "&&" : "||")
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard current.isWord(word) else { return false }
        advance()
        return true
    }

    private mutating func takeLoudWord(_ word: String, meaning: String, symbol: String) -> Bool {
        let capitalized = String(word.prefix(1)) + String(meaning.dropFirst())
        guard current.isWord(word) || current.isWord(capitalized) else { return false }
        report(
            "\(current.words) is not an operator", offset: current.offset, length: current.length,
            hint: "write \"\(meaning)\" or \"\(symbol)\""
        )
        advance()
        return true
    }

    /// Reads `not` in front of a comparison. The word binds weaker than `==` and `in`, so that
    /// `not model in ["a"]` means what it says; the sign `!` binds tightest, as CEL has it.
    private mutating func negation() throws(Stop) -> NodeID {
        var starts: [Int] = []
        while isNegation {
            starts.append(current.offset)
            if !takeWord("not") { _ = takeLoudWord("NOT", meaning: "not", symbol: "!") }
            guard starts.count <= ExpressionLimits.nestingMax else {
                throw stop("the expression is nested more than \(ExpressionLimits.nestingMax) deep", at: current)
            }
        }
        var operand = try relation()
        for start in starts.reversed() {
            operand = try make(.unary(.not, operand), from: start, children: [operand])
        }
        return operand
    }

    /// Whether a `not` here negates something: a variable of that name cannot be followed by the start of a value.
    private var isNegation: Bool {
        guard current.isWord("not") || current.isWord("NOT") || current.isWord("Not") else { return false }
        switch next.kind {
        case .identifier(let name): return !["in", "and", "or"].contains { name.hasSameScalars(as: $0) }
        case .int, .uint, .double, .string, .bytes, .symbol(.leftParenthesis), .symbol(.not): return true
        default: return false
        }
    }
}
