package import Events

extension Notification {
    /// The same notification with the operator's patterns taken out of everything that came with events, for its mail.
    package func redacted(by patterns: RedactionPatterns) -> Notification {
        guard !patterns.isEmpty else { return self }
        let change = patterns.redacted
        var copy = self
        copy.group = group.map(change)
        copy.figures.facts = figures.facts.mappingTexts(change)
        copy.figures.deciding = Self.mapped(figures.deciding, change)
        copy.figures.group = Self.mapped(figures.group, change)
        if let seen = figures.window?.seen { copy.figures.window?.seen = change(seen) }
        copy.figures.breakdown = figures.breakdown?.mappingTexts(change)
        copy.figures.summary = figures.summary?.mappingTexts(change)
        // An address with what would be taken out of it is none that is shown.
        copy.figures.logs = figures.logs.filter { log in
            change(log.address) == log.address && change(log.decodedAddress) == log.decodedAddress
        }
        copy.figures.content = figures.content.map { content in
            ShownContent(
                wanted: content.wanted, body: content.body,
                excerpts: content.excerpts.map {
                    ShownContent.Excerpt(path: $0.path, text: change($0.text), scalarsLeft: $0.scalarsLeft)
                })
        }
        return copy
    }

    /// Facts of an event without what the operator's patterns take out.
    package static func redacted(_ facts: Facts, by patterns: RedactionPatterns) -> Facts {
        patterns.isEmpty ? facts : facts.mappingTexts(patterns.redacted)
    }

    private static func mapped(_ values: [DecidingValue], _ change: (String) -> String) -> [DecidingValue] {
        values.map { DecidingValue(name: $0.name, value: change($0.value)) }
    }
}

extension SummaryFigures {
    /// The same summary with other texts of events.
    fileprivate func mappingTexts(_ change: (String) -> String) -> SummaryFigures {
        var copy = self
        for index in lines.indices {
            copy.lines[index].group = lines[index].group.map(change)
            copy.lines[index].signature = lines[index].signature.map(change)
        }
        return copy
    }
}
