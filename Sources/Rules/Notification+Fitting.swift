/// How a notification is kept below the size that can be read back.
extension Notification {
    /// The most names of rules that an alert explains and that its mail shows.
    static let inhibitsMax = 20
    /// With no more recipients, and without a summary, all other bounds together stay below the limit.
    private static let recipientsThatFit = 20

    /// The notification, shortened where it would be longer than `encodedBytesMax`: the last lines of a summary go into
    /// the count of others, then names of those it was withheld from, then deciding values. Recipients stay.
    func fitted() -> Notification {
        guard figures.summary != nil || recipients.count + figures.withheld.count > Self.recipientsThatFit else {
            return self
        }
        var fitted = self
        while fitted.encoded().count > Self.encodedBytesMax, fitted.shorten() {}
        return fitted
    }

    /// Takes half of the longest list away; `false` where nothing is left to take.
    private mutating func shorten() -> Bool {
        if let lines = figures.summary?.lines, !lines.isEmpty {
            for line in lines.suffix((lines.count + 1) / 2) { figures.summary?.countAsOther(line) }
        } else if !figures.withheld.isEmpty {
            figures.withheld.removeLast((figures.withheld.count + 1) / 2)
        } else if !figures.deciding.isEmpty {
            figures.deciding.removeLast((figures.deciding.count + 1) / 2)
        } else {
            return false
        }
        return true
    }
}

extension SummaryFigures {
    /// Counts the last line among the others.
    fileprivate mutating func countAsOther(_ line: Line) {
        lines.removeLast()
        let (count, overflow) = otherCount.addingReportingOverflow(line.count)
        otherCount = overflow ? .max : count
    }
}
