extension Parser {
    /// Reads a literal, a name, a call, a list, a map or something in parentheses.
    mutating func primary() throws(Stop) -> NodeID {
        let token = current
        switch token.kind {
        case .int(let magnitude):
            guard let value = Int64(exactly: magnitude) else { throw tooLarge(token) }
            return try literal(.int(value))
        case .uint(let value): return try literal(.uint(value))
        case .double(let value): return try literal(.double(value))
        case .string(let value): return try literal(.string(value))
        case .bytes(let value): return try literal(.bytes(value))
        case .identifier(let name): return try nameOrCall(name, token: token, isAbsolute: false)
        case .symbol(.dot):
            advance()
            guard case .identifier(let name) = current.kind else {
                throw stop("a name is missing after \".\"", at: current)
            }
            return try nameOrCall(name, token: current, isAbsolute: true)
        case .symbol(.leftParenthesis):
            advance()
            let inner = try expression()
            try close(.rightParenthesis, opened: token)
            return inner
        case .symbol(.leftBracket): return try list()
        case .symbol(.leftBrace): return try map()
        case .quotedIdentifier:
            throw stop("backquotes are for names behind a dot", at: token, hint: "write event.\(token.words)")
        case .symbol, .end: throw missingValue()
        }
    }

    private mutating func literal(_ value: Value) throws(Stop) -> NodeID {
        let start = current.offset
        advance()
        return try make(.literal(value), from: start)
    }

    private mutating func nameOrCall(_ name: String, token: Token, isAbsolute: Bool) throws(Stop) -> NodeID {
        switch name {
        case "true" where !isAbsolute: return try literal(.bool(true))
        case "false" where !isAbsolute: return try literal(.bool(false))
        case "null" where !isAbsolute: return try literal(.null)
        default: break
        }
        if next.isSymbol(.leftParenthesis) {
            advance()
            return try call(name, nameToken: token, receiver: nil, from: token.offset)
        }
        guard !ReservedWord.all.contains(name) else {
            throw stop(
                "\"\(name)\" is a reserved word and cannot be a name here", at: token,
                hint: "a field of that name is reached by event[\"\(name)\"]"
            )
        }
        advance()
        return try make(.name(name, isAbsolute: isAbsolute), from: token.offset)
    }

    private mutating func list() throws(Stop) -> NodeID {
        let bracket = current
        advance()
        var elements: [NodeID] = []
        while !current.isSymbol(.rightBracket) {
            elements.append(try expression())
            guard take(.comma) else { break }
        }
        try close(.rightBracket, opened: bracket)
        return try make(.list(elements), from: bracket.offset, children: elements)
    }

    private mutating func map() throws(Stop) -> NodeID {
        let brace = current
        advance()
        var entries: [(key: NodeID, value: NodeID)] = []
        while !current.isSymbol(.rightBrace) {
            let key = try expression()
            guard take(.colon) else {
                throw stop("a map entry needs \":\" between key and value", at: current, hint: "write {\"key\": value}")
            }
            entries.append((key, try expression()))
            guard take(.comma) else { break }
        }
        try close(.rightBrace, opened: brace)
        return try make(.map(entries), from: brace.offset, children: entries.flatMap { [$0.key, $0.value] })
    }

    /// Reads the arguments of a call whose name was taken, and expands it if it is a macro.
    mutating func call(_ name: String, nameToken: Token, receiver: NodeID?, from start: Int) throws(Stop) -> NodeID {
        let parenthesis = current
        advance()
        let isWalk = receiver != nil && Comprehension.Kind(name: name) != nil
        macroNesting += isWalk ? 1 : 0
        defer { macroNesting -= isWalk ? 1 : 0 }
        if isWalk, macroNesting > ExpressionLimits.macroNestingMax {
            throw stop(
                "\(name) stands inside more than \(ExpressionLimits.macroNestingMax - 1) other such macro",
                at: nameToken,
                hint: "bind the inner result to a name first: cel.bind(name, value, …)"
            )
        }
        var arguments: [NodeID] = []
        while !current.isSymbol(.rightParenthesis) {
            arguments.append(try expression())
            guard take(.comma) else { break }
        }
        try close(.rightParenthesis, opened: parenthesis)
        let call = MacroCall(name: name, token: nameToken, receiver: receiver, arguments: arguments, offset: start)
        if let expanded = try expand(call) { return expanded }
        let children = (receiver.map { [$0] } ?? []) + arguments
        let function = FunctionCall(
            name: name, nameOffset: nameToken.offset, receiver: receiver, arguments: arguments
        )
        return try make(.call(function), from: start, children: children)
    }

    // MARK: What is missing

    /// Reports that a value should stand where the current token is.
    private mutating func missingValue() -> Stop {
        let token = current
        guard index > 0 else { return stop("an expression cannot begin with \(token.words)", at: token) }
        let before = tokens[index - 1]
        if token.kind == .end || before.isSymbol(.comma) == false {
            let place = token.kind == .end ? before : token
            return stop("a value is missing after \(before.words)", at: place)
        }
        return stop("a value is missing before \(token.words)", at: token)
    }

    /// Reports what stands behind a complete expression.
    mutating func trailing() -> Stop {
        switch current.kind {
        case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace):
            stop("nothing is open that \(current.words) could close", at: current)
        default: missingOperator(before: current, expecting: "an operator")
        }
    }

    /// Reports two values side by side, with the spelling of what was probably meant.
    mutating func missingOperator(before token: Token, expecting expected: String) -> Stop {
        var hint: String?
        if case .identifier(let name) = token.kind {
            if ["contains", "startsWith", "endsWith", "matches"].contains(where: { name.hasSameScalars(as: $0) }) {
                hint = "write name.\(name)(\"…\")"
            } else if ["is", "equals", "eq"].contains(where: { name.hasSameScalars(as: $0) }) {
                hint = "write == to compare"
            } else if name.hasSameScalars(as: "like") {
                hint = "write name.contains(\"…\") or name.matches(\"…\")"
            }
        }
        let found = token.kind == .end ? "the expression ends" : "found \(token.words)"
        if hint == nil, let slip = operatorSlip(at: token) {
            return stop("\(slip.token.words) is not an operator; did you mean \"\(slip.meant)\"?", at: slip.token)
        }
        return stop("expected \(expected), \(found)", at: token, hint: hint)
    }

    /// A word here, or the one before, that was likely meant to be an operator: `adn`, `nto`.
    private func operatorSlip(at token: Token) -> (token: Token, meant: String)? {
        if case .identifier(let name) = token.kind, let meant = Self.operators(near: name) { return (token, meant) }
        guard index > 0, case .identifier(let name) = tokens[index - 1].kind,
            Self.operators(near: name) == "not", index == 1 || !tokens[index - 2].isSymbol(.dot)
        else { return nil }
        return (tokens[index - 1], "not")
    }

    /// The operator in letters that a word is one slip away from. Words of two letters are too near to too many.
    private static func operators(near word: String) -> String? {
        switch word.lowercased() {
        case "an", "ad", "nd": "and"
        case "ro": "or"
        case "nt": "not"
        default: word.utf8.count < 3 ? nil : Suggestion.nearest(to: word, among: ["and", "or", "in", "not"])
        }
    }
}
