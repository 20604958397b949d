/// How two values of one order stand to each other.
package enum ValueOrder: Sendable {
    case less
    case equal
    case greater
    /// Neither: one of them is NaN.
    case unordered

    /// The order of two values of one ordered type.
    init<T: Comparable>(_ left: T, _ right: T) {
        if left < right {
            self = .less
        } else if left == right {
            self = .equal
        } else if right < left {
            self = .greater
        } else {
            self = .unordered
        }
    }
}

extension Value {
    /// CEL's order for `<` and its kin, or `nil` where the two have none: numbers across their types, texts by code
    /// points, bytes, false before true, times and durations.
    package func order(to other: Value) -> ValueOrder? {
        switch (self, other) {
        case (.int(let left), .int(let right)): ValueOrder(left, right)
        case (.double(let left), .double(let right)): ValueOrder(left, right)
        case (.string(let left), .string(let right)):
            left.hasSameScalars(as: right) ? .equal : left.precedesByScalars(right) ? .less : .greater
        case (.bytes(let left), .bytes(let right)):
            left == right ? .equal : left.lexicographicallyPrecedes(right) ? .less : .greater
        case (.bool(let left), .bool(let right)): ValueOrder(left ? 1 : 0, right ? 1 : 0)
        case (.timestamp(let left), .timestamp(let right)): ValueOrder(left, right)
        case (.duration(let left), .duration(let right)): ValueOrder(left, right)
        default: type.isNumber && other.type.isNumber ? numericOrder(to: other) : nil
        }
    }

    /// The order of two numbers across their types. An integer beside a double is rounded to the nearest double first,
    /// so the largest integer equals 2^63 (conformance file comparisons, `gte_dyn_int_big_lossy_double`).
    func numericOrder(to other: Value) -> ValueOrder {
        switch (self, other) {
        case (.int(let left), .int(let right)): ValueOrder(left, right)
        case (.uint(let left), .uint(let right)): ValueOrder(left, right)
        case (.double(let left), .double(let right)): ValueOrder(left, right)
        case (.int(let left), .uint(let right)): left < 0 ? .less : ValueOrder(UInt64(left), right)
        case (.uint(let left), .int(let right)): right < 0 ? .greater : ValueOrder(left, UInt64(right))
        case (.int(let left), .double(let right)): ValueOrder(Double(left), right)
        case (.uint(let left), .double(let right)): ValueOrder(Double(left), right)
        case (.double(let left), .int(let right)): ValueOrder(left, Double(right))
        case (.double(let left), .uint(let right)): ValueOrder(left, Double(right))
        default: .unordered
        }
    }
}
