import Events
import Rules

/// Headline and sentence of a turn of an alert.
struct AlertTurn {
    let headline: String
    let sentence: String
    /// How long the alert has lasted, or `nil` where that is not known.
    let lasted: Duration?

    /// - Parameter group: What sentences call the group, or `nil` for a rule without groups.
    init(
        _ notification: Notification, _ figures: WindowFigures, _ measured: Measured, _ phrase: MeasurePhrase,
        group: String?
    ) {
        let lasted = figures.since.map { max(.zero, notification.at - $0) }
        let of = group.map { " for \($0)" } ?? ""
        let span = lasted.map { (short: SpanText.short($0), long: SpanText.long($0)) }
        let after = (
            short: span.map { " after \($0.short)" } ?? "", long: span.map { " after \($0.long)" } ?? ""
        )
        let short = "\(phrase.short)\(of)\(phrase.shortEnd)"
        let long = "\(phrase.long)\(of)\(phrase.longEnd)"
        self.lasted = lasted
        switch notification.reason {
        case .reminder:
            let number = FigureText.ordinal(figures.reminders)
            headline = "still firing\(after.short) (\(number) reminder): \(short)"
            sentence = "Still firing\(after.long): \(Self.uncapitalised(long))."
        case .recovered where measured.kind == .absent:
            let gap = lasted.map { $0 + figures.within }
            headline = "recovered: \(phrase.topic) again\(of)\(gap.map { " after \(SpanText.short($0))" } ?? "")"
            let without = gap.map { ", after \(SpanText.long($0)) without" } ?? ""
            sentence = "Recovered: \(phrase.topic) come in again\(of)\(without)."
        case .recovered:
            let peak = figures.peak.flatMap { measured.mayBeMore($0) ? nil : " (peak \(measured.text($0)))" } ?? ""
            headline = "recovered\(after.short): \(phrase.topic)\(of)\(measured.kind == .budget ? "" : peak)"
            sentence = "Recovered\(after.long): \(Self.uncapitalised(long))."
        case .noTraffic:
            headline = "ended\(after.short) for want of traffic: \(phrase.topic)\(of)"
            sentence =
                "The alert ended\(after.long) for want of traffic: nothing to measure came in within "
                + "\(SpanText.long(figures.within))\(of)."
        case .ruleChanged:
            headline = "ended\(after.short), its rule was changed: \(phrase.topic)\(of)"
            sentence =
                "The alert on \(phrase.topic)\(of) ended\(after.long), because its rule was changed or removed."
        case .firstSeen:
            let name = measured.of.map(FactWords.name) ?? "value"
            let seen = figures.seen.flatMap(EventText.phrase)
            headline = "new \(name)\(of)\(seen.map { ": \($0)" } ?? "")"
            let was = measured.of.flatMap(Fact.named) == .errorSignature ? "An error" : "A value of \(name)"
            sentence = "\(was) was seen for the first time\(of)\(seen.map { ": \($0)" } ?? "")."
        case .matched, .fired, .digest, .quietEnded, .overflow:
            headline = short
            sentence = "\(long)."
        }
    }

    /// Sentences begin with letters of ours, or with a figure.
    private static func uncapitalised(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }
}
