import Events

extension Notification {
    /// The same notification with the operator's patterns taken out of everything that came with events, for its mail.
    package func redacted(by patterns: RedactionPatterns) -> Notification {
        guard !patterns.isEmpty else { return self }
        let change = patterns.redacted
        var figures = figures.replacing(
            facts: figures.facts.mappingTexts(change),
            deciding: figures.deciding.map { DecidingValue(name: $0.name, value: change($0.value)) })
        figures.group = figures.group.map { DecidingValue(name: $0.name, value: change($0.value)) }
        if let seen = figures.window?.seen { figures.window?.seen = change(seen) }
        figures.breakdown = figures.breakdown?.mappingTexts(change)
        figures.summary = figures.summary?.mappingTexts(change)
        figures.content = figures.content.map { content in
            ShownContent(
                wanted: content.wanted, body: content.body,
                excerpts: content.excerpts.map {
                    ShownContent.Excerpt(path: $0.path, text: change($0.text), scalarsLeft: $0.scalarsLeft)
                })
        }
        return Notification(
            id: id, rule: rule, group: group.map(change), reason: reason, severity: severity, at: at,
            recipients: recipients, template: template, subject: subject, holdsThrottleSlot: holdsThrottleSlot,
            figures: figures)
    }
}

extension Notification.Figures {
    /// The same figures with other texts of the event.
    fileprivate func replacing(facts: Facts, deciding: [Notification.DecidingValue]) -> Self {
        var copy = Self(
            event: event, facts: facts, condition: condition, deciding: deciding, heldBack: heldBack,
            heldBackSince: heldBackSince, throttle: throttle, nextMailAt: nextMailAt)
        copy.group = group
        copy.window = window
        copy.summary = summary
        copy.breakdown = breakdown
        copy.content = content
        copy.withheld = withheld
        copy.inhibits = inhibits
        return copy
    }
}

extension SummaryFigures {
    /// The same summary with other texts of events.
    fileprivate func mappingTexts(_ change: (String) -> String) -> SummaryFigures {
        var copy = self
        copy.lines = lines.map { line in
            Line(
                rule: line.rule, group: line.group.map(change), reason: line.reason, severity: line.severity,
                count: line.count, first: line.first, last: line.last, event: line.event,
                signature: line.signature.map(change), cost: line.cost)
        }
        return copy
    }
}
