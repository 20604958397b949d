import Events
import Rules

/// A measured value in words, with a place for the group: `7 failed calls in 10m` ‹for openai›, `no match` ‹for acme›
/// ` in 30m`.
struct MeasurePhrase {
    /// For headlines.
    var short: String
    var shortEnd = ""
    /// For sentences; begins with a capital letter and has no full stop.
    var long: String
    var longEnd = ""
    /// What is measured, for the end of an alert: `failed calls`, `average latency`.
    var topic: String
    private let isLater: Bool

    /// - Parameter isLater: Whether the value is of a later moment than that in which the threshold was passed.
    init(_ figures: WindowFigures, _ measured: Measured, _ noun: MatchNoun, hasGroup: Bool, isLater: Bool) {
        self.isLater = isLater
        let span = (short: SpanText.short(figures.within), long: SpanText.long(figures.within))
        topic = Self.topic(measured, noun)
        (short, long) = ("", "")
        if measured.kind == .absent {
            let gap = figures.value.map { SpanText.span(seconds: $0) } ?? figures.within
            (short, long) = ("no \(noun.one)", "No \(noun.one) came in")
            shortEnd = " \(hasGroup ? "in" : "for") \(SpanText.short(gap))"
            longEnd = " for \(SpanText.long(gap))"
            if hasGroup { longEnd = " in \(SpanText.long(gap))" }
            return
        }
        if measured.kind == .budget, let budget = figures.budget {
            tell(budget, measured)
            return
        }
        guard let value = figures.value else {
            (short, long) = (
                "nothing to measure in \(span.short) (\(topic))",
                "Nothing to measure came in within \(span.long) (\(topic))"
            )
            return
        }
        tell(value, measured, noun, figures, span)
    }

    private mutating func tell(
        _ value: Double, _ measured: Measured, _ noun: MatchNoun, _ figures: WindowFigures,
        _ span: (short: String, long: String)
    ) {
        let text = measured.text(value)
        let only = measured.threshold?.isLower == true ? "only " : ""
        switch measured.kind {
        case .count:
            let count = Int64(exactly: value.rounded()).map { Self.count($0, only, noun) } ?? "\(text) \(noun.many)"
            let isMore = isLater && measured.mayBeMore(value)
            let words = isMore ? "\(text) or more \(noun.many)" : count
            (short, long) = ("\(words) in \(span.short)", "\(words) came in within \(span.long)")
        case .sum where measured.of.flatMap(Fact.named) == .cost:
            (short, long) = ("\(only)\(text) spent in \(span.short)", "\(only)\(text) was spent within \(span.long)")
        case .share:
            let (what, verb) = noun == .failedCalls ? ("calls", "failed") : ("events", "matched")
            short = "\(only)\(text) of \(what) \(verb) in \(span.short)"
            long = "\(only)\(text) of the \(what) \(verb) within \(span.long)"
        case .distinct:
            let words = "\(only)\(text) different \(FactWords.plural(measured.of ?? ""))"
            (short, long) = ("\(words) in \(span.short)", "\(words) came up within \(span.long)")
        case .change(let change): tell(change, text, only, measured, noun, figures, span)
        default:
            (short, long) = ("\(topic) \(text) in \(span.short)", "The \(topic) was \(text) over \(span.long)")
        }
        long = Self.capitalised(long)
    }

    private mutating func tell(
        _ change: Measured.Change, _ times: String, _ only: String, _ measured: Measured, _ noun: MatchNoun,
        _ figures: WindowFigures, _ span: (short: String, long: String)
    ) {
        let ago = Self.before(figures.against ?? .zero)
        switch change {
        case .count:
            short = "\(only)\(times) as many \(noun.many) in \(span.short) as \(ago)"
            long = "\(only)\(times) as many \(noun.many) came in within \(span.long) as \(ago)"
        case .sum where measured.of.flatMap(Fact.named) == .cost:
            short = "\(only)\(times) as much spent in \(span.short) as \(ago)"
            long = "\(only)\(times) as much was spent within \(span.long) as \(ago)"
        case .sum, .average:
            let name = change == .sum ? "sum of \(Self.name(measured))" : "average \(Self.name(measured))"
            short = "\(name) in \(span.short) \(only)\(times) that of \(ago)"
            long = "The \(name) within \(span.long) was \(only)\(times) that of \(ago)"
        }
    }

    private mutating func tell(_ budget: BudgetFigures, _ measured: Measured) {
        let (spent, limit) = (measured.text(budget.spent), measured.text(budget.limit))
        short = "spent \(spent) of \(limit)"
        long = "\(spent) of \(limit) was spent since \(TimeText.day(budget.periodStart))"
        if budget.spent >= budget.limit {
            (shortEnd, longEnd) = (", the limit is reached", ": the limit is reached")
        } else if let end = budget.endsAt {
            let day = TimeText.day(end)
            (shortEnd, longEnd) = (", ends on \(day)", "; at this pace the limit is reached on \(day)")
        }
    }

    // MARK: Words

    private static func count(_ count: Int64, _ only: String, _ noun: MatchNoun) -> String {
        count == 0 ? "no \(noun.many)" : "\(only)\(noun.counted(count))"
    }

    private static func topic(_ measured: Measured, _ noun: MatchNoun) -> String {
        let name = name(measured)
        switch measured.kind {
        case .count, .absent, .change(.count): return noun.many
        case .sum where measured.of.flatMap(Fact.named) == .cost: return "spending"
        case .sum, .change(.sum): return "sum of \(name)"
        case .average, .change(.average): return "average \(name)"
        case .minimum: return "lowest \(name)"
        case .maximum: return "highest \(name)"
        case .percentile(let rank): return "\(rank) \(name)"
        case .share: return noun == .failedCalls ? "share of failed calls" : "share of matches"
        case .distinct: return "different \(FactWords.plural(measured.of ?? ""))"
        case .firstSeen: return "new \(name)"
        case .budget: return "budget"
        case .other: return "measured value"
        }
    }

    private static func name(_ measured: Measured) -> String { measured.of.map(FactWords.name) ?? "value" }

    /// `a day before`, `3 days before`.
    private static func before(_ span: Duration) -> String {
        switch span {
        case .seconds(3_600): "an hour before"
        case .seconds(86_400): "a day before"
        case .seconds(7 * 86_400): "a week before"
        default: "\(SpanText.long(span)) before"
        }
    }

    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
