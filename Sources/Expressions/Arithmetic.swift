/// The arithmetic operators, with an error where a result leaves its type.
///
/// One extension to CEL: a whole number and a double give a double. CEL has no overload for them, but
/// `prompt_tokens * 0.00001` is a daily wish, and no conforming expression changes its meaning.
enum Arithmetic {
    /// The type of a result, `nil` where the operator does not take the two types.
    static func resultType(_ operation: BinaryOperator, _ left: ValueType, _ right: ValueType) -> ValueType? {
        switch (operation, left, right) {
        case (.modulo, .int, .int): .int
        case (.modulo, .uint, .uint): .uint
        case (.modulo, _, _): nil
        case (_, .int, .int): .int
        case (_, .uint, .uint): .uint
        case (_, .double, .double), (_, .int, .double), (_, .double, .int): .double
        case (.add, .string, .string): .string
        case (.add, .bytes, .bytes): .bytes
        case (.add, .list, .list): .list
        case (.add, .timestamp, .duration), (.add, .duration, .timestamp), (.subtract, .timestamp, .duration):
            .timestamp
        case (.subtract, .timestamp, .timestamp), (.add, .duration, .duration), (.subtract, .duration, .duration):
            .duration
        default: nil
        }
    }

    /// The result of an operator on two values.
    static func apply(
        _ operation: BinaryOperator, _ left: Value, _ right: Value, _ budget: inout StepBudget
    ) throws(EvaluationFault) -> Value {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try whole(operation, a, b))
        case (.double(let a), .double(let b)):
            guard let result = real(operation, a, b) else { throw mismatch(operation, left, right) }
            return .double(result)
        case (.absent, _), (_, .absent): throw EvaluationFault(.absent, "")
        case (.int(let a), .double(let b)):
            guard let result = real(operation, Double(a), b) else { throw mismatch(operation, left, right) }
            return .double(result)
        case (.double(let a), .int(let b)):
            guard let result = real(operation, a, Double(b)) else { throw mismatch(operation, left, right) }
            return .double(result)
        case (.uint(let a), .uint(let b)): return .uint(try whole(operation, a, b))
        default: break
        }
        if let result = try join(operation, left, right, &budget) { return result }
        if let result = try time(operation, left, right) { return result }
        throw mismatch(operation, left, right)
    }

    /// The value with its sign turned.
    static func negate(_ value: Value) throws(EvaluationFault) -> Value {
        switch value {
        case .int(let number):
            let (result, overflow) = Int64(0).subtractingReportingOverflow(number)
            guard !overflow else { throw EvaluationFault(.overflow, "- left the range of 64-bit whole numbers") }
            return .int(result)
        case .double(let number): return .double(-number)
        case .absent: throw EvaluationFault(.absent, "")
        default: throw EvaluationFault(.type, "- does not work on \(value.type.words)")
        }
    }

    private static func mismatch(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> EvaluationFault {
        EvaluationFault(.type, "\(operation.rawValue) does not work on \(left.type.words) and \(right.type.words)")
    }

    private static func whole<I: FixedWidthInteger>(
        _ operation: BinaryOperator, _ a: I, _ b: I
    ) throws(EvaluationFault) -> I {
        let result: (partialValue: I, overflow: Bool)
        switch operation {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        default:
            guard b != 0 else {
                throw EvaluationFault(.divisionByZero, "\(operation.rawValue) divides by zero")
            }
            result =
                operation == .divide
                ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b)
        }
        guard !result.overflow else {
            throw EvaluationFault(.overflow, "\(operation.rawValue) left the range of 64-bit whole numbers")
        }
        return result.partialValue
    }

    private static func real(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Double? {
        switch operation {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        default: nil
        }
    }

    private static func join(
        _ operation: BinaryOperator, _ left: Value, _ right: Value, _ budget: inout StepBudget
    ) throws(EvaluationFault) -> Value? {
        guard operation == .add else { return nil }
        switch (left, right) {
        case (.string(let a), .string(let b)):
            try budget.pay(resultBytes: a.utf8.count + b.utf8.count)
            return .string(a + b)
        case (.bytes(let a), .bytes(let b)):
            try budget.pay(resultBytes: a.count + b.count)
            return .bytes(a + b)
        default:
            guard left.type == .list, right.type == .list, let a = left.elements, let b = right.elements
            else { return nil }
            try budget.pay(elements: a.count + b.count)
            return .list(a + b)
        }
    }

    /// A computed duration. It has to fit into 64 bits of nanoseconds, about 292 years, as in Google's implementations;
    /// a written one may be longer.
    private static func duration(_ nanoseconds: Int128) -> Value? {
        guard Int64(exactly: nanoseconds) != nil else { return nil }
        return DurationValue(totalNanoseconds: nanoseconds).map { .duration($0) }
    }

    private static func time(
        _ operation: BinaryOperator, _ left: Value, _ right: Value
    ) throws(EvaluationFault) -> Value? {
        guard operation == .add || operation == .subtract else { return nil }
        let result: Value?
        switch (left, right) {
        case (.timestamp(let a), .duration(let b)):
            let shift = operation == .add ? b.totalNanoseconds : -b.totalNanoseconds
            result = TimeValue(totalNanoseconds: a.totalNanoseconds + shift).map { .timestamp($0) }
        case (.duration(let a), .timestamp(let b)) where operation == .add:
            result = TimeValue(totalNanoseconds: a.totalNanoseconds + b.totalNanoseconds).map { .timestamp($0) }
        case (.timestamp(let a), .timestamp(let b)) where operation == .subtract:
            result = duration(a.totalNanoseconds - b.totalNanoseconds)
        case (.duration(let a), .duration(let b)):
            let shift = operation == .add ? b.totalNanoseconds : -b.totalNanoseconds
            result = duration(a.totalNanoseconds + shift)
        default: return nil
        }
        guard let result else {
            throw EvaluationFault(.overflow, "\(operation.rawValue) left the range of times or durations")
        }
        return result
    }
}
