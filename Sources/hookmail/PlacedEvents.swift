import Events
import Rules

/// The events of a file with the instants at which they stand: their `timestamp`, or else that of the one before.
///
/// The first ones stand where the first that has a `timestamp` stands, however far into the file that is. At the epoch,
/// years would pass before it, with everything that time brings: reminders, digests, alerts of absence.
struct PlacedEvents {
    /// Where events stand in a file without any `timestamp`: where rule tests begin.
    static let standardStart = RuleTest.standardStart

    private let lines: EventLines
    /// The instant of the last event; before the first, that of the first `timestamp`.
    private var last: Timestamp

    /// Reads on to the first `timestamp`, and back. Says which line is no event and throws an exit code.
    init(_ lines: EventLines) throws {
        self.lines = lines
        last = try lines.firstTimestamp() ?? Self.standardStart
    }

    /// The next event and its instant, or `nil` at the end. Says which line is no event and throws an exit code.
    mutating func next() throws -> (line: EventLines.Line, at: Timestamp)? {
        guard let line = try lines.next() else { return nil }
        last = line.facts.timestamp ?? last
        return (line, last)
    }
}
