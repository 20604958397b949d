extension Parser {
    /// Reads comparisons and `in`, from left to right.
    mutating func relation() throws(Stop) -> NodeID {
        let start = current.offset
        var left = try arithmetic(isProduct: false)
        while let (operation, isNegated) = takeRelation() {
            let right = try arithmetic(isProduct: false)
            left = try make(.binary(operation, left, right), from: start, children: [left, right])
            if isNegated { left = try make(.unary(.not, left), from: start, children: [left]) }
        }
        return left
    }

    /// Takes a comparison, `in` or `not in`.
    private mutating func takeRelation() -> (BinaryOperator, isNegated: Bool)? {
        if current.isWord("in") {
            advance()
            return (.in, false)
        }
        if current.isWord("not"), next.isWord("in") {
            advance()
            advance()
            return (.in, true)
        }
        guard case .symbol(let symbol) = current.kind, let operation = Self.relations[symbol] else { return nil }
        advance()
        return (operation, false)
    }

    private static let relations: [Token.Symbol: BinaryOperator] = [
        .equal: .equal, .notEqual: .notEqual, .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater,
        .greaterOrEqual: .greaterOrEqual,
    ]

    /// Reads a sum, or the products it is made of.
    private mutating func arithmetic(isProduct: Bool) throws(Stop) -> NodeID {
        let start = current.offset
        var left = isProduct ? try unary() : try arithmetic(isProduct: true)
        let operations = isProduct ? Self.products : Self.sums
        while case .symbol(let symbol) = current.kind, let operation = operations[symbol] {
            advance()
            let right = isProduct ? try unary() : try arithmetic(isProduct: true)
            left = try make(.binary(operation, left, right), from: start, children: [left, right])
        }
        return left
    }

    private static let sums: [Token.Symbol: BinaryOperator] = [.plus: .add, .minus: .subtract]
    private static let products: [Token.Symbol: BinaryOperator] = [
        .times: .multiply, .divide: .divide, .modulo: .modulo,
    ]

    /// Reads `!` and `-`. A minus in front of a number belongs to the number: the smallest whole number has no
    /// positive twin.
    private mutating func unary() throws(Stop) -> NodeID {
        var signs: [(operation: UnaryOperator, token: Token)] = []
        while current.isSymbol(.not) || current.isSymbol(.minus) {
            signs.append((current.isSymbol(.not) ? .not : .negate, current))
            guard signs.count <= ExpressionLimits.nestingMax else {
                throw stop("the expression is nested more than \(ExpressionLimits.nestingMax) deep", at: current)
            }
            advance()
        }
        var operand: NodeID
        if let last = signs.last, last.operation == .negate, let literal = try negativeLiteral(from: last.token) {
            signs.removeLast()
            operand = try suffixes(of: literal, from: last.token.offset)
        } else {
            operand = try member()
        }
        for sign in signs.reversed() {
            operand = try make(.unary(sign.operation, operand), from: sign.token.offset, children: [operand])
        }
        return operand
    }

    private mutating func negativeLiteral(from minus: Token) throws(Stop) -> NodeID? {
        let value: Value
        switch current.kind {
        case .int(let magnitude):
            guard magnitude <= Int64.min.magnitude else { throw tooLarge(current) }
            value = .int(Int64(truncatingIfNeeded: 0 &- magnitude))
        case .double(let magnitude): value = .double(-magnitude)
        default: return nil
        }
        advance()
        return try make(.literal(value), from: minus.offset)
    }

    /// Reports a whole number beyond 64 bits.
    mutating func tooLarge(_ token: Token) -> Stop {
        stop(
            "the number does not fit into 64 bits", at: token,
            hint: "write it with a decimal point for a number that is only nearly exact"
        )
    }

    /// Reads a value with its selections, indexes and method calls.
    private mutating func member() throws(Stop) -> NodeID {
        // In front of a parenthesis, which the node inside does not hold.
        let start = current.offset
        return try suffixes(of: try primary(), from: start)
    }

    private mutating func suffixes(of base: NodeID, from start: Int) throws(Stop) -> NodeID {
        var operand = base
        while true {
            if take(.dot) {
                operand = try selection(of: operand, from: start)
            } else if current.isSymbol(.leftBracket) {
                let bracket = current
                advance()
                let key = try expression()
                try close(.rightBracket, opened: bracket)
                operand = try make(.index(operand: operand, index: key), from: start, children: [operand, key])
            } else {
                return operand
            }
        }
    }

    /// Reads what stands behind a dot: a field or a method call.
    private mutating func selection(of operand: NodeID, from start: Int) throws(Stop) -> NodeID {
        let token = current
        switch token.kind {
        case .quotedIdentifier(let field):
            advance()
            return try make(.select(operand: operand, field: field), from: start, children: [operand])
        case .identifier(let name):
            advance()
            guard current.isSymbol(.leftParenthesis) else {
                return try make(.select(operand: operand, field: name), from: start, children: [operand])
            }
            return try call(name, nameToken: token, receiver: operand, from: start)
        default:
            throw stop(
                "a field name is missing after \".\"", at: token,
                hint: "a name that is no plain word is written in backquotes: metadata.`x-team`"
            )
        }
    }

    /// Takes a closing bracket, or says which one is not closed.
    mutating func close(_ symbol: Token.Symbol, opened: Token) throws(Stop) {
        guard !take(symbol) else { return }
        guard current.kind != .end else { throw stop("\(opened.words) is never closed", at: opened) }
        if symbol == .rightParenthesis, current.isSymbol(.comma) {
            throw stop(
                "parentheses cannot hold a list", at: opened, hint: "a list is written in square brackets: [1, 2]"
            )
        }
        throw missingOperator(before: current, expecting: "\"\(symbol.rawValue)\"")
    }
}
