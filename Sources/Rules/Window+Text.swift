import Events
import Expressions

/// A window as the file has it, in one spelling.
extension Window {
    /// The key that the window stands under.
    package var kind: WindowKind {
        switch measure {
        case .count: .count
        case .sum: .sum
        case .average: .average
        case .minimum: .minimum
        case .maximum: .maximum
        case .percentile: .percentile
        case .ratio: .ratio
        case .distinct: .distinct
        case .absent: .absent
        case .change: .change
        case .firstSeen: .firstSeen
        case .budget: .budget
        }
    }

    /// The key and its values, for mails: `count: {at_least: 5, within: 10m}`.
    package var text: String { "\(kind.rawValue): \(JSONText.plain(.object(normal)))" }

    /// What stands under the key.
    var normal: JSONObject {
        var object = JSONObject()
        switch measure {
        case .count: break
        case .sum(let of), .average(let of), .minimum(let of), .maximum(let of), .distinct(let of):
            object["of"] = .string(of.text)
        case .percentile(let of, let rank):
            object["of"] = .string(of.text)
            object["p"] = ThresholdUnit.plain(rank)
        case .ratio(let of): object["of"] = of.map { .string($0.text) }
        case .change(let measure, let value, _):
            object["of"] = .string("\(measure.word)(\(value?.text ?? ""))")
        case .absent(let isArmedAtStart):
            object["for"] = .string(within.written)
            if isArmedAtStart { object["armed"] = .string("at_start") }
            return object
        case .firstSeen(let of):
            object["of"] = .string(of.text)
            object["forget_after"] = .string(within.written)
            return object
        case .budget(let of, let shape):
            object["of"] = .string(of.text)
            object["limit"] = ThresholdUnit.plain(shape.limit)
            object["period"] = .string(shape.period.rawValue)
            object["burn"] = .array(shape.burn.map { ThresholdUnit.plain($0) })
            return object
        }
        object[threshold.comparison.rawValue] = kind.unit.written(threshold.limit)
        object["within"] = .string(within.written)
        if case .change(_, _, let against) = measure { object["against"] = .string(against.written) }
        return object
    }

    /// The keys beside the window that decide when an alert begins and ends, what has its default left out.
    var deciding: JSONObject {
        var object = JSONObject()
        if samplesMin != kind.samplesMinStandard { object["min_samples"] = .int(Int64(samplesMin)) }
        if holdFor != .zero { object["for"] = .string(holdFor.written) }
        if let recover {
            object["recover"] = .object(
                JSONObject([(recover.comparison.rawValue, kind.unit.written(recover.limit))]))
        }
        if keepFiringFor != .zero { object["keep_firing_for"] = .string(keepFiringFor.written) }
        if noData != .close { object["no_data"] = .string(noData.rawValue) }
        if clock != .received { object["clock"] = .string(clock.rawValue) }
        return object
    }

    /// The keys beside the window that say what is told of an alert.
    ///
    /// - Parameter hasDigest: Whether the rule has a digest, which is not reminded of.
    func telling(hasDigest: Bool) -> JSONObject {
        var object = JSONObject()
        if !resolves { object["resolve"] = .bool(false) }
        if remind != Self.remindStandard(hasDigest: hasDigest) {
            object["remind"] = .string(remind?.written ?? "never")
        }
        if let escalation {
            object["escalate"] = .object(
                JSONObject([
                    ("after", .int(Int64(escalation.reminders))),
                    ("notify", .array(escalation.recipients.map { .string($0.name) })),
                ]))
        }
        return object
    }

    /// `remind` where the file does not say: every four hours, and never of what a digest tells.
    static func remindStandard(hasDigest: Bool) -> Duration? { hasDigest ? nil : .seconds(4 * 3_600) }

    /// What an expression mentions that measures the events.
    var expressions: [String] {
        switch measure {
        case .count, .absent: []
        case .ratio(let of): of.map { [$0.text] } ?? []
        case .change(_, let value, _): value.map { [$0.text] } ?? []
        case .sum(let of), .average(let of), .minimum(let of), .maximum(let of), .percentile(let of, _),
            .distinct(let of), .firstSeen(let of), .budget(let of, _):
            [of.text]
        }
    }
}

extension ChangeMeasure {
    /// The word in the file.
    var word: String { self == .average ? "avg" : rawValue }
}
