import Events
import Expressions

/// How the limit of a measure is written, and which values the measure can have.
enum ThresholdUnit {
    /// A number in the unit of what is measured; any value can come.
    case number
    /// A whole number from 0 on.
    case count
    /// A share from 0 to 1, written `5%` or `0.05`.
    case share
    /// A quotient from 0 on, written `3x` or `3`.
    case factor

    /// What has the value, for messages.
    var subject: String {
        switch self {
        case .number: "a number"
        case .count: "a count"
        case .share: "a share"
        case .factor: "a quotient"
        }
    }

    /// The values that can come; `nil` for no bound.
    private var bounds: (lower: Double?, upper: Double?) {
        switch self {
        case .number: (nil, nil)
        case .count, .factor: (0, nil)
        case .share: (0, 1)
        }
    }

    /// Whether a threshold holds of every value that can come, or of none; `nil` where it depends.
    func foregone(_ threshold: Threshold) -> Bool? {
        let (lower, upper) = bounds
        let limit = threshold.limit
        // What stands at the far end of the values decides about all of them.
        switch threshold.comparison {
        case .above, .atLeast:
            if let lower, threshold.holds(lower) { return true }
            if let upper, !threshold.holds(upper) { return false }
        case .below, .atMost:
            if let lower, !threshold.holds(lower) { return false }
            if let upper, threshold.holds(upper) { return true }
        }
        return self == .number && limit.magnitude > WindowShape.magnitudeMax ? false : nil
    }

    /// A limit as the file has it, in one spelling that reads back as the same number.
    func written(_ limit: Double) -> JSONValue {
        switch self {
        case .number, .count: return Self.plain(limit)
        case .factor: return .string("\(Self.text(limit))x")
        case .share:
            let percent = (limit * 1e11).rounded() / 1e9
            return percent / 100 == limit ? .string("\(Self.text(percent))%") : .double(limit)
        }
    }

    /// A number as JSON has it, without a fraction that is none.
    static func plain(_ number: Double) -> JSONValue {
        Int64(exactly: number).map { .int($0) } ?? .double(number)
    }

    /// The same as text.
    static func text(_ number: Double) -> String {
        Int64(exactly: number).map { String($0) } ?? String(number)
    }
}

extension RuleSetReader {
    /// Reads the one limit of a mapping.
    ///
    /// - Parameter example: How the mapping is written, for the hint where there is no limit.
    func threshold(_ reader: MappingReader, _ unit: ThresholdUnit, example: String) -> Threshold? {
        let comparisons = Threshold.Comparison.allCases
        let names = comparisons.map(\.rawValue)
        let present = reader.all.filter { names.contains($0.key) }
        let entries = comparisons.compactMap { comparison in
            reader.entry(comparison.rawValue).map { (comparison, $0) }
        }
        guard !present.isEmpty else {
            // Where the word is only misspelt, that is said of the word.
            if !reader.all.contains(where: { Suggestion.nearest(to: $0.key, among: names) != nil }) {
                sink.error(
                    at: reader.node.range, "\(reader.subject) has no limit",
                    hint: "write above, at_least, below or at_most, as in `\(example)`")
            }
            return nil
        }
        if present.count > 1 {
            sink.error(
                at: present[1].keyRange,
                "\(reader.subject) has two limits, '\(present[0].key)' and '\(present[1].key)'",
                hint: "keep one of them")
            return nil
        }
        guard let (comparison, entry) = entries.first,
            let limit = limit(entry.value, "'\(comparison.rawValue)'", unit)
        else { return nil }
        let threshold = Threshold(comparison, limit)
        if let always = unit.foregone(threshold) {
            let written = JSONText.plain(unit.written(limit))
            sink.error(
                at: entry.value.range,
                "\(unit.subject) is \(always ? "always" : "never") \(comparison.words) \(written)",
                hint: "as in `\(example)`")
            return nil
        }
        return threshold
    }

    private func limit(_ node: YAMLNode, _ name: String, _ unit: ThresholdUnit) -> Double? {
        switch unit {
        case .number: return values.number(node, name)
        case .count: return values.wholeNumber(node, name, within: 0...1_000_000_000_000).map { Double($0) }
        case .share:
            if let percent = suffixed(node, "%") { return percent / 100 }
            guard let share = values.number(node, name, hint: "write a share of all, as in `5%`") else { return nil }
            guard share < 1 else {
                sink.error(
                    at: node.range,
                    "\(name) is a share: \(ThresholdUnit.text(share)) would be "
                        + "\(ThresholdUnit.text(share * 100)) %",
                    hint: "write `\(ThresholdUnit.text(share))%`")
                return nil
            }
            return share
        case .factor:
            return suffixed(node, "x") ?? values.number(node, name, hint: "write how many times as much, as in `3x`")
        }
    }

    /// A number with a sign of its unit behind it.
    private func suffixed(_ node: YAMLNode, _ suffix: Unicode.Scalar) -> Double? {
        guard case .scalar(let scalar) = node.content, scalar.text.unicodeScalars.last == suffix else { return nil }
        var digits = scalar.text.unicodeScalars.dropLast()
        while digits.last == " " { digits.removeLast() }
        let isNumber = digits.allSatisfy { ("0"..."9").contains($0) || [".", "e", "-", "+"].contains($0) }
        guard isNumber, let value = Double(String(digits)), value.isFinite else { return nil }
        return value
    }
}
