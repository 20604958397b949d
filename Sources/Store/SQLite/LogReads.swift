import Events
import GRDB
import Rules

/// What the evaluator reads.
enum LogReads {
    /// The oldest entries behind the cursor.
    static func unevaluated(limit: Int, in db: Database) throws -> [PendingEntry] {
        let rows = try db.rows(
            """
            SELECT l.position, l.at, l.kind, l.payload, \(Row.eventKeyColumns), e.id, e.received_at,
                e.revises IS NOT NULL, e.facts
            FROM log l LEFT JOIN event e ON e.id = l.event
            WHERE l.position > (SELECT cursor FROM store) ORDER BY l.position LIMIT ?
            """,
            [max(0, limit)]
        )
        return try rows.map { row in
            PendingEntry(row: row[0], at: row.time(1) ?? Timestamp(microseconds: 0), change: try change(row))
        }
    }

    /// Evaluated entries behind a position.
    static func entries(after position: LogPosition, limit: Int, in db: Database) throws -> [LogEntry] {
        let rows = try db.rows(
            """
            SELECT l.position, l.at, l.kind, l.payload, \(Row.eventKeyColumns), e.id, e.received_at,
                e.revises IS NOT NULL, e.facts
            FROM log l LEFT JOIN event e ON e.id = l.event
            WHERE l.position > ? AND l.position <= (SELECT cursor FROM store) ORDER BY l.position LIMIT ?
            """,
            [position, max(0, limit)]
        )
        return try rows.map { row in
            LogEntry(position: row[0], at: row.time(1) ?? Timestamp(microseconds: 0), change: try change(row))
        }
    }

    private static func change(_ row: Row) throws -> LogEntry.Change {
        guard let event: Int64 = row[8] else {
            // An entry that cannot be read must not block the log for ever: it passes by like the clock.
            return (try? LogEntry.Change(kind: row[2], payload: row.bytes(3))) ?? .clock
        }
        return .event(
            LoggedEvent(
                id: event, key: try row.eventKey(4), receivedAt: row.time(9) ?? Timestamp(microseconds: 0),
                isRevision: row[10], facts: try row.facts(11)
            )
        )
    }

    /// Where evaluation stands.
    static func evaluatorState(in db: Database) throws -> EvaluatorState {
        guard let store = try db.row("SELECT cursor, cursor_at FROM store") else { throw UnreadableRecord() }
        let rows = try db.rows("SELECT key, value FROM engine_state ORDER BY key").map { row in
            EngineStateRow(key: row.text(0) ?? "", value: row.bytes(1))
        }
        return EvaluatorState(cursor: store[0], at: store.time(1), rows: rows)
    }
}
