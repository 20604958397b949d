import Events
import Rules

/// A summary: what was gathered instead of mailed one by one, line by line, and what is beyond the lines.
struct SummaryStory {
    /// One line of the table.
    struct Line {
        let count: String
        /// Which rule and group, and what happened.
        let title: String
        /// The normalised error text, or `nil`.
        let error: String?
        /// One error text as it came, or `nil`.
        let sample: String?
        /// Cost, times and newest event.
        let detail: String
        /// The address of that event's log, or `nil`.
        let log: String?
    }

    let headline: String
    let sentence: String
    let lines: [Line]
    private(set) var texts: [String: String] = [:]

    private let summary: SummaryFigures

    /// `nil` for what is no summary.
    ///
    /// - Parameter samples: Error texts by their normalised form.
    init?(_ notification: Notification, _ matchNoun: MatchNoun, samples: [String: String] = [:]) {
        guard let summary = notification.figures.summary else { return nil }
        self.summary = summary
        let areMatches = summary.lines.allSatisfy { $0.reason == .matched }
        let own = notification.reason == .digest ? matchNoun : .matches
        let noun: MatchNoun = areMatches ? own : .notices
        let counted = noun.counted(Int64(summary.count))
        let rules = Self.rules(summary)
        let kinds = Self.kinds(summary)
        let cost = Self.cost(summary)
        let recipient = summary.recipient.flatMap { OwnText.line($0, scalarsMax: 80) } ?? "the recipient"
        switch notification.reason {
        case .quietEnded:
            headline = "\(counted) of \(rules)"
            sentence = "\(counted) of \(rules) were held back during the quiet hours of \(recipient)."
        case .overflow:
            headline = "\(counted) of \(rules)"
            sentence = "\(counted) of \(rules) were held back, because `at_most` had no room for them."
        default:
            headline = "digest: \(counted)\(kinds.map { " in \($0)" } ?? "")\(cost.map { ", \($0)" } ?? "")"
            sentence = "\(counted)\(kinds.map { " in \($0)" } ?? "") since the last digest."
        }
        let isOneRule = summary.lines.allSatisfy { $0.rule == notification.rule }
        let order =
            notification.reason == .digest
            ? summary.lines.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
                .map(\.element) : summary.lines
        lines = order.map { line in
            let log = line.event.flatMap { notification.figures.address(ofLog: $0) }
            return Self.line(line, noun, samples, log: log, namesRule: !isOneRule, at: notification.at)
        }
        addTexts(counted, cost, at: notification.at)
        texts["withheld_line"] = WithheldLine.text(notification.figures.withheld)
    }

    private mutating func addTexts(_ counted: String, _ cost: String?, at end: Timestamp) {
        texts["total_count"] = FigureText.grouped(Int64(summary.count))
        texts["total_cost"] = cost
        let range = TimeText.range(summary.from, summary.to, near: end)
        texts["summary_total"] = "All together: \(counted)\(cost.map { ", \($0)" } ?? ""), \(range)."
        guard summary.otherCount > 0 else { return }
        let rest = FigureText.grouped(Int64(summary.otherCount))
        texts["summary_rest"] =
            "\(rest) more \(summary.otherCount == 1 ? "is" : "are") counted but not listed: a summary keeps "
            + "\(SummaryFigures.linesMax) lines apart."
    }

    private static func line(
        _ line: SummaryFigures.Line, _ noun: MatchNoun, _ samples: [String: String], log: String?, namesRule: Bool,
        at end: Timestamp
    ) -> Line {
        let rule = namesRule ? OwnText.line(line.rule, scalarsMax: 80) : nil
        let group = line.group.flatMap { EventText.line($0) }
        let error = line.signature.flatMap { EventText.line($0) }
        let names = [rule, group].compactMap { $0 }
        let turn = words(line.reason)
        // What came with events stands below or beside words of ours, never alone in their place.
        let head = names.isEmpty ? turn : names.joined(separator: ": ") + (turn.map { ", \($0)" } ?? "")
        let title = head ?? (error == nil ? "\(noun.many) without an error text" : noun.many)
        let cost = line.cost > 0 ? FigureText.money(line.cost) : nil
        let range = TimeText.range(line.first, line.last, near: end)
        let event = line.event.map { "\(line.count == 1 ? "event" : "newest event") \($0)" }
        return Line(
            count: "\(FigureText.grouped(Int64(line.count)))×", title: title, error: error,
            sample: line.signature.flatMap { samples[$0] }.flatMap { $0.lowercased() == error ? nil : $0 },
            detail: [cost, range, event].compactMap { $0 }.joined(separator: " · "), log: log)
    }

    private static func words(_ reason: NotificationReason) -> String? {
        switch reason {
        case .matched: nil
        case .fired: "fired"
        case .reminder: "still firing"
        case .recovered: "recovered"
        case .noTraffic: "ended for want of traffic"
        case .ruleChanged: "ended, its rule was changed"
        case .firstSeen: "seen for the first time"
        case .digest, .quietEnded, .overflow: "summary"
        }
    }

    /// `3 kinds`; `nil` for a single one, which needs no count.
    private static func kinds(_ summary: SummaryFigures) -> String? {
        if summary.otherCount > 0 { return "more than \(summary.lines.count) kinds" }
        return summary.lines.count > 1 ? "\(summary.lines.count) kinds" : nil
    }

    /// `rule failed-calls`, `3 rules`.
    private static func rules(_ summary: SummaryFigures) -> String {
        var names: [String] = []
        for line in summary.lines where !names.contains(line.rule) { names.append(line.rule) }
        if summary.otherCount > 0 { return "\(names.count) or more rules" }
        guard names.count == 1, let name = OwnText.line(names[0], scalarsMax: 40) else { return "\(names.count) rules" }
        return "rule \(name)"
    }

    private static func cost(_ summary: SummaryFigures) -> String? {
        let cost = summary.lines.reduce(0) { $0 + $1.cost }
        return cost > 0 ? FigureText.money(cost) : nil
    }
}
