import Events
import GRDB
import Rules
import TestSupport
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(2)))
struct SQLiteReaderTests {
    @Test func aReaderSeesWhatTheServerCommits() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let reader = try SQLiteReader.open(path: fixture.path, options: .forTests)
            #expect(try await reader.status(now: noon).events == 0)
            let delivery = try await store.queueMails()[0].id
            let event = try #require(try await reader.events(before: nil, limit: 9).first)
            #expect(event.position == 1)
            #expect(try await reader.event(event.id)?.id == event.id)
            #expect(try await reader.body(ofEvent: event.id) != nil)
            #expect(try await reader.decisions(aboutEvent: event.id).isEmpty)
            #expect(try await reader.deliveries(state: .queued, before: nil, limit: 9).map(\.id) == [delivery])
            #expect(try await reader.deliveries(ofNotification: "1-0").map(\.id) == [delivery])
            #expect(try await reader.delivery(delivery)?.record.state == .queued)
            await reader.close()
            await #expect(throws: StoreError.closed) { try await reader.events(before: nil, limit: 9) }
        }
    }

    @Test func aReaderWorksWithoutAServerAndLeavesTheLogToIt() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in try await store.append(EventMaker.event("log-1")) }
        let reader = try SQLiteReader.open(path: fixture.path, options: .forTests)
        #expect(try await reader.status(now: noon).events == 1)
        // The server starts and writes beside it.
        try await fixture.withStore { store in
            try await store.append(EventMaker.event("log-2"))
            #expect(try await reader.status(now: noon).events == 2)
        }
        #expect(try await reader.status(now: noon).events == 2)
        await reader.close()
    }

    @Test func aReaderCannotWrite() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { _ in
            let queue = try SQLiteConnection.openReader(path: fixture.path, options: .forTests)
            for sql in ["DELETE FROM event", "PRAGMA wal_checkpoint(TRUNCATE)"] {
                #expect(throws: DatabaseError.self, "\(sql)") {
                    try queue.inDatabase { db in
                        let answer = try Row.fetchOne(db, sql: sql)
                        // A checkpoint that may not run says so in its row or throws.
                        if answer?[0] == 1 { throw DatabaseError(resultCode: .SQLITE_BUSY) }
                    }
                }
            }
            for (pragma, value) in ["query_only": 1, "wal_autocheckpoint": 0] {
                #expect(try queue.inDatabase { db in try Int.fetchOne(db, sql: "PRAGMA \(pragma)") } == value)
            }
            try queue.close()
        }
    }
}
