import Events

/// How matches are gathered into a summary.
extension SummaryFigures {
    /// Takes a match: into the line that is like it, into a new one, or, when there are too many, into the count of
    /// others.
    package mutating func gather(_ line: Line) {
        to = max(to, line.last)
        let like = lines.lastIndex { kept in
            kept.rule.utf8.elementsEqual(line.rule.utf8) && kept.reason == line.reason
                && (kept.group ?? "").utf8.elementsEqual((line.group ?? "").utf8)
                && (kept.signature ?? "").utf8.elementsEqual((line.signature ?? "").utf8)
                && kept.keptFrom == line.keptFrom && kept.groupValues == line.groupValues
        }
        if let like {
            let (count, overflow) = lines[like].count.addingReportingOverflow(line.count)
            lines[like].count = overflow ? .max : count
            lines[like].last = max(lines[like].last, line.last)
            lines[like].event = line.event ?? lines[like].event
            // What is beyond all numbers could not be kept.
            lines[like].cost = min(max(lines[like].cost + line.cost, -Self.costMax), Self.costMax)
        } else if lines.count < Self.linesMax {
            lines.append(line)
        } else {
            countOthers(line.count)
            countOthers(line.count, of: line.rule)
        }
    }

    /// Notes the event behind a match that is about to be gathered; numbers of events rise with the log. Where matches
    /// are here whose events nobody noted, as of a version before, none are.
    mutating func note(event: Int64) {
        guard events != nil || (lines.isEmpty && otherCount == 0) else { return }
        events = min(events?.lowerBound ?? event, event)...max(events?.upperBound ?? event, event)
    }

    /// Takes everything of another summary.
    mutating func merge(_ other: SummaryFigures) {
        if let events = other.events {
            note(event: events.lowerBound)
            note(event: events.upperBound)
        } else if !other.lines.isEmpty || other.otherCount > 0 {
            events = nil
        }
        for line in other.lines { gather(line) }
        countOthers(other.otherCount)
        for (rule, count) in other.otherRules.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            countOthers(count, of: rule)
        }
    }

    /// What remains without some of the lines and of the rules of others: of no rule that is left out is told. In a
    /// notification's form, without whom it is kept from.
    ///
    /// - Parameter isLeftOut: Is asked for the number of each line.
    func remaining(isLeftOut: (Int) -> Bool, leavesOutRule: (String) -> Bool) -> SummaryFigures {
        var rest = SummaryFigures(from: from, recipient: recipient)
        rest.to = to
        rest.events = events
        // Lines that differ only in whom they are kept from become one.
        for (number, var line) in lines.enumerated() where !isLeftOut(number) {
            line.keptFrom = []
            line.groupValues = nil
            rest.gather(line)
        }
        let left = otherRules.filter { leavesOutRule($0.key) }.reduce(0) { $0.addingClamped($1.value) }
        rest.otherCount = max(0, otherCount - left)
        if rest.otherCount == 0, let first = rest.lines.map(\.first).min(), let last = rest.lines.map(\.last).max() {
            rest.from = first
            rest.to = last
        }
        return rest
    }

    private mutating func countOthers(_ count: Int) { otherCount = otherCount.addingClamped(count) }

    private mutating func countOthers(_ count: Int, of rule: String) {
        guard otherRules[rule] != nil || otherRules.count < Self.otherRulesMax else { return }
        otherRules[rule] = (otherRules[rule] ?? 0).addingClamped(count)
    }
}

extension Int {
    /// The sum, or the greatest number where it is beyond.
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
