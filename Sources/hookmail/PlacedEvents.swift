import Events
import Rules

/// The events of a file with the instants at which they stand: their `timestamp`, or else that of the one before.
///
/// The first ones wait for the first that has a `timestamp` and stand where it stands. At the epoch, years would pass
/// before it, with everything that time brings: reminders, digests, alerts of absence.
struct PlacedEvents {
    /// The most events that wait for one with a `timestamp`: about 40 MB of facts. Behind so many the file is taken to
    /// have none, and they stand at `standardStart`.
    static let waitingMax = 10_000
    /// Where events stand in a file without any `timestamp`: where rule tests begin.
    static let standardStart = RuleTest.standardStart

    private let source: () throws -> EventLines.Line?
    /// What was read and not given out, in the order of the file.
    private var waiting: [EventLines.Line] = []
    /// How many of those were given out.
    private var given = 0
    /// The instant of the last event, once there is one.
    private var last: Timestamp?

    /// - Parameter source: Gives the next event of the file, or `nil` at its end.
    init(_ source: @escaping () throws -> EventLines.Line?) {
        self.source = source
    }

    /// The next event and its instant, or `nil` at the end.
    mutating func next() throws -> (line: EventLines.Line, at: Timestamp)? {
        let start = try last ?? findStart()
        last = start
        let line: EventLines.Line
        if given < waiting.count {
            line = waiting[given]
            given += 1
        } else {
            waiting = []
            given = 0
            guard let read = try source() else { return nil }
            line = read
        }
        let at = line.facts.timestamp ?? start
        last = at
        return (line, at)
    }

    /// Reads up to the first event with a `timestamp`.
    private mutating func findStart() throws -> Timestamp {
        while waiting.count < Self.waitingMax, let line = try source() {
            waiting.append(line)
            if let instant = line.facts.timestamp { return instant }
        }
        return Self.standardStart
    }
}
