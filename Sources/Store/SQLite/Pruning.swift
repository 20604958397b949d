import Events
import GRDB
import Rules

/// One step of pruning after the other, each a short transaction of its own so that appends never wait long.
///
/// Freed pages are used again; the file gives them back (`incremental_vacuum`) only when more than a quarter of it is
/// free, a stretch at a time.
struct Pruning: Sendable {
    /// The most rows one step removes.
    static let rowsMax = 500
    /// The most body bytes one step removes.
    static let bodyBytesMax: Int64 = 64 << 20
    /// The most pages one step gives back to the file system.
    static let vacuumPagesMax = 512

    let writer: SQLiteWriter
    let bodies: any BodyStore

    func run(_ retention: Retention, now: Timestamp) async throws(StoreError) -> PruneReport {
        var counts = Counts()
        try await byAge(retention, now: now, &counts)
        try await bySize(retention.bytesMax, &counts)
        try await shrink()
        return PruneReport(bodies: counts.bodies, events: counts.events, mails: counts.mails)
    }

    /// Rows removed so far.
    struct Counts: Sendable {
        var bodies = 0
        var events = 0
        var mails = 0

        static func += (total: inout Counts, step: Counts) {
            total.bodies += step.bodies
            total.events += step.events
            total.mails += step.mails
        }
    }

    /// What one step did.
    struct Step: Sendable {
        var counts = Counts()
        /// Where the next step goes on, or `nil` when there is nothing more.
        var next: Int64?
    }

    private func byAge(_ retention: Retention, now: Timestamp, _ counts: inout Counts) async throws(StoreError) {
        // Each transaction asks anew what `now` is: with a clock that is set meanwhile, all that is stored moves.
        let clock = writer.session.clock
        let cutoff = { @Sendable (age: Duration) in clock.present(now).advanced(by: .zero - age) }
        try await repeating(&counts) { db, _ in
            try removeBodies(before: retention.bodies.map(cutoff), bytesMax: Self.bodyBytesMax, in: db)
        }
        try await repeating(&counts) { db, _ in try Self.removeMails(before: cutoff(retention.mails), in: db) }
        try await repeating(&counts) { db, from in
            try Self.removeEntries(before: cutoff(retention.events), from: from, in: db)
        }
    }

    private func bySize(_ bytesMax: Int64, _ counts: inout Counts) async throws(StoreError) {
        try await repeating(&counts) { db, _ in
            let excess = try Self.usedBytes(in: db) - bytesMax
            guard excess > 0 else { return Step() }
            return try removeBodies(before: nil, bytesMax: min(excess, Self.bodyBytesMax), in: db)
        }
        try await repeating(&counts) { db, _ in
            guard try Self.usedBytes(in: db) > bytesMax else { return Step() }
            return try Self.removeMails(before: nil, in: db)
        }
        try await repeating(&counts) { db, from in
            guard try Self.usedBytes(in: db) > bytesMax else { return Step() }
            return try Self.removeEntries(before: nil, from: from, in: db)
        }
    }

    /// Takes steps, each in a transaction, until one says that nothing is left.
    private func repeating(
        _ counts: inout Counts, _ step: @escaping @Sendable (Database, Int64) throws -> Step
    ) async throws(StoreError) {
        var next: Int64? = 0
        while let from = next {
            let done = try await writer.perform { db in try step(db, from) }
            counts += done.counts
            next = done.next
        }
    }

    // MARK: Steps

    /// Removes the oldest bodies, of log entries before `cutoff` when given, up to a number of rows and bytes.
    private func removeBodies(before cutoff: Timestamp?, bytesMax: Int64, in db: Database) throws -> Step {
        var removed: [Int64] = []
        var bytes: Int64 = 0
        let oldest = try bodies.oldest(limit: Self.rowsMax, in: db)
        let steps = try ClockSteps(in: db)
        for body in oldest {
            if let cutoff {
                guard let position = try EventPosition.of(body.event, in: db),
                    let at = try db.row("SELECT at FROM log WHERE position = ?", [position])?.time(0),
                    steps.rebased(at, at: position) < cutoff
                else { break }
            }
            removed.append(body.event)
            bytes += body.bytes
            if bytes >= bytesMax { break }
        }
        try bodies.remove(removed, in: db)
        return Step(counts: Counts(bodies: removed.count), next: removed.isEmpty ? nil : 0)
    }

    /// Removes the mails of notifications that have ended, first ended first.
    private static func removeMails(before cutoff: Timestamp?, in db: Database) throws -> Step {
        let ended: [Int64] = try db.rows(
            """
            SELECT number FROM notification
            WHERE ended_at IS NOT NULL AND ended_at < ifnull(? - (SELECT clock_offset FROM store), \(Int64.max))
            ORDER BY ended_at, number LIMIT ?
            """,
            [cutoff?.microseconds, rowsMax]
        ).map { $0[0] }
        var step = Step(next: ended.isEmpty ? nil : 0)
        for number in ended {
            step.counts.mails += try db.rowsChanged("DELETE FROM delivery WHERE notification = ?", [number])
            try db.run("DELETE FROM notification WHERE number = ?", [number])
        }
        return step
    }

    /// The position of the last snapshot of engine state, from which a restart replays.
    private static func snapshotPosition(in db: Database) throws -> LogPosition? {
        let key = StoredBytes(EvaluatorState.snapshotKey)
        guard let row = try db.row("SELECT value FROM engine_state WHERE key = ?", [key]) else { return nil }
        return EvaluatorState.snapshotPosition(row.bytes(0))
    }

    /// Removes evaluated log entries behind `from` with their events and decisions, oldest first. As the clock now
    /// counts, the time of entries never falls, so the first young one ends the work, and so does the last snapshot of
    /// engine state; events of unfinished mails are passed over, and steps of the clock while anything is older.
    private static func removeEntries(before cutoff: Timestamp?, from: Int64, in db: Database) throws -> Step {
        let rows = try db.rows(
            """
            SELECT position, event, at,
                EXISTS (SELECT 1 FROM notification n WHERE n.event = log.event AND n.ended_at IS NULL),
                kind = 'clock_step'
            FROM log WHERE position > ? AND position <= (SELECT cursor FROM store) ORDER BY position LIMIT ?
            """,
            [from, rowsMax]
        )
        var step = Step()
        var last: Int64?
        let snapshot = try snapshotPosition(in: db) ?? .max
        let steps = try ClockSteps(in: db)
        for row in rows {
            let position: LogPosition = row[0]
            let at = row.time(2).map { steps.rebased($0, at: position) }
            guard position <= snapshot, cutoff.map({ (at ?? $0) < $0 }) ?? true else {
                step.next = nil
                break
            }
            step.next = position
            if row[3] { continue }
            // Without it nobody could tell what the times of those before it are by the clock as it is now.
            if row[4], try db.row("SELECT 1 FROM log WHERE position < ? LIMIT 1", [position]) != nil { continue }
            try db.run("DELETE FROM decision WHERE position = ?", [position])
            try db.run("DELETE FROM log WHERE position = ?", [position])
            guard let event: Int64 = row[1] else { continue }
            last = event
            step.counts.bodies += try db.rowsChanged("DELETE FROM body WHERE event = ?", [event])
            step.counts.events += try db.rowsChanged("DELETE FROM event WHERE id = ?", [event])
            try db.run("DELETE FROM event_position WHERE event = ?", [event])
        }
        // It may have been the newest one, whose number must not come again; numbers rise with the log.
        if let last { try db.run("UPDATE store SET event_floor = max(event_floor, ?)", [last]) }
        return step
    }

    /// The bytes of pages in use.
    private static func usedBytes(in db: Database) throws -> Int64 {
        let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        return (pages - free) * size
    }

    /// Gives free pages back while they are more than a quarter of the file and more than one stretch.
    private func shrink() async throws(StoreError) {
        var isWorthIt = true
        while isWorthIt {
            isWorthIt = try await writer.perform { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
                guard free > Self.vacuumPagesMax, free > pages / 4 else { return false }
                try db.execute(sql: "PRAGMA incremental_vacuum(\(Self.vacuumPagesMax))")
                return try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0 < free
            }
        }
    }
}
