import Events
import GRDB
import Rules
import TestSupport
import Testing

@testable import Store

/// Databases of earlier versions are brought up and go on.
@Suite(.timeLimit(.minutes(2)))
struct MigrationTests {
    /// Version 2 numbered rows by the insert and used numbers again once the newest rows had been removed, so number
    /// and position differ.
    @Test func aLogOfVersion2KeepsItsPositionsAndGoesOn() async throws {
        let fixture = try SQLiteFixture()
        try makeVersion2(fixture) { db in
            try db.execute(sql: "UPDATE store SET cursor = 7, cursor_at = ?", arguments: [noon.microseconds])
            for id in 3...6 { try insertEvent(id, in: db) }
            let ruleSet = LogEntry.Change.ruleSet(hash: "abc", text: "rules: []")
            let rows: [(Int, Int?, String, Int?, [UInt8]?)] = [
                (1, 4, "event", 3, nil), (2, 5, "rule_set", nil, ruleSet.payload), (3, 7, "event", 4, nil),
                (4, nil, "event", 5, nil), (5, nil, "clock", nil, LogEntry.Change.clock.payload),
                (7, nil, "event", 6, nil),
            ]
            for (number, position, kind, event, payload) in rows {
                try db.execute(
                    sql: "INSERT INTO log (number, position, at, kind, event, payload) VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [
                        number, position, (noon + number).microseconds, kind, event, payload.map { StoredBytes($0) },
                    ])
            }
            try db.execute(
                sql: """
                    INSERT INTO decision (position, at, event, rule, outcome, detail)
                    VALUES (7, 1, 4, x'61', 'suppressed', CAST('throttled' AS BLOB))
                    """)
        }
        try await fixture.withStore { store in
            #expect(try await positions(of: 3...6, in: store) == [4, 7, nil, nil])
            #expect(try await store.decisions(aboutEvent: 4).map(\.position) == [7])
            #expect(try await store.ruleSet(inForceAt: 7)?.hash == "abc")
            #expect(try await store.ruleSet(inForceAt: 5) == nil)
            #expect(try await store.status(now: noon).unevaluated == 3)
            let waiting = try await store.unevaluated(limit: 9)
            #expect(waiting.map(\.change.kind) == ["event", "clock", "event"])
            #expect(waiting.map(\.at) == [noon + 4, noon + 5, noon + 7])

            try await store.evaluateAll()
            #expect(try await positions(of: 3...6, in: store) == [4, 7, 8, 10])
            let next = try await store.append(EventMaker.event("log-1", receivedAt: noon)).id
            #expect(next == 7)
            #expect(try await store.unevaluated(limit: 9).map(\.at) == [noon + 7])
            try await store.evaluateAll()
            #expect(try await positions(of: 7...7, in: store) == [11])
            try await expectSound(store)
        }
    }

    @Test func anEmptyLogOfVersion2GoesOnBehindItsCursor() async throws {
        let fixture = try SQLiteFixture()
        try makeVersion2(fixture) { db in
            try db.execute(sql: "UPDATE store SET cursor = 7, cursor_at = ?", arguments: [(noon + 9).microseconds])
        }
        try await fixture.withStore { store in
            let event = try await store.append(EventMaker.event("log-1", receivedAt: noon)).id
            #expect(try await store.unevaluated(limit: 9).map(\.at) == [noon + 9])
            try await store.evaluateAll()
            #expect(try await positions(of: event...event, in: store) == [8])
            try await expectSound(store)
        }
    }

    /// A list of words in a check, or a subquery, would make SQLite build a temporary table for every row.
    @Test(arguments: [
        "INSERT INTO event (source, type, key, origin, holds_key, received_at, body_bytes, digest, facts) VALUES "
            + "(x'61', x'', x'61', 'digest', 1, 0, 0, zeroblob(32), x'')",
        "INSERT INTO log (position, at, kind, event) VALUES (1, 0, 'event', 1)",
        "INSERT INTO body (event, bytes, content) VALUES (1, 0, x'')",
        "INSERT INTO decision (position, at, rule, outcome, detail) VALUES (1, 0, x'61', 'notified', x'')",
        "UPDATE delivery SET state = 'sending', next_at = NULL, lease_until = 1",
    ])
    func aRowCostsNoTemporaryTable(statement: String) async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let steps = try await store.writer.perform { db in
                try Row.fetchAll(db, sql: "EXPLAIN " + statement).map { row -> String in row["opcode"] }
            }
            #expect(!steps.isEmpty && !steps.contains("OpenEphemeral"))
        }
    }

    @Test(arguments: [("delivery", true), ("unique_id", true), ("id", true), ("digest", true), ("hearsay", false)])
    func anEventHasAKnownOrigin(origin: String, isKnown: Bool) async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let insert = {
                try await store.writer.perform { db in
                    try db.execute(
                        sql: """
                            INSERT INTO event
                                (source, type, key, origin, holds_key, received_at, body_bytes, digest, facts)
                            VALUES (x'61', x'', x'61', ?, 1, 0, 0, zeroblob(32), x'')
                            """, arguments: [origin])
                }
            }
            if isKnown {
                try await insert()
            } else {
                await #expect(throws: StoreError.self) { try await insert() }
            }
        }
    }

    @Test func aLogOfAnEarlierVersionIsTheSameAndTellsWhenTheClockIsSet() async throws {
        let fixture = try SQLiteFixture()
        try make(version: 4, fixture) { db in
            try db.execute(sql: "UPDATE store SET cursor = 1, cursor_at = ?", arguments: [noon.microseconds])
            for id in 1...2 {
                try insertEvent(id, in: db)
                try db.execute(
                    sql: "INSERT INTO log (position, at, kind, event) VALUES (?, ?, 'event', ?)",
                    arguments: [id, (noon + id).microseconds, id])
            }
        }
        let options = StoreOptions(
            freeBytes: { .max }, clock: { ClockReading(wall: noon + -3_600, elapsed: .zero) })
        try await fixture.withStore(options: options) { store in
            #expect(try await positions(of: 1...2, in: store) == [1, nil])
            #expect(try await store.noteClock())
            #expect(try await store.unevaluated(limit: 9).map(\.change.kind) == ["event", "clock_step"])
            #expect(try await store.unevaluated(limit: 9).map(\.at) == [noon + 2, noon + -3_600])
            try await expectSound(store)
        }
    }

    /// What ended under version 6 has its age, also over a step of the clock that comes later.
    @Test(arguments: [-86_400, 86_400]) func anEndedMailOfVersion6KeepsItsAge(step: Int) async throws {
        let fixture = try SQLiteFixture()
        try make(version: 6, fixture) { db in
            try db.execute(sql: "UPDATE store SET cursor = 1, cursor_at = ?", arguments: [noon.microseconds])
            try insertEvent(1, in: db)
            try db.execute(
                sql: "INSERT INTO log (position, at, kind, event) VALUES (1, ?, 'event', 1)",
                arguments: [noon.microseconds])
            let notification = try NotificationMaker.notification()
            try db.execute(
                sql: "INSERT INTO notification (id, event, holds_slot, ended_at, content) VALUES (x'31', 1, 0, ?, ?)",
                arguments: [noon.microseconds, StoredBytes(notification.encoded())])
            try db.execute(
                sql: """
                    INSERT INTO delivery
                        (notification, recipient, severity, state, attempts, created_at, age_from, ended_at)
                    VALUES (1, x'61', 1, 'accepted', 1, ?1, ?1, ?1)
                    """, arguments: [noon.microseconds])
        }
        let clock = SetClock()
        try await fixture.withStore(options: clock.options) { store in
            try await expectSound(store)
            #expect(try await store.delivery(1)?.record.endedAt == noon)
            clock.set(by: step)
            #expect(try await store.noteClock())
            clock.advance(29 * 86_400)
            #expect(try await store.prune(Retention(), now: clock.now).mails == 0)
            clock.advance(Int(Retention().mails.components.seconds) - 29 * 86_400 + 1)
            #expect(try await store.prune(Retention(), now: clock.now).mails == 1)
        }
    }

    /// A store of version 7 remembers nothing yet, and keeps what it is given over a restart.
    @Test func aStoreOfVersion7RemembersFromNowOn() async throws {
        let fixture = try SQLiteFixture()
        try make(version: 7, fixture) { db in
            try db.execute(
                sql: "UPDATE store SET cursor = 1, cursor_at = ?, clock_offset = 5", arguments: [noon.microseconds])
            try insertEvent(1, in: db)
            try db.execute(
                sql: "INSERT INTO log (position, at, kind, event) VALUES (1, ?, 'event', 1)",
                arguments: [noon.microseconds])
        }
        try await fixture.withStore { store in
            try await expectSound(store)
            #expect(try await store.event(1)?.position == 1)
            #expect(try await store.memo(.operators) == nil)
            try await store.keep([1, 2, 3], as: .operators, now: noon)
        }
        try await fixture.withStore { store async throws -> Void in
            #expect(try await store.memo(.operators) == Memo(content: [1, 2, 3], clockStep: .zero))
        }
    }

    /// A store of version 8 may have numbers that no event has: each duplicate took one.
    @Test(arguments: [0, 30]) func aStoreOfVersion8GoesOnBehindItsNumbers(duplicates: Int) async throws {
        let fixture = try SQLiteFixture()
        let cursor = 7
        try make(version: 8, fixture) { db in
            try db.execute(
                sql: "UPDATE store SET cursor = ?, cursor_at = ?", arguments: [cursor, (noon + 9).microseconds])
            for (position, event) in [(2, 1), (4, 2), (7, 3 + duplicates), (8, 4 + duplicates)] {
                try insertEvent(event, in: db)
                try db.execute(
                    sql: "INSERT INTO log (position, at, kind, event) VALUES (?, ?, 'event', ?)",
                    arguments: [position, (noon + position).microseconds, event])
            }
            try db.execute(
                sql: "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'event'", arguments: [duplicates])
        }
        let last = Int64(4 + duplicates)
        let first = last + Int64(duplicates) + 1
        try await fixture.withStore { store in
            try await expectSound(store)
            #expect(try await positions(of: 1...2, in: store) == [2, 4])
            #expect(try await store.event(last - 1)?.position == 7)
            #expect(try await store.event(last)?.position == nil)
            #expect(try await store.append(EventMaker.event("new", receivedAt: noon + 20)) == .stored(first))
            #expect(try await store.append(EventMaker.event("new", receivedAt: noon + 21)) == .duplicate(first))
            try await store.append(.clock, at: noon + 22)
            #expect(try await store.append(EventMaker.event("newer", receivedAt: noon + 23)) == .stored(first + 1))
            try await store.evaluateAll()
            #expect(try await store.event(last)?.position == 8)
            #expect(try await store.event(first + 1)?.position == 11)
            #expect(
                try await store.events(before: nil, limit: 9).map(\.id) == [first + 1, first, last, last - 1, 2, 1])
            let young = Retention(bodies: .seconds(5), events: .seconds(12), mails: .zero)
            let report = try await store.prune(young, now: noon + 20)
            #expect(report.events == 3 && report.bodies == 4)
            #expect(try await store.events(before: nil, limit: 9).map(\.id) == [first + 1, first, last])
            #expect(try await store.number("SELECT count(*) FROM event_position") == 1)
        }
        try await fixture.withStore { store in
            let report = try await store.prune(Retention(bodies: .zero, events: .zero, mails: .zero), now: noon + 99)
            #expect(report.events == 3)
        }
        // Whatever was removed, no number comes twice.
        try await fixture.withStore { store async throws -> Void in
            #expect(try await store.append(EventMaker.event("newest", receivedAt: noon + 99)) == .stored(first + 2))
        }
    }

    private func makeVersion2(_ fixture: SQLiteFixture, _ fill: (Database) throws -> Void) throws {
        try make(version: 2, fixture, fill)
    }

    private func make(version: Int, _ fixture: SQLiteFixture, _ fill: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: fixture.path)
        try queue.write { db in
            for step in Migration.allCases.prefix(version) { try db.execute(sql: step.sql) }
            try db.execute(
                sql: """
                    PRAGMA application_id = \(SQLiteConnection.applicationID); PRAGMA user_version = \(version)
                    """)
            try fill(db)
        }
        try queue.close()
    }

    private func insertEvent(_ id: Int, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO event (id, source, type, key, origin, holds_key, received_at, body_bytes, digest, facts)
                VALUES (?, x'61', x'', CAST(? AS BLOB), 'unique_id', 1, ?, 2, zeroblob(32), x'7b7d')
                """,
            arguments: [id, "old-\(id)", (noon + id).microseconds])
        try db.execute(sql: "INSERT INTO body (event, bytes, content) VALUES (?, 2, x'7b7d')", arguments: [id])
    }

    private func positions(of events: ClosedRange<Int64>, in store: SQLiteStore) async throws -> [LogPosition?] {
        var positions: [LogPosition?] = []
        for event in events { positions.append(try #require(try await store.event(event)).position) }
        return positions
    }

    /// The database is whole, and has the schema of a new one.
    private func expectSound(_ store: SQLiteStore) async throws {
        let finding = try await store.writer.perform { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check")
                + String.fetchAll(db, sql: "PRAGMA foreign_key_check")
        }
        #expect(finding == ["ok"])
        let new = try SQLiteFixture()
        try await new.withStore { fresh async throws -> Void in
            #expect(try await schema(of: store) == schema(of: fresh))
        }
    }

    private func schema(of store: SQLiteStore) async throws -> [String] {
        try await store.writer.perform { db in
            try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name, type")
                + [String(Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0)]
        }
    }
}
