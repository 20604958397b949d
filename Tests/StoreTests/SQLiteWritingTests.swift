import Dispatch
import Events
import GRDB
import Rules
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(2)))
struct SQLiteWritingTests {
    /// There may be hundreds of thousands, and everybody waits for the transaction.
    @Test func aStepOfTheClockRewritesNoMailThatHasEnded() async throws {
        let fixture = try SQLiteFixture()
        let clock = SetClock()
        try await fixture.withStore(options: clock.options) { store in
            for number in 1...20 { _ = try await store.queueMails("\(number)-0") }
            for delivery in try await store.leaseAndBegin(now: noon) {
                try await store.settle(delivery.id, .accepted, at: noon)
            }
            clock.set(by: 86_400)
            let before = try await store.writer.perform { db in db.totalChangesCount }
            clock.set(by: 86_400)
            #expect(try await store.noteClock())
            let after = try await store.writer.perform { db in db.totalChangesCount }
            #expect(after - before == 2, "the log has one entry more, and the store knows by how much in all")
        }
    }

    @Test func requestsThatWaitTogetherShareACommit() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let events = try (0..<64).map { try EventMaker.event("log-\($0)") }
            let started = DispatchSemaphore(value: 0)
            let goOn = DispatchSemaphore(value: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await store.writer.perform { _ in
                        started.signal()
                        goOn.wait()
                    }
                }
                await withCheckedContinuation { continuation in
                    DispatchQueue.global().async {
                        started.wait()
                        continuation.resume()
                    }
                }
                let before = store.writer.session.counters.withLock { $0 }
                for event in events { group.addTask { try await store.append(event) } }
                // The writer stands still until all of them wait.
                while store.writer.waitingCount < events.count { await Task.yield() }
                goOn.signal()
                try await group.waitForAll()
                let after = store.writer.session.counters.withLock { $0 }
                #expect(after.requests - before.requests == 65)
                #expect(after.commits - before.commits == 2)
            }
            #expect(try await store.status(now: noon).events == 64)
        }
    }

    @Test(arguments: [
        "INSERT INTO store (single, id) VALUES (2, '00000000000000000000000000000000')",
        "UPDATE store SET cursor = -1",
        "UPDATE event SET origin = 'guess'",
        "UPDATE event SET digest = x'00'",
        "UPDATE event SET revises = 1",
        "UPDATE event SET facts = NULL",
        "UPDATE log SET position = 0",
        "UPDATE log SET kind = 'clock'",
        "UPDATE log SET payload = x'7b7d'",
        "INSERT INTO log (at, kind, event) SELECT at, kind, event FROM log",
        "INSERT INTO log (position, at, kind, event) SELECT position + 1, at, kind, event FROM log",
        "INSERT INTO log (at, kind, event) VALUES (1, 'event', 99)",
        "INSERT INTO log (position, at, kind, event) VALUES (99, 1, 'event', 99)",
        "INSERT INTO log (at, kind) VALUES (1, 'clock')",
        "DELETE FROM event",
        "INSERT INTO body (event, bytes, content) VALUES (99, 0, x'')",
        "UPDATE notification SET end_logged = 1",
        "UPDATE delivery SET state = 'lost'",
        "UPDATE delivery SET state = 'sending'",
        "UPDATE delivery SET state = 'accepted'",
        "UPDATE delivery SET state = 'accepted', next_at = NULL, ended_at = 1",
        "UPDATE delivery SET state = 'dead', ended_at = 1",
        "UPDATE delivery SET next_at = NULL",
        "UPDATE delivery SET lease_until = 1",
        "UPDATE delivery SET ended_at = 1",
        "UPDATE delivery SET attempts = -1",
        "UPDATE delivery SET severity = 4",
        "UPDATE delivery SET created_at = 'yesterday'",
        "UPDATE delivery SET age_from = NULL",
        "INSERT INTO delivery (notification, recipient, severity, state, attempts, created_at, age_from, next_at) "
            + "SELECT notification, recipient, severity, state, attempts, created_at, age_from, next_at FROM delivery",
        "INSERT INTO attempt (delivery, ordinal, started_at) VALUES (1, 0, 1)",
        "INSERT INTO attempt (delivery, ordinal, started_at) VALUES (99, 1, 1)",
        "INSERT INTO attempt (delivery, ordinal, started_at) VALUES (1, 1, 1), (1, 2, 1)",
        "INSERT INTO attempt (delivery, ordinal, started_at, ended_at) VALUES (1, 1, 1, 2)",
        "INSERT INTO attempt (delivery, ordinal, started_at, ended_at, class, text) VALUES (1, 1, 1, 2, 'odd', x'')",
        "INSERT INTO attempt (delivery, ordinal, started_at, code) VALUES (1, 1, 1, 250)",
        "INSERT INTO engine_state (key, value) VALUES (zeroblob(513), x'')",
    ])
    func theSchemaRefusesWrongStates(sql: String) async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            _ = try await store.queueMails()
            let error = await #expect(throws: StoreError.self) { try await store.execute(sql) }
            guard case .notAllowed(let words) = error else {
                Issue.record("\(sql): \(String(describing: error))")
                return
            }
            #expect(words.hasPrefix("SQLite "), "\(words)")
        }
    }

    @Test func anIOErrorStopsTheWriterForGood() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            try await store.append(EventMaker.event("log-1"))
            let failed = await #expect(throws: StoreError.self) {
                try await store.writer.perform { _ in throw DatabaseError(resultCode: .SQLITE_IOERR) }
            }
            let error = try #require(failed)
            #expect(error.isFatal)
            await #expect(throws: error) { try await store.append(EventMaker.event("log-2")) }
            await #expect(throws: error) { try await store.lease(limit: 1, now: noon, until: noon) }
            let status = try await store.status(now: noon)
            #expect(!status.accepts)
            #expect(status.events == 1)
        }
    }

    @Test func aFullDiskIsSaidAndSurvived() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let pages = try #require(try await store.number("PRAGMA page_count"))
            try await store.execute("PRAGMA max_page_count = \(pages + 8)")
            let big = try EventMaker.events(EventMaker.body("big", padding: 500_000))
            let error = await #expect(throws: StoreError.self) { try await store.append(big) }
            guard case .full = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try await store.status(now: noon).events == 0)
            try await store.append(EventMaker.event("small"))
            try await store.execute("PRAGMA max_page_count = 1000000")
            _ = try await store.append(big)
            #expect(try await store.status(now: noon).events == 2)
        }
    }

    @Test func theLogIsCopiedAndDoesNotGrowForEver() async throws {
        let fixture = try SQLiteFixture()
        var options = StoreOptions.forTests
        options.checkpointPages = 1_024
        try await fixture.withStore(options: options) { store in
            for number in 0..<120 {
                _ = try await store.append(EventMaker.events(EventMaker.body("log-\(number)", padding: 400_000)))
            }
            // 48 MB went through a log that is copied every 8 MiB.
            let wal = try #require(fixture.bytes("-wal"))
            #expect(wal < 24 << 20, "\(wal)")
            store.writer.session.truncateLog()
            #expect(fixture.bytes("-wal") == 0)
            let database = try #require(fixture.bytes(""))
            #expect(database > 48_000_000)
            // Pruning gives the pages back.
            try await store.evaluateAll()
            _ = try await store.prune(Retention(bytesMax: 0), now: noon)
            store.writer.session.truncateLog()
            let rest = try #require(fixture.bytes(""))
            #expect(rest < 8 << 20, "\(rest)")
        }
    }

    @Test func hotPathsUseTheirIndexes() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let paths = [
                "SELECT at FROM log WHERE position > (SELECT cursor FROM store) ORDER BY position LIMIT 9":
                    "SEARCH log USING INTEGER PRIMARY KEY",
                "SELECT at FROM event e JOIN log l ON l.position = \(EventPosition.ofE) ORDER BY e.id DESC":
                    "SEARCH l USING INTEGER PRIMARY KEY",
                "SELECT id FROM delivery WHERE state = 'dead' AND id < 9 ORDER BY id DESC LIMIT 9": "delivery_by_state",
                "SELECT id FROM event WHERE revises = 1 AND digest = x''": "event_by_revision",
                "SELECT 1 FROM notification WHERE event = 1 AND ended_at IS NULL": "notification_unfinished",
                "SELECT number FROM notification WHERE ended_at < 9 ORDER BY ended_at, number LIMIT 9":
                    "notification_ended",
            ]
            for (sql, index) in paths {
                let plan = try await store.writer.perform { db in
                    try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
                }.joined(separator: "; ")
                #expect(plan.contains(index) && !plan.contains("TEMP B-TREE"), "\(sql): \(plan)")
            }
        }
    }
}
