import Events
import Rules

/// What a turn of an alert comes to, told from what its window measured: that it fired, lasts or ended, or that a value
/// was seen for the first time.
struct WindowStory {
    let headline: String
    let sentence: String
    /// The single texts by their name in templates.
    private(set) var texts: [String: String] = [:]
    /// The table of figures: the group's values first.
    private(set) var rows: [MailStory.Row]
    let trend: TrendStory?

    private let notification: Notification
    private let figures: WindowFigures
    private let measured: Measured
    private let noun: MatchNoun

    /// `nil` for what no window decided.
    init?(_ notification: Notification, _ noun: MatchNoun) {
        guard let figures = notification.figures.window else { return nil }
        let measured = Measured(figures)
        let group = GroupText.phrase(notification)
        let phrase = MeasurePhrase(
            figures, measured, noun, hasGroup: group != nil,
            isLater: notification.reason != .fired || figures.since.map { $0 < notification.at } ?? false)
        let turn = AlertTurn(notification, figures, measured, phrase, group: group)
        (headline, sentence) = (turn.headline, turn.sentence)
        self.notification = notification
        self.figures = figures
        self.measured = measured
        self.noun = noun
        rows = GroupText.rows(notification)
        trend = TrendStory(figures, measured, at: notification.at)
        addRows(lasted: turn.lasted)
        addTexts(lasted: turn.lasted)
    }

    private var peak: String? {
        guard let peak = figures.peak, notification.reason != .fired, !measured.mayBeMore(peak) else { return nil }
        return measured.text(ofMeasured: peak)
    }

    private mutating func addTexts(lasted: Duration?) {
        texts["value"] = figures.value.map { measured.text(ofMeasured: $0) }
        texts["threshold"] = threshold
        texts["within"] = SpanText.short(figures.within)
        texts["since"] = figures.since.map(TimeText.full)
        texts["lasted"] = lasted.map(SpanText.short)
        texts["peak"] = peak
        texts["samples"] = FigureText.grouped(Int64(figures.samples))
        texts["reminder_number"] = notification.reason == .reminder ? FigureText.ordinal(figures.reminders) : nil
        texts["new_value"] = figures.seen.flatMap { EventText.line($0, scalarsMax: WindowFigures.seenScalarsMax) }
        texts["limit_line"] = limitLine
        texts["trend_line"] = trend?.line
        texts["trend_words"] = trend?.words
        texts["trend_from"] = trend?.from
        texts["trend_to"] = trend?.to
        texts["inhibits_line"] = inhibitsLine
        texts["withheld_line"] = WithheldLine.text(notification.figures.withheld)
    }

    /// The threshold in the unit of the measure.
    private var threshold: String? {
        measured.threshold.map { measured.text($0) } ?? OwnText.line(figures.threshold)
    }

    // MARK: The table

    private mutating func addRows(lasted: Duration?) {
        func add(_ label: String, _ value: String?) {
            if let value { rows.append(MailStory.Row(label: label, value: value)) }
        }
        switch measured.kind {
        case .firstSeen:
            add("New value", figures.seen.flatMap { EventText.line($0, scalarsMax: WindowFigures.seenScalarsMax) })
            return
        case .budget: addBudget()
        case .absent:
            add("Silent for", notification.reason.isEnd ? nil : figures.value.map { measured.text($0) })
            add("Limit", SpanText.short(figures.within))
        default:
            add("Value", figures.value.map { "\(text(of: $0)) in \(SpanText.short(figures.within))" })
            add("Limit", threshold)
        }
        add(notification.reason.isEnd ? "Began" : "Since", figures.since.map(TimeText.full))
        if notification.reason != .fired {
            add(notification.reason.isEnd ? "Lasted" : "Lasts", lasted.map(SpanText.long))
        }
        add("Peak", peak)
        if !Self.countsItself.contains(measured.kind) { add("Measured over", noun.measured(figures.samples)) }
        if measured.kind == .share, let of = measured.of { add("Among", OwnText.line(of)) }
        if figures.isApproximate {
            add("Resolution", "\(SpanText.short(figures.within / 60)), a sixtieth of the window")
        }
    }

    private func text(of value: Double) -> String {
        let isMore = notification.reason != .fired && measured.mayBeMore(value)
        return measured.text(value) + (isMore ? " or more" : "")
    }

    /// Measures whose value says already how many events there are.
    private static let countsItself: [Measured.Kind] = [.count, .absent, .firstSeen, .budget]

    private mutating func addBudget() {
        guard let budget = figures.budget else { return }
        let until = TimeText.day(budget.periodEnd.advanced(by: .seconds(-1)))
        rows.append(MailStory.Row(label: "Spent", value: measured.text(budget.spent)))
        let period = "from \(TimeText.day(budget.periodStart)) to \(until)"
        rows.append(MailStory.Row(label: "Limit", value: "\(measured.text(budget.limit)) \(period)"))
        if budget.spent < budget.limit, let end = budget.endsAt {
            rows.append(MailStory.Row(label: "Ends at this pace", value: TimeText.full(end)))
        }
    }

    // MARK: Sentences

    /// When the rule speaks up, in words.
    private var limitLine: String? {
        let within = SpanText.long(figures.within)
        switch measured.kind {
        case .absent: return "The rule speaks up after \(within) without one."
        case .firstSeen: return "A value is new when it was not seen for \(within)."
        case .budget:
            guard let burn = figures.budget?.burn, !notification.reason.isEnd else { return nil }
            return "That is more than \(FigureText.number(burn)) times as fast as the limit allows."
        default:
            return measured.threshold.map { "The rule speaks up \(measured.words($0)) within \(within)." }
        }
    }

    private var inhibitsLine: String? {
        let rules = notification.figures.inhibits.compactMap { OwnText.line($0, scalarsMax: 80) }
        guard !rules.isEmpty, notification.reason != .firstSeen else { return nil }
        let names = rules.joined(separator: ", ")
        return notification.reason.isEnd
            ? "No longer kept quiet by this alert: \(names)." : "Kept quiet while this alert lasts: \(names)."
    }
}

extension MatchNoun {
    /// How many events stand behind a figure: those of a share are not all matches.
    fileprivate func measured(_ count: Int) -> String { MatchNoun.events.counted(Int64(count)) }
}

/// Whom a mail was held back from, and why.
enum WithheldLine {
    static func text(_ withheld: [Notification.Withheld]) -> String? {
        var reasons: [(words: String, names: [String])] = []
        // Who has unsubscribed is nobody else's business.
        for held in withheld where held.reason != .silenced {
            guard let name = OwnText.line(held.recipient, scalarsMax: 80) else { continue }
            let words = words(held.reason)
            if let index = reasons.firstIndex(where: { $0.words == words }) {
                reasons[index].names.append(name)
            } else {
                reasons.append((words, [name]))
            }
        }
        guard !reasons.isEmpty else { return nil }
        let parts = reasons.map { "\($0.names.joined(separator: ", ")) (\($0.words))" }
        return "Not told now: \(parts.joined(separator: "; "))."
    }

    private static func words(_ reason: SuppressionReason) -> String {
        switch reason {
        case .quiet: "quiet hours, a summary follows"
        case .recipientThrottled: "their `at_most` is used up, a summary follows"
        case .mailsThrottled: "`at_most` of all mails is used up, a summary follows"
        default: reason.words
        }
    }
}
