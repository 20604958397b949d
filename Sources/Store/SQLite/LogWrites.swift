import Events
import GRDB
import Rules

/// An event with its facts encoded: made by the caller, so that the writer's thread does nothing but write.
struct PreparedEvent: Sendable {
    let event: VerifiedEvent
    let facts: [UInt8]

    init(_ event: VerifiedEvent) {
        self.event = event
        facts = event.facts.encoded()
    }
}

/// What came of appending events.
struct LogAppend: Sendable {
    /// What each event was.
    var appended: [Appended] = []
    /// The log entries that were made.
    var entries: [PendingEntry] = []
}

/// What enters the log. All of it runs on the writer's thread.
struct LogWrites: Sendable {
    let bodies: any BodyStore
    let storesBodies: Bool
    let digestKeysKept: Duration
    /// Where the log ended when this last wrote to it.
    let knownEnd: KnownLogEnd
    /// The wall clock, or `nil` where nobody looks at it.
    let clock: WatchedClock?

    /// Stores events or finds that they are known.
    func append(_ events: [PreparedEvent], in db: Database) throws -> LogAppend {
        var end = try knownEnd.end(in: db)
        var result = LogAppend()
        for prepared in events {
            let event = prepared.event
            var next = end
            next.advanceByEvent(at: clock.present(event.receivedAt))
            let appended = try append(prepared, at: next, in: db)
            result.appended.append(appended)
            if case .duplicate = appended { continue }
            end = next
            try db.insert(
                "INSERT INTO log (position, at, kind, event) VALUES (?, ?, 'event', ?)",
                [.integer(end.position), .integer(end.at.microseconds), .integer(appended.id)]
            )
            result.entries.append(Self.entry(event, appended, at: end))
            if storesBodies { try bodies.insert(event.body, event: appended.id, in: db) }
        }
        knownEnd.remember(end, in: db)
        return result
    }

    /// The entry as reading it back would give it.
    private static func entry(_ event: VerifiedEvent, _ appended: Appended, at end: LogEnd) -> PendingEntry {
        let isRevision = if case .revision = appended { true } else { false }
        let logged = LoggedEvent(
            id: appended.id, key: event.key, receivedAt: event.receivedAt, isRevision: isRevision, facts: event.facts)
        return PendingEntry(row: end.position, at: end.at, change: .event(logged))
    }

    /// Appends an entry that is no event.
    static func append(_ change: LogEntry.Change, at now: Timestamp, in db: Database) throws {
        var end = try LogEnd(in: db)
        end.advance(at: now)
        try insert(change, at: end, in: db)
    }

    /// Writes that the clock was set, and moves what mails wait for and what their age counts from.
    static func append(_ step: ClockStep, in db: Database) throws {
        var end = try LogEnd(in: db)
        end.advance(by: step)
        try insert(.clockStep(by: step.by), at: end, in: db)
        try OutboxWrites.shift(by: step.by, in: db)
    }

    private static func insert(_ change: LogEntry.Change, at end: LogEnd, in db: Database) throws {
        try db.run(
            "INSERT INTO log (position, at, kind, payload) VALUES (?, ?, ?, ?)",
            [end.position, end.at.microseconds, change.kind, StoredBytes(change.payload)]
        )
    }

    /// The common case, a new key, is one statement; only a known key is looked at closer.
    private func append(_ prepared: PreparedEvent, at end: LogEnd, in db: Database) throws -> Appended {
        if try insert(prepared, at: end, revises: nil, in: db) { return .stored(end.event) }
        let event = prepared.event
        let known = try db.row(
            """
            SELECT id, digest, received_at FROM event
            WHERE source = ? AND type = ? AND key = ? AND holds_key = 1
            """,
            [StoredBytes(event.key.source), StoredBytes(event.key.type), StoredBytes(event.key.id)]
        )
        guard let known else { throw UnreadableRecord() }
        let first: Int64 = known[0]
        if event.key.origin == .digest, let receivedAt = known.time(2),
            try ClockSteps(in: db).rebased(receivedAt, ofEvent: first, in: db).advanced(by: digestKeysKept)
                <= clock.present(event.receivedAt)
        {
            try db.run("UPDATE event SET holds_key = 0 WHERE id = ?", [first])
            guard try insert(prepared, at: end, revises: nil, in: db) else { throw UnreadableRecord() }
            return .stored(end.event)
        }
        if known.bytes(1) == event.digest { return .duplicate(first) }
        let revision = try db.row(
            "SELECT id FROM event WHERE revises = ? AND digest = ?", [first, StoredBytes(event.digest)]
        )
        if let revision { return .duplicate(revision[0]) }
        guard try insert(prepared, at: end, revises: first, in: db) else { throw UnreadableRecord() }
        return .revision(end.event)
    }

    /// Inserts an event, or returns `false` when its key is held already.
    private func insert(
        _ prepared: PreparedEvent, at end: LogEnd, revises: Int64?, in db: Database
    ) throws -> Bool {
        let event = prepared.event
        try db.insert(
            """
            INSERT INTO event
                (id, source, type, key, origin, holds_key, revises, received_at, body_bytes, digest, facts, position)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, type, key) WHERE holds_key = 1 DO NOTHING
            """,
            [
                .integer(end.event), .utf8(event.key.source), .utf8(event.key.type), .utf8(event.key.id),
                .text(event.key.origin.rawValue), .integer(revises == nil ? 1 : 0),
                revises.map(SQLValue.integer) ?? .null,
                .integer(event.receivedAt.microseconds), .integer(Int64(event.body.count)), .bytes(event.digest),
                .bytes(prepared.facts), .integer(end.position),
            ]
        )
        return db.changesCount == 1
    }
}
