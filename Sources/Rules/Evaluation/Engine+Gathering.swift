import Events

/// What is told together and later: digests, and what was held back from a recipient.
extension Engine {
    /// Keeps something to tell for the summary of a recipient that cannot be told now.
    mutating func gather(_ telling: Telling, _ rule: Rule, for held: Notification.Withheld) {
        guard var state = recipients[held.recipient] else { return }
        let kept = silenced(state.recipient.addresses, telling, rule).map(\.recipient)
        gather(telling, rule, into: &state.gathered, recipient: held.recipient, keptFrom: kept)
        if held.reason == .quiet { state.wasQuiet = true }
        let due = release(of: state) ?? now
        recipients[held.recipient] = state
        changed.insert(.recipient(held.recipient))
        if state.deadline == nil { setSummaryDeadline(held.recipient, due) }
    }

    /// Takes something to tell into a summary.
    ///
    /// - Parameter keptFrom: Addresses that are not told of it.
    func gather(
        _ telling: Telling, _ rule: Rule, into summary: inout SummaryFigures?, recipient: String?, keptFrom: [String]
    ) {
        var gathered = summary ?? SummaryFigures(from: now, recipient: recipient)
        if let summary = telling.summary {
            gathered.merge(summary)
        } else {
            var line = line(telling, rule)
            line.keptFrom = Array(keptFrom.prefix(SummaryFigures.keptFromMax))
            if let event = telling.event { gathered.note(event: event.id) }
            gathered.gather(line)
        }
        summary = gathered
    }

    private func line(_ telling: Telling, _ rule: Rule) -> SummaryFigures.Line {
        var signature: String?
        var cost = 0.0
        if let facts = telling.event?.facts {
            if case .string(let text) = facts[.errorSignature] {
                signature = ScalarCut.text(text, scalarsMax: SummaryFigures.signatureScalarsMax)
            }
            if case .double(let amount) = facts[.cost] { cost = amount }
        }
        var line = SummaryFigures.Line(
            rule: rule.name,
            group: telling.key.text.map { ScalarCut.text($0, scalarsMax: SummaryFigures.groupScalarsMax) },
            reason: telling.reason, severity: rule.severity, count: 1, first: now, last: now,
            event: telling.event?.id ?? rules[telling.rule].groups[telling.key]?.lastEvent, signature: signature,
            cost: cost)
        line.groupValues = subject(telling, rule).group.map { .init(name: $0.name, value: $0.value) }
        return line
    }
}
