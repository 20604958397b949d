extension Function {
    /// The mathematics extension, without the functions on bits (cel-go, `ext/README.md`, "Math").
    static let mathematics: [Function] = [
        Function("math.greatest", isVariadic: true, extremeOverloads, .many(greatest)),
        Function("math.least", isVariadic: true, extremeOverloads, .many(least)),
        rounding("math.ceil", .up), rounding("math.floor", .down), rounding("math.trunc", .towardZero),
        rounding("math.round", .toNearestOrAwayFromZero),
        test("math.isNaN") { $0.isNaN }, test("math.isInf") { $0.isInfinite }, test("math.isFinite") { $0.isFinite },
        Function("math.abs", [([.int], .int), ([.uint], .uint), ([.double], .double)], .one(magnitude)),
        Function("math.sign", [([.int], .int), ([.uint], .uint), ([.double], .double)], .one(sign)),
        Function("math.sqrt", [([.int], .double), ([.uint], .double), ([.double], .double)], .one(squareRoot)),
    ]

    private static let extremeOverloads: [([StaticType], StaticType)] = [
        ([.int], .any), ([.uint], .any), ([.double], .any), ([.list], .any), ([.any], .any),
    ]

    private static let greatest: BodyN = { (values, budget) throws(EvaluationFault) in
        try extreme("math.greatest", of: values, .greater, &budget)
    }

    private static let least: BodyN = { (values, budget) throws(EvaluationFault) in
        try extreme("math.least", of: values, .less, &budget)
    }

    /// The number that stands in `order` to all others: of the arguments, or of the list that is the only argument. Of
    /// equal ones the first.
    private static func extreme(
        _ name: String, of values: [Value], _ order: ValueOrder, _ budget: inout StepBudget
    ) throws(EvaluationFault) -> Value {
        let numbers = values.count == 1 ? values[0].elements ?? values : values
        try budget.pay(elements: numbers.count)
        guard var found = numbers.first else { throw EvaluationFault(.argument, "\(name) got an empty list") }
        for number in numbers {
            guard number.type.isNumber else {
                throw number.isAbsent ? EvaluationFault(.absent, "") : mismatch(name, number)
            }
            if number.numericOrder(to: found) == order { found = number }
        }
        return found
    }

    private static func rounding(_ name: String, _ rule: FloatingPointRoundingRule) -> Function {
        Function(
            name, [([.double], .double)],
            .one { (value, _) throws(EvaluationFault) in
                guard case .double(let number) = value else { throw mismatch(name, value) }
                return .double(number.rounded(rule))
            })
    }

    private static func test(_ name: String, _ holds: @escaping @Sendable (Double) -> Bool) -> Function {
        Function(
            name, [([.double], .bool)],
            .one { (value, _) throws(EvaluationFault) in
                guard case .double(let number) = value else { throw mismatch(name, value) }
                return .bool(holds(number))
            })
    }

    private static let magnitude: Body1 = { (value, _) throws(EvaluationFault) in
        switch value {
        case .int(let number):
            guard number != .min else { throw EvaluationFault(.overflow, "math.abs left the range of 64 bits") }
            return .int(abs(number))
        case .uint: return value
        case .double(let number): return .double(number.magnitude)
        default: throw mismatch("math.abs", value)
        }
    }

    private static let sign: Body1 = { (value, _) throws(EvaluationFault) in
        switch value {
        case .int(let number): return .int(number.signum())
        case .uint(let number): return .uint(number > 0 ? 1 : 0)
        case .double(let number): return .double(number.isNaN ? .nan : number > 0 ? 1 : number < 0 ? -1 : 0)
        default: throw mismatch("math.sign", value)
        }
    }

    private static let squareRoot: Body1 = { (value, _) throws(EvaluationFault) in
        switch value {
        case .int(let number): return .double(Double(number).squareRoot())
        case .uint(let number): return .double(Double(number).squareRoot())
        case .double(let number): return .double(number.squareRoot())
        default: throw mismatch("math.sqrt", value)
        }
    }
}
