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
            let (count, overflow) = otherCount.addingReportingOverflow(line.count)
            otherCount = overflow ? .max : count
        }
    }

    /// Takes everything of another summary.
    mutating func merge(_ other: SummaryFigures) {
        for line in other.lines { gather(line) }
        let (count, overflow) = otherCount.addingReportingOverflow(other.otherCount)
        otherCount = overflow ? .max : count
    }
}
