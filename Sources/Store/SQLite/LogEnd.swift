import Events
import GRDB
import Rules

/// The last entry of the log, removed or not: the next one follows it without a gap and is not earlier.
///
/// There is one writer, so the order of inserting is the order of evaluation, and an entry has its position from the
/// first moment. Positions are never used again: the cursor remembers the last one where entries have been pruned.
struct LogEnd {
    /// The position of the entry; 0 before the first.
    private(set) var position: LogPosition
    /// Its time; before the first earlier than any.
    private(set) var at: Timestamp
    /// The greatest number that an event has or had.
    private(set) var event: Int64

    /// Looks the end up. Unevaluated entries are never pruned, so it is the last entry or the one at the cursor.
    init(in db: Database) throws {
        // Looks at the end of the table and no subquery in FROM, which would cost a temporary table each time.
        let end = try db.firstIntegers(Self.sql)
        guard let end else { throw UnreadableRecord() }
        position = end.0
        at = Timestamp(microseconds: end.1)
        event = end.2
    }

    private static let sql = """
        SELECT max(cursor, ifnull((SELECT max(position) FROM log), 0)),
            CASE WHEN (SELECT max(position) FROM log) >= cursor
                THEN (SELECT at FROM log ORDER BY position DESC LIMIT 1)
                ELSE ifnull(cursor_at, \(Int64.min)) END,
            max(event_floor, ifnull((SELECT max(id) FROM event), 0)) FROM store
        """

    /// Moves on to the entry that is accepted at `now`.
    mutating func advance(at now: Timestamp) {
        position += 1
        at = max(at, now)
    }

    /// Moves on to the entry of a new event that is accepted at `now`.
    mutating func advanceByEvent(at now: Timestamp) {
        advance(at: now)
        event += 1
    }

    /// Moves on to the entry that says how the clock was set.
    mutating func advance(by step: ClockStep) {
        at = at.advanced(by: step.by)
        advance(at: step.reading.wall)
    }
}
