internal import Events

extension Function {
    /// `size`, `type`, `dyn` and the tests on texts that CEL itself has.
    static let basics: [Function] = [
        Function("size", sizeOverloads, .one(size)),
        Function("size", isMethod: true, sizeOverloads, .one(size)),
        Function("type", takesAbsent: true, [([.any], .type)], .one { value, _ in .type(value.type) }),
        Function("dyn", takesAbsent: true, [([.any], .any)], .one { value, _ in value }),
        Function("contains", isMethod: true, [([.string, .string], .bool)], .two(contains)),
        Function("startsWith", isMethod: true, [([.string, .string], .bool)], .two(startsWith)),
        Function("endsWith", isMethod: true, [([.string, .string], .bool)], .two(endsWith)),
        Function("matches", isMethod: true, [([.string, .string], .bool)], .two(matches)),
        Function("matches", [([.string, .string], .bool)], .two(matches)),
    ]

    private static let sizeOverloads: [([StaticType], StaticType)] = [
        ([.string], .int), ([.bytes], .int), ([.list], .int), ([.map], .int),
    ]

    private static let size: Body1 = { (value, budget) throws(EvaluationFault) in
        switch value {
        case .string(let text):
            try budget.pay(bytes: text.utf8.count)
            return .int(Int64(text.unicodeScalars.count))
        case .bytes(let bytes): return .int(Int64(bytes.count))
        case .list(let values): return .int(Int64(values.count))
        case .array(let values): return .int(Int64(values.count))
        case .map(let map): return .int(Int64(map.entries.count))
        case .object(let object): return .int(Int64(object.count))
        default: throw mismatch("size", value)
        }
    }

    private static let contains: Body2 = { (value, part, budget) throws(EvaluationFault) in
        .bool(try TextTest.contains.holds(value, part, &budget))
    }

    private static let startsWith: Body2 = { (value, part, budget) throws(EvaluationFault) in
        .bool(try TextTest.startsWith.holds(value, part, &budget))
    }

    private static let endsWith: Body2 = { (value, part, budget) throws(EvaluationFault) in
        .bool(try TextTest.endsWith.holds(value, part, &budget))
    }

    /// A pattern that is not written in the expression is compiled for every call, which costs as much as a thousand
    /// other steps.
    private static let matches: Body2 = { (value, pattern, budget) throws(EvaluationFault) in
        guard case .string(let text) = value, case .string(let expression) = pattern else {
            throw mismatch("matches", value, pattern)
        }
        guard budget.take(1_000) else { throw StepBudget.fault }
        let compiled: Pattern
        do {
            compiled = try Pattern(expression)
        } catch {
            throw EvaluationFault(.pattern, "a computed regular expression cannot be compiled")
        }
        return .bool(try compiled.matches(text, &budget))
    }
}
