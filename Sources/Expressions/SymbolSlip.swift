/// What people write for an operator by habit from other languages, and what they mean by it.
struct SymbolSlip: Sendable {
    let written: String
    /// The operator to read on with, `nil` where there is none.
    let meant: Token.Symbol?
    let hint: String

    init(_ written: String, _ meant: Token.Symbol?, _ hint: String) {
        self.written = written
        self.meant = meant
        self.hint = hint
    }

    /// Spellings that begin like an operator and must be looked for before it.
    static let longerThanOperators = [
        SymbolSlip("===", .equal, "write =="),
        SymbolSlip("!==", .notEqual, "write !="),
        SymbolSlip("<>", .notEqual, "write !="),
        SymbolSlip("**", nil, "there are no powers; write x * x"),
        SymbolSlip("??", nil, "write has(event.name) ? event.name : other"),
    ]

    /// Spellings that are left when no operator stands here.
    static let shorterThanOperators = [
        SymbolSlip("=>", .greaterOrEqual, "write >="),
        SymbolSlip("=<", .lessOrEqual, "write <="),
        SymbolSlip("=~", nil, "write name.matches(\"pattern\")"),
        SymbolSlip("=", .equal, "write == to compare"),
        SymbolSlip("&", .logicalAnd, "write \"and\" or \"&&\""),
        SymbolSlip("|", .logicalOr, "write \"or\" or \"||\""),
        SymbolSlip("≥", .greaterOrEqual, "write >="),
        SymbolSlip("≤", .lessOrEqual, "write <="),
        SymbolSlip("≠", .notEqual, "write !="),
        SymbolSlip(";", nil, "an expression has no statements; join conditions by && or and"),
    ]
}
