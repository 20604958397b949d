import Events
import Expressions

/// The window of a rule: `count`, `sum` and the others.
extension RuleSetReader {
    /// The spans for what waits or forgets, which needs no inputs to be kept.
    static let longSpans: ClosedRange<Duration> = .seconds(10)...WindowShape.spans.upperBound
    /// How long a value counts as seen, where the file does not say.
    static let forgetAfterStandard: Duration = .seconds(30 * 86_400)

    /// The keys of a rule that begin a window, in the order of the file.
    func windowEntries(_ rule: MappingReader) -> [(kind: WindowKind, entry: YAMLEntry)] {
        WindowKind.allCases.compactMap { kind in rule.entry(kind.rawValue).map { (kind, $0) } }
            .sorted { $0.entry.keyRange.position < $1.entry.keyRange.position }
    }

    /// Reads the window, or `nil` where it is faulty; more than one is an error.
    func window(
        _ entries: [(kind: WindowKind, entry: YAMLEntry)], hasCondition: Bool, _ conditions: NamedConditions
    ) -> Window? {
        for (kind, entry) in entries.dropFirst() {
            sink.error(
                at: entry.keyRange,
                "a rule has one window, but this one has '\(entries[0].kind.rawValue)' and '\(kind.rawValue)'",
                hint: "make a second rule of it, with a name of its own")
        }
        if let ratio = entries.first(where: { $0.kind == .ratio })?.entry, !hasCondition {
            sink.error(
                at: ratio.keyRange, "without 'when' every event matches, and the share is always 100%",
                hint: "add `when:` for the events whose share is meant")
        }
        return entries.map { window($0.kind, $0.entry.value, conditions) }.first ?? nil
    }

    private func window(_ kind: WindowKind, _ node: YAMLNode, _ conditions: NamedConditions) -> Window? {
        guard case .mapping = node.content else {
            if case .reported = node.content { return nil }
            sink.error(
                at: node.range, "'\(kind.rawValue)' must be a mapping of keys to values, not \(node.kind)",
                hint: "write `\(kind.example)`")
            return nil
        }
        guard let reader = MappingReader(node, subject: "'\(kind.rawValue)'", sink: sink) else { return nil }
        defer { reader.finish() }
        switch kind {
        case .absent: return absent(reader)
        case .firstSeen: return firstSeen(reader, conditions)
        case .budget: return budget(reader, conditions)
        default: break
        }
        let measure = measure(kind, reader, conditions)
        let threshold = threshold(reader, kind.unit, example: kind.example)
        let within = reader.required("within", hint: "say how far back the window looks, as in `within: 10m`")
            .flatMap { values.duration($0, "'within'", within: Window.spans) }
        let against = kind == .change ? against(reader, within: within) : nil
        guard let measure, let threshold, let within else { return nil }
        if case .change(let measure, let value, _) = measure {
            guard let against else { return nil }
            return Window(
                measure: .change(of: measure, value: value, against: against), within: within, threshold: threshold)
        }
        return Window(measure: measure, within: within, threshold: threshold)
    }

    private func measure(
        _ kind: WindowKind, _ reader: MappingReader, _ conditions: NamedConditions
    ) -> Window.Measure? {
        switch kind {
        case .count, .absent, .firstSeen, .budget: .count
        case .sum: measured(reader, kind, conditions).map { .sum(of: $0) }
        case .average: measured(reader, kind, conditions).map { .average(of: $0) }
        case .minimum: measured(reader, kind, conditions).map { .minimum(of: $0) }
        case .maximum: measured(reader, kind, conditions).map { .maximum(of: $0) }
        case .percentile: percentile(reader, conditions)
        case .distinct: measured(reader, kind, conditions, for: .value).map { .distinct(of: $0) }
        case .ratio:
            if let node = reader.value("of") {
                compile(node, "'of'", in: conditions, for: .condition).map { .ratio(of: $0) }
            } else {
                .ratio(of: nil)
            }
        case .change: change(reader, conditions)
        }
    }

    /// Reads `of`, what is measured.
    private func measured(
        _ reader: MappingReader, _ kind: WindowKind, _ conditions: NamedConditions,
        for purpose: Program.Purpose = .number
    ) -> Program? {
        reader.required("of", hint: "say what is measured, as in `\(kind.example)`")
            .flatMap { compile($0, "'of'", in: conditions, for: purpose) }
    }

    private func percentile(_ reader: MappingReader, _ conditions: NamedConditions) -> Window.Measure? {
        let of = measured(reader, .percentile, conditions)
        guard let node = reader.required("p", hint: "say which percentile, as in `p: 95`"),
            let rank = values.number(node, "'p'", hint: "write the percent below it, as in `p: 95`")
        else { return nil }
        guard rank > 0, rank < 100 else {
            sink.error(
                at: node.range, "'p' must lie between 0 and 100, both excluded",
                hint: rank == 100 ? "the greatest value is `max`" : rank == 0 ? "the least value is `min`" : nil)
            return nil
        }
        if rank < 1 {
            sink.warning(
                at: node.range, "'p' is in percent: \(ThresholdUnit.text(rank)) is nearly the least value",
                hint: "write `p: \(ThresholdUnit.text(rank * 100))`, unless it is meant")
        }
        return of.map { .percentile(of: $0, rank: rank) }
    }

    // MARK: Windows without a limit

    private func absent(_ reader: MappingReader) -> Window? {
        let within = reader.required("for", hint: "say how long nothing may come, as in `absent: {for: 30m}`")
            .flatMap { values.duration($0, "'for'", within: Self.longSpans) }
        let armed = reader.value("armed").flatMap { values.choice($0, "'armed'", of: ["at_start"]) }
        guard let within else { return nil }
        return Window(
            measure: .absent(isArmedAtStart: armed != nil), within: within,
            threshold: Threshold(.atLeast, Double(within.wholeMicroseconds) / 1_000_000))
    }

    private func firstSeen(_ reader: MappingReader, _ conditions: NamedConditions) -> Window? {
        let of = measured(reader, .firstSeen, conditions, for: .value)
        var span: Duration? = Self.forgetAfterStandard
        if let node = reader.value("forget_after") {
            span = values.duration(node, "'forget_after'", within: Self.longSpans)
        }
        guard let of, let span else { return nil }
        return Window(measure: .firstSeen(of: of), within: span, threshold: Threshold(.atLeast, 1))
    }

    private func budget(_ reader: MappingReader, _ conditions: NamedConditions) -> Window? {
        let of = measured(reader, .budget, conditions)
        let limit = reader.required("limit", hint: "say how much may be spent, as in `limit: 300`")
            .flatMap { positive($0, "'limit'") }
        let period = reader.required("period", hint: "say in which time, as in `period: month`")
            .flatMap { values.choice($0, "'period'", of: BudgetShape.Period.allCases.map(\.rawValue)) }
            .flatMap(BudgetShape.Period.init(rawValue:))
        var burn = BudgetShape.usualBurnRates
        if let node = reader.value("burn") {
            burn = values.items(node, "'burn'", countMax: BudgetShape.burnRatesMax).compactMap(burnRate)
        }
        guard let of, let limit, let period, !burn.isEmpty else { return nil }
        let shape = BudgetShape(limit: limit, period: period, burn: burn)
        return Window(
            measure: .budget(of: of, shape), within: shape.burnWindows.map(\.long).max() ?? period.length,
            threshold: Threshold(.atLeast, 1))
    }

    private func positive(_ node: YAMLNode, _ name: String) -> Double? {
        guard let number = values.number(node, name) else { return nil }
        guard number > 0, number <= WindowShape.magnitudeMax else {
            sink.error(at: node.range, "\(name) must be more than 0")
            return nil
        }
        return number
    }

    private func burnRate(_ node: YAMLNode) -> Double? {
        let hint = "1 spends the limit evenly over the period, as in `burn: [14.4, 6, 1]`"
        guard let rate = values.number(node, "a burn rate", hint: hint) else { return nil }
        guard BudgetShape.burnRates.contains(rate) else {
            let (least, most) = (BudgetShape.burnRates.lowerBound, BudgetShape.burnRates.upperBound)
            sink.error(
                at: node.range,
                "a burn rate must be between \(ThresholdUnit.text(least)) and \(ThresholdUnit.text(most))", hint: hint)
            return nil
        }
        return rate
    }
}
