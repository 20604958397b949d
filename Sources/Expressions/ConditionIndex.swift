/// Which of many conditions an event may make true or faulty, found without evaluating the others.
///
/// Every condition is filed under one term of its outermost `&&` that a single fact decides: an equality, a flag or a
/// bound. What is filed under nothing is always a candidate. The candidates hold every condition whose verdict is not
/// "no" or "absent"; evaluating only them gives the same matches and faults as evaluating all.
package struct ConditionIndex: Sendable {
    /// Conditions by the literal that a fact must be.
    private struct Equalities: Sendable {
        let slot: Int
        var table: [LiteralKey: [Int32]] = [:]
    }

    /// Conditions by the least number that a fact must be, ascending, or by the greatest, descending.
    fileprivate struct Bounds: Sendable {
        let slot: Int
        let isUpper: Bool
        var limits: [Double] = []
        var conditions: [Int32] = []
    }

    /// Conditions that need a flag.
    private struct Flags: Sendable {
        let slot: Int
        var conditions: [Int32] = []
    }

    private var equalities: [Equalities] = []
    private var bounds: [Bounds] = []
    private var flags: [Flags] = []
    /// The conditions that are always candidates, a bit each.
    private var always: [UInt64]

    /// - Parameter conditions: `nil` for one that is always a candidate.
    package init(_ conditions: [Program?]) {
        always = Array(repeating: 0, count: (conditions.count + 63) / 64)
        var equalities: [Int: Equalities] = [:]
        var flags: [Int: Flags] = [:]
        var bounds: [Int: [(limit: Double, condition: Int32, isUpper: Bool)]] = [:]
        for (index, condition) in conditions.enumerated() {
            let number = Int32(index)
            switch condition.flatMap(\.guardingTerm) {
            case .equal(let slot, let literals):
                for literal in Set(literals) {
                    equalities[slot, default: Equalities(slot: slot)].table[literal, default: []].append(number)
                }
            case .isTrue(let slot): flags[slot, default: Flags(slot: slot)].conditions.append(number)
            case .bound(let slot, let limit, let isUpper): bounds[slot, default: []].append((limit, number, isUpper))
            case nil: always[index / 64] |= 1 << UInt64(index % 64)
            }
        }
        self.equalities = equalities.sorted { $0.key < $1.key }.map(\.value)
        self.flags = flags.sorted { $0.key < $1.key }.map(\.value)
        for (slot, filed) in bounds.sorted(by: { $0.key < $1.key }) {
            for isUpper in [false, true] {
                let sorted = filed.filter { $0.isUpper == isUpper }
                    .sorted { isUpper ? $0.limit > $1.limit : $0.limit < $1.limit }
                guard !sorted.isEmpty else { continue }
                self.bounds.append(
                    Bounds(
                        slot: slot, isUpper: isUpper, limits: sorted.map(\.limit),
                        conditions: sorted.map(\.condition)))
            }
        }
    }

    /// The candidates of an event, a bit each, the first condition in the lowest bit of the first word.
    private func bits(for activation: Activation) -> [UInt64] {
        let slots = activation.values.slots
        var bits = always
        for filed in equalities {
            guard let key = LiteralKey(slots[filed.slot]), let conditions = filed.table[key] else { continue }
            Self.set(conditions[...], in: &bits)
        }
        for filed in flags {
            if case .bool(false) = slots[filed.slot] { continue }
            Self.set(filed.conditions[...], in: &bits)
        }
        for filed in bounds {
            Self.set(filed.conditions[..<filed.count(for: slots[filed.slot])], in: &bits)
        }
        return bits
    }

    /// Calls `body` with the number of every candidate, ascending.
    package func forEachCandidate(of activation: Activation, _ body: (Int) -> Void) {
        for (word, bits) in bits(for: activation).enumerated() {
            var rest = bits
            while rest != 0 {
                body(word * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    private static func set(_ conditions: ArraySlice<Int32>, in bits: inout [UInt64]) {
        for condition in conditions { bits[Int(condition) / 64] |= 1 << UInt64(condition % 64) }
    }
}

extension ConditionIndex.Bounds {
    /// How many of the conditions a value may fulfil. What is no number may make any of them faulty, and an absent one
    /// leaves the word to the other terms.
    fileprivate func count(for value: Value) -> Int {
        let number: Double
        switch value {
        case .int(let whole):
            // Beyond 2⁵³ a double may lie on the other side of a limit than the number itself.
            guard let exact = Double(exactly: whole) else { return conditions.count }
            number = exact
        case .double(let fraction) where !fraction.isNaN: number = fraction
        default: return conditions.count
        }
        var low = 0
        var high = limits.count
        while low < high {
            let middle = (low + high) / 2
            if isUpper ? limits[middle] >= number : limits[middle] <= number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Program {
    /// The term that files the condition.
    var guardingTerm: ConditionGuard? { ConditionGuard(plan) }
}
