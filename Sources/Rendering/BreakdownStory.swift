import Events
import Rules

/// Where the matches come from, in words: the foremost values of a few facts, and failures by the form of their error.
struct BreakdownStory {
    /// The foremost values of one fact.
    struct Ranking {
        /// `Models by failed calls:`.
        let label: String
        let parts: [Part]
    }

    /// One value: what it came to, its share, and how that was before.
    struct Part {
        let value: String
        let amount: String
        let share: String
        /// `+180%`, `as before`, `new`; `nil` where it is not known.
        let change: String?
    }

    /// Failures of one form.
    struct Cluster {
        let count: String
        let signature: String
        /// The newest error text, or `nil`.
        let sample: String?
        let detail: String
        /// The address of the newest event's log, or `nil`.
        let log: String?
    }

    /// The sentence above it all.
    let line: String
    let rankings: [Ranking]
    let clusters: [Cluster]
    /// Samples by the form they are of.
    let samples: [String: String]

    /// `nil` for a notification without one.
    init?(_ notification: Notification, _ noun: MatchNoun) {
        guard let breakdown = notification.figures.breakdown else { return nil }
        let isDigest = notification.reason == .digest
        line = Self.line(breakdown, noun, isDigest: isDigest)
        rankings = breakdown.rankings.map { ranking in
            let fact = FactWords.plural(ranking.fact.name)
            let measure = breakdown.isByCost ? "cost" : noun.many
            return Ranking(
                label: "\(fact.prefix(1).uppercased())\(fact.dropFirst()) by \(measure):",
                parts: ranking.parts.map { Self.part($0, breakdown, noun) })
        }
        samples = Dictionary(
            breakdown.clusters.compactMap { cluster in
                cluster.sample.flatMap { Self.sample($0) }.map { (cluster.signature, $0) }
            }
        ) { first, _ in first }
        // The lines of a digest are its clusters.
        clusters = isDigest ? [] : breakdown.clusters.map { Self.cluster($0, of: notification) }
    }

    /// One error text as one line, without what is private by its form.
    private static func sample(_ text: String) -> String? {
        EventText.line(Redaction.redacted(text), scalarsMax: Breakdown.sampleScalarsMax)
    }

    private static func line(_ breakdown: Breakdown, _ noun: MatchNoun, isDigest: Bool) -> String {
        let count = noun.counted(Int64(breakdown.total.count))
        let cost = breakdown.total.cost > 0 ? ", \(FigureText.money(breakdown.total.cost))" : ""
        let known = breakdown.rankings.contains { $0.parts.contains { $0.before != nil } }
        let span = SpanText.long(breakdown.span)
        if breakdown.isPartial {
            return "Where they come from, by the newest events alone, which hold \(count)\(cost):"
        }
        // `1 hour` is the hour before, `10 minutes` are the 10 minutes before.
        let isOne = span.hasPrefix("1 ") && span.split(separator: " ").count == 2
        let before = known ? ", against the \(isOne ? String(span.dropFirst(2)) : span) before" : ""
        return "Where they come from: \(count)\(cost) within \(span)\(before)."
    }

    private static func part(_ part: Breakdown.Part, _ breakdown: Breakdown, _ noun: MatchNoun) -> Part {
        let (amount, whole) =
            breakdown.isByCost
            ? (part.amount.cost, breakdown.total.cost) : (Double(part.amount.count), Double(breakdown.total.count))
        let before = part.before.map { breakdown.isByCost ? $0.cost : Double($0.count) }
        return Part(
            value: part.value.flatMap { EventText.line($0, scalarsMax: Breakdown.valueScalarsMax) } ?? GroupField.none,
            amount: breakdown.isByCost
                ? FigureText.money(amount) : FigureText.grouped(Int64(part.amount.count)),
            share: whole > 0 ? "\(Int((min(max(amount / whole, 0), 1) * 100).rounded()))%" : "",
            change: before.map { change(from: $0, to: amount) })
    }

    /// `+180%`, `-40%`, `12 times as much`, `as before`, `new`.
    private static func change(from before: Double, to now: Double) -> String {
        guard before > 0 else { return "new" }
        let ratio = now / before
        guard ratio.isFinite else { return "new" }
        if ratio >= 9.95 { return "\(FigureText.grouped(Int64(min(ratio, 1e9).rounded()))) times" }
        let percent = Int(((ratio - 1) * 100).rounded())
        return percent == 0 ? "as before" : "\(percent > 0 ? "+" : "-")\(abs(percent))%"
    }

    private static func cluster(_ cluster: Breakdown.Cluster, of notification: Notification) -> Cluster {
        let range = TimeText.range(cluster.first, cluster.last, near: notification.at)
        let event = "\(cluster.count == 1 ? "event" : "newest event") \(cluster.event)"
        let shown = EventText.line(cluster.signature) ?? "no text"
        let text = cluster.sample.flatMap { sample($0) }
        return Cluster(
            count: "\(FigureText.grouped(Int64(cluster.count)))×", signature: shown,
            sample: text.flatMap { $0.lowercased() == shown ? nil : $0 }, detail: "\(range) · \(event)",
            log: notification.figures.address(ofLog: cluster.event))
    }
}

extension Notification.Figures {
    /// The address of the log of an event that the mail names, or `nil`.
    func address(ofLog event: Int64) -> String? { logs.first { $0.event == event }?.address }
}
