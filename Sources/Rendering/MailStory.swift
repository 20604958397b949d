import Events
import Rules

/// What a mail tells, as texts that are fit to be shown: everything from the event is cleaned, cut and defanged here,
/// and nothing behind this point sees it in another form.
package struct MailStory: Sendable {
    /// One sentence: what happened.
    package let happened: String
    /// The same for a subject, shorter and without a full stop.
    package let headline: String
    /// Whether the event is a failed call.
    package let isFailed: Bool
    /// The single texts by their name in templates; what does not exist is left out.
    package private(set) var texts: [String: String] = [:]
    /// What one of Hookmail's own mails tells, thing by thing: a title and a detail, which may be empty.
    let notes: [Row]
    /// The table of facts in its order.
    package let facts: [Row]
    /// The error's text in lines; it comes from the event.
    package let errorLines: [String]
    /// The rule's condition in lines, as written.
    package let conditionLines: [String]
    /// The values that decided.
    package let deciding: [Row]

    /// What it shows of the event's content.
    let content: ContentStory
    /// The table of what a window measured, the group's values first; empty for anything else.
    let rows: [Row]
    /// Where the matches come from, or `nil`.
    let breakdown: BreakdownStory?
    /// How the window's measure ran, or `nil`.
    let trend: TrendStory?
    /// The lines of a summary; empty for anything else.
    let lines: [SummaryStory.Line]
    let reason: NotificationReason

    /// A line of a table.
    package struct Row: Sendable, Equatable {
        package let label: String
        package let value: String
    }

    /// The most lines of a condition that a mail shows.
    package static let conditionLinesMax = 40
    /// The most deciding values that a mail shows.
    package static let decidingMax = 20

    /// - Parameter log: Where the event's own log stands, for the mail's link.
    init(_ notification: Notification, log: String? = nil) {
        let figures = notification.figures
        let event = EventFacts(figures.facts)
        let call = CallStory(event)
        let noun = MatchNoun(condition: figures.condition)
        let window = WindowStory(notification, noun)
        let breakdown = BreakdownStory(notification, noun)
        let summary = SummaryStory(notification, noun, samples: breakdown?.samples ?? [:])
        self.breakdown = breakdown
        isFailed = call.isFailed
        happened = summary?.sentence ?? window?.sentence ?? call.sentence
        headline = summary?.headline ?? window?.headline ?? call.headline
        rows = window?.rows ?? []
        trend = window?.trend
        lines = summary?.lines ?? []
        notes = []
        reason = notification.reason
        facts = call.rows
        errorLines = event.text(.errorMessage).map { EventText.block(Redaction.redacted($0)) } ?? []
        conditionLines = figures.condition.map { Self.lines(ofCondition: $0) } ?? []
        deciding = figures.deciding.prefix(Self.decidingMax).compactMap { value in
            guard let name = OwnText.line(value.name) else { return nil }
            let text = value.name == Fact.errorMessage.name ? Redaction.redacted(value.value) : value.value
            return Row(label: name, value: EventText.line(text, scalarsMax: 200) ?? "\"\"")
        }
        content = ContentStory(figures.content, event: figures.event)
        texts = call.texts.merging(window?.texts ?? summary?.texts ?? [:]) { _, own in own }
        texts["content_note"] = content.note
        texts["happened"] = happened
        texts["breakdown_line"] = breakdown?.line
        texts["log_url"] = log ?? figures.event.flatMap { figures.address(ofLog: $0) }
        texts["log_label"] = texts["log_url"].map { _ in log == nil ? "Open the newest log" : "Open the log" }
        addDecision(of: notification)
    }

    /// The story of a mail that is about no event.
    init(happened: String, headline: String, facts: [Row], notes: [Row], texts: [String: String]) {
        self.happened = happened
        self.headline = headline
        self.facts = facts
        self.notes = notes
        self.texts = texts
        isFailed = false
        errorLines = []
        conditionLines = []
        deciding = []
        content = ContentStory(nil, event: nil)
        rows = []
        breakdown = nil
        trend = nil
        lines = []
        reason = .matched
    }

    /// The sections that are shown or not, by their name in templates.
    var flags: [String: Bool] {
        [
            "failed": isFailed, "has_facts": !facts.isEmpty, "has_deciding": !deciding.isEmpty,
            "has_content": !content.blocks.isEmpty, "has_figures": !rows.isEmpty, "has_trend": trend != nil,
            "has_clusters": !(breakdown?.clusters.isEmpty ?? true), "has_summary": !lines.isEmpty,
            "has_notes": !notes.isEmpty,
            "is_end": reason.isEnd, "is_reminder": reason == .reminder,
        ]
    }

    /// What is told of the rule, its throttle and the notification itself.
    private mutating func addDecision(of notification: Notification) {
        let figures = notification.figures
        texts["severity"] = notification.severity.rawValue
        texts["severity_color"] = notification.severity.color
        texts["badge"] = notification.reason.endWords ?? notification.severity.rawValue
        texts["badge_color"] = notification.reason.endColor ?? notification.severity.color
        texts["reason"] = notification.reason.rawValue
        texts["rule"] = RuleLabel.text(notification, scalarsMax: 80)
        texts["group"] = notification.group.flatMap { EventText.line($0) }
        texts["notification"] = OwnText.line(notification.id)
        texts["event"] = figures.event.map { String($0) }
        texts["decided_at"] = TimeText.full(notification.at)
        texts["error_text"] = errorLines.isEmpty ? nil : errorLines.joined(separator: "\n")
        texts["condition"] = conditionLines.isEmpty ? nil : conditionLines.joined(separator: "\n")
        texts["throttle"] = figures.throttle.flatMap { OwnText.line($0) }
        texts["next_mail"] = figures.nextMailAt.map(TimeText.full)
        if figures.heldBack > 0 {
            texts["held_back"] = FigureText.grouped(Int64(figures.heldBack))
            texts["held_back_since"] = figures.heldBackSince.map(TimeText.full)
            texts["held_back_line"] = heldBackLine
        }
        texts["condition_line"] = conditionLines.isEmpty ? nil : "The condition of rule \(texts["rule"] ?? ""):"
        texts["decided_line"] =
            (figures.event.map { "\(eventWord) \($0), notification" } ?? "Notification")
            + " \(texts["notification"] ?? ""), "
            + "decided \(TimeText.full(notification.at))."
        texts["explain_line"] = figures.event.map {
            "`hookmail explain \($0)` shows what every rule made of \(eventWord == "Event" ? "this" : "that") event."
        }
        if notification.reason != .matched, !facts.isEmpty {
            texts["event_line"] =
                notification.reason == .fired || notification.reason == .firstSeen
                ? "The event that decided:" : "The newest event:"
        }
        texts["why"] = WhyLine.text(notification, texts, group: GroupText.phrase(notification))
    }

    /// Time has no event of its own; the figures name the newest one.
    private var eventWord: String { reason != .matched && facts.isEmpty ? "Newest event" : "Event" }

    private var heldBackLine: String {
        let count = texts["held_back"] ?? "0"
        let matches = count == "1" ? "1 more match was" : "\(count) more matches were"
        let since = texts["held_back_since"].map { " since \($0)" } ?? ""
        return "\(matches) held back\(since)."
    }

    private static func lines(ofCondition condition: String) -> [String] {
        var lines = condition.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline)
            .compactMap { OwnText.line(String($0), scalarsMax: 400, trims: false) }
        if lines.count > conditionLinesMax { lines = Array(lines.prefix(conditionLinesMax)) + ["…"] }
        return lines
    }
}

extension Severity {
    /// The colour of the mail's head, dark enough for white text (contrast above 4.5).
    fileprivate var color: String {
        switch self {
        case .urgent: "#b42318"
        case .high: "#b93815"
        case .medium: "#93580c"
        case .low: "#175cd3"
        }
    }
}

extension NotificationReason {
    /// What stands in the place of the severity where a mail ends an alert.
    fileprivate var endWords: String? {
        switch self {
        case .recovered: "recovered"
        case .noTraffic: "no traffic"
        case .ruleChanged: "rule changed"
        default: nil
        }
    }

    /// Its colour, dark enough for white text (contrast above 4.5).
    fileprivate var endColor: String? {
        switch self {
        case .recovered: "#1a7340"
        case .noTraffic, .ruleChanged: "#55606f"
        default: nil
        }
    }
}

/// What stands for the rule in a mail.
enum RuleLabel {
    /// The rule's name, cut; of a summary of a recipient's mails, which has a name in brackets for it, what is inside.
    static func text(_ notification: Notification, scalarsMax: Int) -> String {
        let name = OwnText.line(notification.rule, scalarsMax: scalarsMax) ?? "rule"
        guard notification.reason == .quietEnded || notification.reason == .overflow,
            name.hasPrefix("("), name.hasSuffix(")"), name.utf8.count > 2
        else { return name }
        return String(name.dropFirst().dropLast())
    }
}

/// Text of the operator's own, from the configuration: shown as written but for control characters.
enum OwnText {
    /// `text` as one line of at most `scalarsMax` characters; `nil` when nothing is left.
    static func line(_ text: String, scalarsMax: Int = 200, trims: Bool = true) -> String? {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(scalarsMax + 1) {
            let isControl =
                scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0x2028
                || scalar.value == 0x2029
            if scalars.count == scalarsMax {
                scalars.append("…")
                break
            }
            if isControl || scalar == " " {
                if !trims || (!scalars.isEmpty && scalars.last != " ") { scalars.append(" ") }
            } else {
                scalars.append(scalar)
            }
        }
        while scalars.last == " " { scalars.removeLast() }
        return scalars.isEmpty ? nil : String(scalars)
    }
}
