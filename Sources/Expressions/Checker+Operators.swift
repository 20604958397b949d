extension Checker {
    /// Refuses what cannot be true or false where truth is needed.
    mutating func expectTruth(_ id: NodeID, of place: String) {
        guard let type = types[id].valueType, type != .bool else { return }
        let text = tree.text(of: id)
        var hint: String?
        switch type {
        case .int, .uint, .double: hint = "compare it: \(text) > 0"
        case .string: hint = "compare it: \(text) == \"…\", or ask has(\(text))"
        default: break
        }
        if case .literal = tree[id].kind { hint = nil }
        report("\(place) needs true or false, but \(words(id)) is \(type.words)", at: id, hint: hint)
    }

    /// Checks the terms of `&&` or `||`.
    mutating func checkChain(_ id: NodeID, isAnd: Bool, _ terms: [NodeID]) {
        types[id] = .bool
        for (position, term) in terms.enumerated() {
            check(term)
            guard let type = types[term].valueType, type != .bool else { continue }
            if !isAnd, position > 0, case .literal = tree[term].kind,
                case .binary(.equal, let left, let right) = tree[terms[0]].kind
            {
                let literals = [right] + terms[1...]
                let isList = literals.allSatisfy { if case .literal = tree[$0].kind { true } else { false } }
                let list = literals.map { tree.text(of: $0) }.joined(separator: ", ")
                report(
                    "|| needs true or false, but \(words(term)) is \(type.words)", at: term,
                    hint: isList ? "write \(tree.text(of: left)) in [\(list)]" : nil
                )
            } else {
                expectTruth(term, of: isAnd ? "&&" : "||")
            }
        }
        warnOfContradictions(id, isAnd: isAnd)
    }

    /// Checks `!` and the sign.
    mutating func checkUnary(_ id: NodeID, _ operation: UnaryOperator, _ operand: NodeID) {
        check(operand)
        switch operation {
        case .not:
            types[id] = .bool
            guard let type = types[operand].valueType, type != .bool else { return }
            report(
                "! needs true or false, but \(words(operand)) is \(type.words)", at: operand,
                hint: "to negate a comparison, put it into parentheses: !(a == b)"
            )
        case .negate:
            types[id] = types[operand]
            guard let type = types[operand].valueType, ![.int, .double].contains(type) else { return }
            report("- needs a number, but \(words(operand)) is \(type.words)", at: operand)
        }
    }

    /// Checks an operator with two sides.
    mutating func checkBinary(_ id: NodeID, _ operation: BinaryOperator, _ left: NodeID, _ right: NodeID) {
        checkSide(left, beside: nil)
        checkSide(right, beside: left)
        if operation.isArithmetic {
            types[id] = checkArithmetic(id, operation, left, right)
            return
        }
        types[id] = .bool
        switch operation {
        case .in: checkMembership(left, right)
        case .equal, .notEqual:
            checkEquality(operation, left, right)
            if operation == .notEqual { noteInequality(id, left, right) }
        default: checkOrder(operation, left, right)
        }
    }

    /// Checks one side; a bare unknown name beside a text is probably a text without its quotes, but not beside one
    /// that has them.
    private mutating func checkSide(_ id: NodeID, beside other: NodeID?) {
        let expected = other.map { expectedType(beside: $0) } ?? .any
        switch tree[id].kind {
        case .name(let name, let isAbsolute): checkName(id, name, isAbsolute: isAbsolute, expected: expected)
        case .binary(.subtract, _, _) where expected == .string && environment.isChecked && isOneWord(id):
            report(unquoted: tree.text(of: id), at: id)
            types[id] = .string
        case .list(let elements):
            for element in elements { checkSide(element, beside: other) }
            types[id] = .list
        default: check(id)
        }
    }

    /// Whether a difference reads as one word, as `failed-calls` does: beside a text it is one without its quotes.
    private func isOneWord(_ id: NodeID) -> Bool {
        tree.text(of: id).unicodeScalars.allSatisfy { Lexer.continuesName($0) || $0 == "-" || $0 == "." }
    }

    private func expectedType(beside other: NodeID) -> StaticType {
        if case .literal = tree[other].kind { .any } else { types[other] }
    }

    private func areComparable(_ left: ValueType, _ right: ValueType) -> Bool {
        left == right || (left.isNumber && right.isNumber) || left == .null || right == .null
    }

    /// How `right` would have to be written to be comparable with `left`, where that can be said.
    private func repair(_ literal: NodeID, as type: ValueType) -> String? {
        guard case .literal(let value) = tree[literal].kind else { return nil }
        switch (value, type) {
        case (.string(let text), .int): return Int64(text).map { String($0) }
        case (.string(let text), .double): return NumberForm.double(text).map { $0.isFinite ? text : "" }
        case (.string("true"), .bool), (.string("True"), .bool): return "true"
        case (.string("false"), .bool), (.string("False"), .bool): return "false"
        case (.int(1), .bool): return "true"
        case (.int(0), .bool): return "false"
        case (.int, .string), (.double, .string), (.bool, .string): return "\"\(tree.text(of: literal))\""
        case (.string, .timestamp): return "timestamp(\(tree.text(of: literal)))"
        case (.string, .duration): return "duration(\(tree.text(of: literal)))"
        default: return nil
        }
    }

    private func hint(_ operation: BinaryOperator, _ left: NodeID, _ right: NodeID) -> String? {
        guard let leftType = types[left].valueType, let rightType = types[right].valueType else { return nil }
        let (leftText, rightText) = (tree.text(of: left), tree.text(of: right))
        if case .literal(.string("")) = tree[right].kind, leftType != .string {
            return operation == .notEqual
                ? "to ask whether it is there, write has(\(leftText))"
                : "to ask whether it is missing, write !has(\(leftText))"
        }
        // The status code is what people mean who compare the status, a word, with a number.
        if leftText == "status", case .literal(.int) = tree[right].kind {
            return "write status_code \(operation.rawValue) \(rightText)"
        }
        if let repaired = repair(right, as: leftType), !repaired.isEmpty {
            return "write \(leftText) \(operation.rawValue) \(repaired)"
        }
        if let repaired = repair(left, as: rightType), !repaired.isEmpty {
            return "write \(repaired) \(operation.rawValue) \(rightText)"
        }
        return nil
    }

    private mutating func checkEquality(_ operation: BinaryOperator, _ left: NodeID, _ right: NodeID) {
        guard let leftType = types[left].valueType, let rightType = types[right].valueType,
            !areComparable(leftType, rightType)
        else { return }
        report(
            "\(words(left)) is \(leftType.words) and \(words(right)) is \(rightType.words): they are never equal",
            at: right, hint: hint(operation, left, right)
        )
    }

    private mutating func checkOrder(_ operation: BinaryOperator, _ left: NodeID, _ right: NodeID) {
        if case .binary(let inner, let a, let b) = tree[left].kind, inner.isOrder, types[right] != .bool {
            let texts = [a, b, right].map { tree.text(of: $0) }
            report(
                "comparisons cannot be chained", at: left,
                hint: "write \(texts[0]) \(inner.rawValue) \(texts[1]) && "
                    + "\(texts[1]) \(operation.rawValue) \(texts[2])"
            )
            return
        }
        for side in [left, right] {
            guard let type = types[side].valueType, [.null, .list, .map, .type].contains(type) else { continue }
            report("\(operation.rawValue) cannot order \(type.words)", at: side)
            return
        }
        guard let leftType = types[left].valueType, let rightType = types[right].valueType,
            !areComparable(leftType, rightType)
        else { return }
        report(
            "\(words(left)) is \(leftType.words), but \(words(right)) is \(rightType.words)", at: right,
            hint: hint(operation, left, right)
        )
    }

    private mutating func checkMembership(_ left: NodeID, _ right: NodeID) {
        if case .unary(.not, let negated) = tree[left].kind, types[negated] != .bool, types[negated] != .any { return }
        if let type = types[right].valueType, type != .list, type != .map {
            let isText = type == .string
            report(
                "in needs a list or a map on its right, but \(words(right)) is \(type.words)", at: right,
                hint: isText ? "to look into a text, write \(tree.text(of: right)).contains(…)" : nil
            )
            return
        }
        guard let type = types[left].valueType, case .list(let elements) = tree[right].kind else { return }
        if case .literal = tree[left].kind, elements.contains(where: { types[$0].fits(.known(type)) }) { return }
        for element in elements {
            guard let other = types[element].valueType, !areComparable(type, other) else { continue }
            let repaired = repair(element, as: type)
            report(
                "\(words(left)) is \(type.words), but \(words(element)) in the list is \(other.words)", at: element,
                hint: repaired.map { "write \($0)" }
            )
        }
    }

    private mutating func noteInequality(_ id: NodeID, _ left: NodeID, _ right: NodeID) {
        for (side, other) in [(left, right), (right, left)] {
            guard case .host(let host) = meanings[side], host.mayBeAbsent, types[side].valueType?.isNumber == true
            else { continue }
            if case .literal(.null) = tree[other].kind { continue }
            inequalities.append(Inequality(node: id, fact: host.name))
            return
        }
    }

    /// The type of an arithmetic result; reports operands that no overload takes.
    private mutating func checkArithmetic(
        _ id: NodeID, _ operation: BinaryOperator, _ left: NodeID, _ right: NodeID
    ) -> StaticType {
        guard let leftType = types[left].valueType, let rightType = types[right].valueType else { return .any }
        if let result = Arithmetic.resultType(operation, leftType, rightType) { return .known(result) }
        var hint: String?
        if operation == .add, leftType == .string || rightType == .string {
            let (side, type) = leftType == .string ? (right, rightType) : (left, leftType)
            if type != .string { hint = "write string(\(tree.text(of: side)))" }
        }
        report(
            "\(operation.rawValue) does not work on \(leftType.words) and \(rightType.words)", at: id, hint: hint
        )
        return .any
    }
}
