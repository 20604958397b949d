/// The values that a comparison with literals lets through, as far as is needed to see that two exclude each other.
struct AdmittedValues: Sendable {
    /// Numbers between two bounds.
    private struct Bounds: Sendable {
        var lower = -Double.infinity
        var upper = Double.infinity
        var isLowerOpen = false
        var isUpperOpen = false

        func holds(_ number: Double) -> Bool {
            (isLowerOpen ? number > lower : number >= lower) && (isUpperOpen ? number < upper : number <= upper)
        }
    }

    private enum Form: Sendable {
        case list([Value])
        case notInList([Value])
        case bounds(Bounds, isWhole: Bool)
    }

    private let form: Form

    /// Whether it is some few values, but not true or false, and nothing else.
    var isList: Bool {
        guard case .list(let values) = form else { return false }
        return !values.contains { $0.type == .bool }
    }

    /// The values of a list, or all others.
    init(_ values: [Value], isNegated: Bool) {
        form = isNegated ? .notInList(values) : .list(values)
    }

    /// What stands in a relation to a literal, or `nil` for texts before and behind others and the like.
    ///
    /// - Parameter isWhole: Whether the value compared is a whole number, so that none lies between 500 and 501.
    init?(_ relation: Relation, _ literal: Value, isWhole: Bool) {
        switch relation {
        case .equal: form = .list([literal])
        case .notEqual: form = .notInList([literal])
        default:
            guard let number = Self.number(literal) else { return nil }
            var bounds = Bounds()
            switch relation {
            case .less, .lessOrEqual: (bounds.upper, bounds.isUpperOpen) = (number, relation == .less)
            default: (bounds.lower, bounds.isLowerOpen) = (number, relation == .greater)
            }
            form = .bounds(bounds, isWhole: isWhole)
        }
    }

    /// A literal as a double, where it is exactly one.
    private static func number(_ value: Value) -> Double? {
        switch value {
        case .int(let number): Double(exactly: number)
        case .uint(let number): Double(exactly: number)
        case .double(let number): number.isNaN ? nil : number
        default: nil
        }
    }

    /// Whether no value is let through by both. `false` where that is not certain.
    func excludes(_ other: AdmittedValues) -> Bool {
        switch (form, other.form) {
        case (.list(let values), _): values.allSatisfy { !other.holds($0) }
        case (_, .list(let values)): values.allSatisfy { !holds($0) }
        case (.bounds(let left, let isWhole), .bounds(let right, _)): Self.areApart(left, right, isWhole: isWhole)
        default: false
        }
    }

    private func holds(_ value: Value) -> Bool {
        switch form {
        case .list(let values): return values.contains { $0.isEqual(to: value) }
        case .notInList(let values): return !values.contains { $0.isEqual(to: value) }
        case .bounds(let bounds, _):
            // What has no order with numbers makes the condition fail, which is not true either.
            guard value.type.isNumber else { return false }
            return Self.number(value).map(bounds.holds) ?? true
        }
    }

    private static func areApart(_ left: Bounds, _ right: Bounds, isWhole: Bool) -> Bool {
        var (lower, isLowerOpen) = (left.lower, left.isLowerOpen)
        if right.lower > lower { (lower, isLowerOpen) = (right.lower, right.isLowerOpen) }
        if right.lower == lower { isLowerOpen = isLowerOpen || right.isLowerOpen }
        var (upper, isUpperOpen) = (left.upper, left.isUpperOpen)
        if right.upper < upper { (upper, isUpperOpen) = (right.upper, right.isUpperOpen) }
        if right.upper == upper { isUpperOpen = isUpperOpen || right.isUpperOpen }
        if isWhole, lower.magnitude < 0x1p52, upper.magnitude < 0x1p52 {
            lower = isLowerOpen ? lower.rounded(.down) + 1 : lower.rounded(.up)
            upper = isUpperOpen ? upper.rounded(.up) - 1 : upper.rounded(.down)
            return lower > upper
        }
        return lower > upper || (lower == upper && (isLowerOpen || isUpperOpen))
    }
}
