import Events
import Rules

/// What a window measured, read back from the words of its figures, so that values can be shown in their unit.
struct Measured {
    enum Kind: Equatable {
        case count, sum, average, minimum, maximum, share, distinct, absent, firstSeen, budget
        /// `p95`.
        case percentile(String)
        /// A count, or the sum or average of something, against the same some time before.
        case change(Change)
        /// Anything that is not known here.
        case other
    }

    enum Change: Equatable { case count, sum, average }

    enum Unit { case plain, dollars, seconds, share, times }

    let kind: Kind
    /// The expression that is measured, as written; `nil` for what has none.
    let of: String?
    let unit: Unit
    let threshold: Limit?

    init(_ figures: WindowFigures) {
        let (kind, of) = Self.parsed(figures.measure, isChange: figures.against != nil)
        self.kind = kind
        self.of = of
        unit = Self.unit(kind, of: of)
        threshold = Limit(figures.threshold)
    }

    /// A value in its unit.
    func text(_ value: Double) -> String {
        switch unit {
        case .plain: return FigureText.number(value)
        case .dollars: return FigureText.money(value)
        case .seconds:
            if kind == .absent { return SpanText.short(SpanText.span(seconds: value)) }
            let text = FigureText.latency(value) ?? "\(FigureText.number(value)) s"
            return text.hasSuffix(".0 s") ? "\(text.dropLast(4)) s" : text
        case .share: return FigureText.percent(value)
        case .times: return "\(FigureText.number(value)) times"
        }
    }

    /// What the window measured, now or at its peak: of a budget the part of its limit.
    func text(ofMeasured value: Double) -> String {
        kind == .budget ? "\(FigureText.percent(value)) of the limit" : text(value)
    }

    /// A bar of the trend in its unit: of a change what is compared.
    func text(ofBar value: Double) -> String {
        guard unit == .times else { return text(value) }
        return of.flatMap(Fact.named)?.unit == "USD" ? FigureText.money(value) : FigureText.number(value)
    }

    /// Whether a count that was reached may be more: of a threshold to be reached, windows count no further than it
    /// needs, and than mails tell.
    func mayBeMore(_ value: Double) -> Bool {
        guard kind == .count, let first = threshold?.firstThatHolds else { return false }
        return value == max(first, Double(Window.countTold))
    }

    /// The threshold: `at least 5`, `above $10`.
    func text(_ limit: Limit) -> String { "\(limit.words) \(text(of: limit))" }

    /// At which values the rule speaks up: `at 5 or more`, `above $10`.
    func words(_ limit: Limit) -> String {
        switch limit.words {
        case "at least": "at \(text(of: limit)) or more"
        case "at most": "at \(text(of: limit)) or less"
        default: text(limit)
        }
    }

    private func text(of limit: Limit) -> String {
        switch unit {
        case .share: limit.number.hasSuffix("%") ? limit.number : text(limit.value)
        default: text(limit.value)
        }
    }

    private static func parsed(_ measure: String, isChange: Bool) -> (Kind, String?) {
        if isChange {
            for (name, change) in [("sum of ", Change.sum), ("average of ", .average)] {
                if let of = rest(measure, after: name) { return (.change(change), of) }
            }
            return (.change(.count), nil)
        }
        switch measure {
        case "count": return (.count, nil)
        case "share": return (.share, nil)
        case "time without a match": return (.absent, nil)
        default: break
        }
        let forms: [(String, Kind)] = [
            ("sum of ", .sum), ("average of ", .average), ("minimum of ", .minimum), ("maximum of ", .maximum),
            ("share among ", .share), ("different values of ", .distinct), ("new values of ", .firstSeen),
            ("budget of ", .budget),
        ]
        for (name, kind) in forms {
            if let of = rest(measure, after: name) { return (kind, of) }
        }
        if measure.hasPrefix("p"), let space = measure.firstIndex(of: " "),
            let of = rest(String(measure[space...]), after: " of ")
        {
            return (.percentile(String(measure[..<space])), of)
        }
        return (.other, nil)
    }

    private static func rest(_ text: String, after prefix: String) -> String? {
        text.utf8.starts(with: prefix.utf8) ? String(text.dropFirst(prefix.count)) : nil
    }

    private static func unit(_ kind: Kind, of expression: String?) -> Unit {
        switch kind {
        case .share: return .share
        case .change: return .times
        case .absent: return .seconds
        case .count, .distinct, .firstSeen, .other: return .plain
        case .sum, .average, .minimum, .maximum, .percentile, .budget:
            switch expression.flatMap(Fact.named)?.unit {
            case "USD": return .dollars
            case "s": return .seconds
            default: return .plain
            }
        }
    }
}

extension Measured {
    /// A threshold as its figures have it, in its parts.
    struct Limit {
        /// `at least`, `above`, `below` or `at most`.
        let words: String
        /// The number as written, with its sign: `5`, `5%`, `3x`.
        let number: String
        /// In the unit of what is measured; of a share the part of 1.
        let value: Double

        init?(_ text: String) {
            guard let space = text.lastIndex(of: " ") else { return nil }
            words = String(text[..<space])
            number = String(text[text.index(after: space)...])
            guard Threshold.Comparison.allCases.contains(where: { [words] in $0.words == words }) else { return nil }
            let digits = number.last == "%" || number.last == "x" ? String(number.dropLast()) : number
            guard let value = Double(digits) else { return nil }
            self.value = number.last == "%" ? value / 100 : value
        }

        /// Whether what is too little is told of.
        var isLower: Bool { words == Threshold.Comparison.below.words || words == Threshold.Comparison.atMost.words }

        /// The least whole number that holds, or `nil` where all below do.
        var firstThatHolds: Double? {
            switch words {
            case Threshold.Comparison.atLeast.words: value.rounded(.up)
            case Threshold.Comparison.above.words: value.rounded(.down) + 1
            default: nil
            }
        }
    }
}
