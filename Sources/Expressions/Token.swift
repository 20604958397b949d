/// The smallest part of an expression that means something, with its place.
struct Token: Sendable {
    /// What a token is. Operators and brackets carry their own spelling.
    enum Kind: Sendable, Equatable {
        case identifier(String)
        /// A name between backquotes, legal only behind a dot: ``metadata.`x-team` ``.
        case quotedIdentifier(String)
        /// A whole number without its sign, so that the smallest one can be written.
        case int(UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case symbol(Symbol)
        case end
    }

    /// Operators and brackets.
    enum Symbol: String, Sendable, CaseIterable {
        case logicalAnd = "&&"
        case logicalOr = "||"
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case not = "!"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divide = "/"
        case modulo = "%"
        case question = "?"
        case colon = ":"
        case comma = ","
        case dot = "."
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBracket = "["
        case rightBracket = "]"
        case leftBrace = "{"
        case rightBrace = "}"
    }

    var kind: Kind
    /// Where the token begins, in scalars from the start of the expression.
    var offset: Int
    /// How many scalars it has.
    var length: Int

    var end: Int { offset + length }

    /// Whether the token is this operator or bracket.
    func isSymbol(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }

    /// Whether the token is a name spelt exactly so.
    func isWord(_ word: String) -> Bool {
        if case .identifier(let name) = kind { name.hasSameScalars(as: word) } else { false }
    }

    /// The token in the words of a message.
    var words: String {
        switch kind {
        case .identifier(let name): "\"\(name)\""
        case .quotedIdentifier(let name): "`\(name)`"
        case .int, .uint, .double: "a number"
        case .string: "a text"
        case .bytes: "bytes"
        case .symbol(let symbol): "\"\(symbol.rawValue)\""
        case .end: "the end of the expression"
        }
    }
}

/// Names that CEL keeps for itself, so that no variable can have them (langdef, "Syntax").
enum ReservedWord {
    static let all: Set<String> = [
        "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
        "namespace", "null", "package", "return", "true", "var", "void", "while",
    ]
}
