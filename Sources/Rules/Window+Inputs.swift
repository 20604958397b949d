import Events
import Expressions

/// What a rule's window takes of an event, and how its contents are kept.
extension Window {
    /// How the contents are kept: of a count that asks for at least N no more instants than the newest N, or as many
    /// as a mail tells.
    var shape: WindowShape {
        switch measure {
        case .count: .count(within: within, newest: newest)
        case .sum: .sum(within: within)
        case .average: .average(within: within)
        case .minimum: .minimum(within: within)
        case .maximum: .maximum(within: within)
        case .percentile(_, let rank): .percentile(within: within, rank: rank)
        case .ratio: .ratio(within: within)
        case .distinct: .distinct(within: within)
        case .change(let measure, _, let against): .change(of: measure, within: within, against: against)
        case .absent: .absent(after: within)
        case .firstSeen: .firstSeen(forgetAfter: within)
        case .budget(_, let shape): .budget(shape)
        }
    }

    /// N of a threshold that holds from N on, where no other threshold needs to know more.
    private var newest: Int? {
        guard recover == nil else { return nil }
        let needed: Double
        switch threshold.comparison {
        case .atLeast: needed = threshold.limit.rounded(.up)
        case .above: needed = threshold.limit.rounded(.down) + 1
        case .below, .atMost: return nil
        }
        guard needed >= 1, needed <= Double(WindowShape.newestMax) else { return nil }
        return max(Int(needed), Self.countTold)
    }

    /// How far a count goes on beyond its threshold, so that mails can tell how many there are: 8 bytes each.
    package static let countTold = 1_000

    /// Whether time alone can make the threshold hold, so that an alert that does not fire has to be looked at when
    /// something leaves the window.
    var firesByTime: Bool {
        switch measure {
        case .count, .sum, .distinct, .maximum: threshold.comparison.isLower
        case .average, .minimum, .percentile, .ratio, .change, .absent: true
        case .firstSeen, .budget: false
        }
    }

    /// Whether a window without samples has no value, instead of 0.
    var isUnknownWhenEmpty: Bool {
        switch measure {
        case .average, .minimum, .maximum, .percentile, .ratio, .change: true
        case .count, .sum, .distinct, .absent, .firstSeen, .budget: false
        }
    }

    /// What an event gives to the window.
    enum Intake {
        /// Nothing: it does not match, or lacks what is measured.
        case nothing
        case input(WindowInput)
        /// What is measured could not be evaluated.
        case fault(String)
    }

    /// What an event gives to the window, `isMatch` being the rule's own condition.
    func intake(_ activation: Activation, isMatch: Bool) -> Intake {
        switch measure {
        case .count, .absent, .change(.count, _, _): return isMatch ? .input(.one) : .nothing
        case .ratio(let of):
            switch of?.verdict(for: activation) ?? .yes {
            case .yes: return .input(.part(isMatch: isMatch))
            case .no, .absent: return .nothing
            case .fault(let fault): return .fault(fault.message)
            }
        case .sum(let of), .average(let of), .minimum(let of), .maximum(let of), .percentile(let of, _),
            .budget(let of, _), .change(_, let of?, _):
            return isMatch ? number(of, activation) : .nothing
        case .change: return .nothing
        case .distinct(let of), .firstSeen(let of): return isMatch ? text(of, activation) : .nothing
        }
    }

    private func number(_ program: Program, _ activation: Activation) -> Intake {
        switch program.value(for: activation) {
        case .success(.int(let value)): .input(.number(Double(value)))
        case .success(.uint(let value)): .input(.number(Double(value)))
        case .success(.double(let value)): .input(.number(value))
        case .success(.absent), .success(.null): .nothing
        case .success(let value): .fault("a number is needed, but this is \(value.type.words)")
        case .failure(let fault): fault.kind == .absent ? .nothing : .fault(fault.message)
        }
    }

    private func text(_ program: Program, _ activation: Activation) -> Intake {
        switch program.value(for: activation) {
        case .success(.absent), .success(.null): .nothing
        case .success(.string(let text)): .input(.text(text))
        case .success(let value): .input(.text(String(decoding: value.encodedJSON(), as: UTF8.self)))
        case .failure(let fault): fault.kind == .absent ? .nothing : .fault(fault.message)
        }
    }
}

/// A window in words.
extension Window {
    /// The measure: `count`, `sum of cost`, `p95 of latency`.
    package var words: String {
        switch measure {
        case .count: "count"
        case .sum(let of): "sum of \(of.text)"
        case .average(let of): "average of \(of.text)"
        case .minimum(let of): "minimum of \(of.text)"
        case .maximum(let of): "maximum of \(of.text)"
        case .percentile(let of, let rank): "p\(Self.short(rank)) of \(of.text)"
        case .ratio(let of): of.map { "share among \($0.text)" } ?? "share"
        case .distinct(let of): "different values of \(of.text)"
        case .change(let measure, let of, _): of.map { "\(measure.rawValue) of \($0.text)" } ?? "count"
        case .absent: "time without a match"
        case .firstSeen(let of): "new values of \(of.text)"
        case .budget(let of, _): "budget of \(of.text)"
        }
    }

    /// The threshold: `at least 5`, `above 5%`, `above 3x`.
    package var thresholdWords: String {
        switch measure {
        case .absent: "for \(within.written)"
        case .firstSeen: "never seen before"
        case .budget(_, let shape): "limit \(Self.short(shape.limit)) per \(shape.period.rawValue)"
        case .ratio: "\(threshold.comparison.words) \(Self.short(threshold.limit * 100))%"
        case .change: "\(threshold.comparison.words) \(Self.short(threshold.limit))x"
        default: "\(threshold.comparison.words) \(Self.short(threshold.limit))"
        }
    }

    /// A number without a fraction that is none.
    private static func short(_ number: Double) -> String {
        if let whole = Int64(exactly: number) { return String(whole) }
        let rounded = (number * 1e9).rounded() / 1e9
        return Int64(exactly: rounded).map { String($0) } ?? String(rounded)
    }
}
