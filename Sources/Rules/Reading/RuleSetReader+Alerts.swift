import Expressions

/// The keys beside a window: `for`, `recover`, `remind` and the others.
extension RuleSetReader {
    /// How long a threshold or a recovery may have to hold.
    private static let holdSpans: ClosedRange<Duration> = .seconds(1) ... .seconds(7 * 86_400)
    /// How long after a mail a lasting alert may be mailed again.
    private static let reminderSpans: ClosedRange<Duration> = .seconds(60) ... .seconds(31 * 86_400)
    /// The most samples that may be asked for.
    private static let samplesMax: Int64 = 1_000_000
    /// After how many reminders at the latest an alert goes to others.
    private static let remindersMax: Int64 = 1_000
    /// How many times as long as its window a threshold may have to hold before that is remarked on.
    private static let holdPeriodsMax = 10

    /// Reads the keys.
    ///
    /// - Parameters:
    ///   - kind: The window's key, or `nil` for a rule without one, which can have none of these keys.
    ///   - window: The window, unless it is faulty.
    func alertKeys(
        _ rule: MappingReader, _ kind: WindowKind?, _ window: Window?, hasDigest: Bool, from book: RecipientBook
    ) -> AlertKeys {
        let entries = Dictionary(
            AlertKeys.names.compactMap { name in rule.entry(name).map { (name, $0) } }, uniquingKeysWith: { $1 })
        var keys = AlertKeys()
        keys.remind = Window.remindStandard(hasDigest: hasDigest)
        guard let kind else {
            for entry in entries.values {
                sink.error(
                    at: entry.keyRange, "'\(entry.key)' has no effect on a rule without a window",
                    hint: "add a window such as `\(WindowKind.count.example)`, or remove '\(entry.key)'")
            }
            return keys
        }
        for entry in entries.values {
            guard let refusal = kind.refusal(of: entry.key) else { continue }
            sink.error(
                at: entry.keyRange, "'\(entry.key)' has no effect on '\(kind.rawValue)': \(refusal)",
                hint: "remove '\(entry.key)'")
        }
        let values = entries.mapValues(\.value)
        keys.samplesMin = values["min_samples"].flatMap { samplesMin($0, window) }
        keys.holdFor = values["for"].flatMap { holdFor($0, window) } ?? .zero
        keys.recover = values["recover"].flatMap { recover($0, kind, window) }
        keys.keepFiringFor =
            values["keep_firing_for"].flatMap {
                self.values.duration($0, "'keep_firing_for'", within: Self.holdSpans)
            } ?? .zero
        keys.noData = choice(values["no_data"], "'no_data'") ?? .close
        keys.resolves = values["resolve"].flatMap { self.values.flag($0, "'resolve'") } ?? true
        keys.clock = choice(values["clock"], "'clock'") ?? .received
        if let entry = entries["remind"] { keys.remind = remind(entry, hasDigest: hasDigest) }
        if let entry = entries["escalate"] {
            keys.escalation = escalation(entry, from: book)
            if keys.remind == nil {
                sink.error(
                    at: entry.keyRange, "'escalate' needs reminders, and this rule sends none",
                    hint: hasDigest ? "a rule with a digest has no reminders" : "set `remind: 4h`")
            }
        }
        return keys
    }

    private func choice<Word: RawRepresentable & CaseIterable>(
        _ node: YAMLNode?, _ name: String
    ) -> Word? where Word.RawValue == String {
        node.flatMap { values.choice($0, name, of: Word.allCases.map(\.rawValue)) }.flatMap(Word.init(rawValue:))
    }

    // MARK: Beginning

    private func samplesMin(_ node: YAMLNode, _ window: Window?) -> Int? {
        guard let samples = values.wholeNumber(node, "'min_samples'", within: 1...Self.samplesMax) else { return nil }
        guard let window, case .count = window.measure else { return Int(samples) }
        let limit = ThresholdUnit.text(window.threshold.limit)
        let contradicts =
            switch window.threshold.comparison {
            case .above: Double(samples) > window.threshold.limit + 1
            case .atLeast, .atMost: Double(samples) > window.threshold.limit
            case .below: Double(samples) >= window.threshold.limit
            }
        if contradicts {
            sink.error(
                at: node.range,
                "\(samples) samples do not go with a count \(window.threshold.comparison.words) \(limit)",
                hint: "a count's samples are the count itself; remove 'min_samples'")
            return nil
        }
        return Int(samples)
    }

    private func holdFor(_ node: YAMLNode, _ window: Window?) -> Duration? {
        guard let span = values.duration(node, "'for'", within: Self.holdSpans) else { return nil }
        guard let window else { return span }
        switch window.measure {
        case .absent, .firstSeen, .budget: return span
        default: break
        }
        if span / Self.holdPeriodsMax > window.within {
            sink.warning(
                at: node.range,
                "'for' is more than \(Self.holdPeriodsMax) times 'within': only what lasts over many windows fires",
                hint: "a longer 'within' says the same with fewer chances to miss it")
        }
        return span
    }

    // MARK: End

    private func recover(_ node: YAMLNode, _ kind: WindowKind, _ window: Window?) -> Threshold? {
        guard let reader = MappingReader(node, subject: "'recover'", sink: sink) else { return nil }
        defer { reader.finish() }
        guard let recover = threshold(reader, kind.unit, example: "recover: {below: 2}") else { return nil }
        guard let threshold = window?.threshold else { return recover }
        let written = JSONText.plain(kind.unit.written(threshold.limit))
        let side = threshold.comparison.isLower ? "above or at_least" : "below or at_most"
        guard recover.comparison.isLower != threshold.comparison.isLower else {
            sink.error(
                at: node.range,
                "the alert begins \(threshold.comparison.words) \(written), so it cannot end on the same side",
                hint: "'recover' takes \(side)")
            return nil
        }
        let (begin, end) = (threshold.limit, recover.limit)
        let isBeyond = threshold.comparison.isLower ? end > begin : end < begin
        let meetAtLimit = end == begin && threshold.holds(begin) && recover.holds(begin)
        guard isBeyond || (end == begin && !meetAtLimit) else {
            sink.error(
                at: node.range,
                "the alert begins \(threshold.comparison.words) \(written), where it would have ended already",
                hint: "choose a limit \(threshold.comparison.isLower ? "above" : "below") \(written)")
            return nil
        }
        return recover
    }

    private func remind(_ entry: YAMLEntry, hasDigest: Bool) -> Duration? {
        if case .scalar(let scalar) = entry.value.content, scalar.text == "never" { return nil }
        let span = values.duration(entry.value, "'remind'", within: Self.reminderSpans)
        if hasDigest, span != nil {
            sink.error(
                at: entry.keyRange, "a rule with a digest has no reminders", hint: "remove 'remind' or 'digest'")
            return nil
        }
        return span ?? Window.remindStandard(hasDigest: hasDigest)
    }

    private func escalation(_ entry: YAMLEntry, from book: RecipientBook) -> Window.Escalation? {
        guard let reader = MappingReader(entry.value, subject: "'escalate'", sink: sink) else { return nil }
        defer { reader.finish() }
        let after = reader.required("after", hint: "say after how many reminders, as in `after: 3`")
            .flatMap { values.wholeNumber($0, "'after'", within: 1...Self.remindersMax) }
        let notify = reader.required("notify", hint: "say who is told then, as in `notify: lead@example.com`")
            .map { read(notify: $0, from: book) }
        guard let after, let notify else { return nil }
        return Window.Escalation(reminders: Int(after), recipients: notify.recipients)
    }
}
