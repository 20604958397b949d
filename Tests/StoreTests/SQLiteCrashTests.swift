import Events
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Store

/// A crash leaves the files as they were at one moment. These tests copy them at such moments while the store is being
/// written, open the copy, and look for everything that was acknowledged before.
@Suite(.timeLimit(.minutes(3)))
struct SQLiteCrashTests {
    /// Without a checkpoint the database file stays as it is and the log only grows, so a copy taken at any time is
    /// what a crash at some moment during the copying would have left.
    @Test func nothingAcknowledgedIsMissingAfterACrash() async throws {
        var random = seededRandom()
        let fixture = try SQLiteFixture()
        let acknowledged = Acknowledged()
        let copies = try ScratchFolder()
        var expected: [(path: String, events: Set<Int64>)] = []
        try await fixture.withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask {
                        for number in 0..<120 {
                            let bodies = ["a", "b"].map { EventMaker.body("\($0)-\(task)-\(number)") }
                            let events = try EventMaker.events("[\(bodies.joined(separator: ","))]")
                            acknowledged.add(try await store.append(events).map(\.id))
                        }
                    }
                }
                for copy in 0..<12 {
                    let target = acknowledged.count + Int.random(in: 1...60, using: &random)
                    while acknowledged.count < min(target, 900) { await Task.yield() }
                    let path = copies.path + "/\(copy).db"
                    let known = acknowledged.all
                    try copyFiles(of: fixture, to: path)
                    expected.append((path, known))
                }
                try await group.waitForAll()
            }
        }
        for (path, events) in expected { try await check(path, holds: events) }
    }

    /// With the log cut short at any byte, as after the loss of writes that were not synced, the copy is still sound
    /// and holds a beginning of what was written.
    @Test func aTornLogLosesOnlyItsEnd() async throws {
        var random = seededRandom()
        let fixture = try SQLiteFixture()
        let copies = try ScratchFolder()
        try await fixture.withStore { store in
            for number in 0..<40 { try await store.append(EventMaker.event("log-\(number)")) }
            for copy in 0..<10 {
                let path = copies.path + "/\(copy).db"
                try copyFiles(of: fixture, to: path)
                let log = try FileHandle(forUpdating: URL(fileURLWithPath: path + "-wal"))
                let bytes = try log.seekToEnd()
                try log.truncate(atOffset: .random(in: 0...bytes, using: &random))
                try log.close()
            }
        }
        for copy in 0..<10 {
            let path = copies.path + "/\(copy).db"
            // Before its first commit the file is empty, and opening it makes the schema.
            let store = try SQLiteStore.open(path: path, options: .forTests)
            let ids = try await store.events(before: nil, limit: 100).map(\.id)
            #expect(ids == Array((1...40).prefix(ids.count).map(Int64.init).reversed()))
            await store.close()
        }
    }

    /// At a moment in the middle of a transaction, checkpoints included: what the transaction did is not there, what
    /// was acknowledged before is.
    @Test func anOpenTransactionLeavesNothing() async throws {
        let fixture = try SQLiteFixture()
        let copies = try ScratchFolder()
        var expected: [(path: String, events: Set<Int64>)] = []
        try await fixture.withStore { store in
            var known: Set<Int64> = []
            for round in 0..<8 {
                let body = EventMaker.body("log-\(round)", padding: 3 << 20)
                known.formUnion(try await store.append(EventMaker.events(body)).map(\.id))
                let path = copies.path + "/\(round).db"
                let half = try PreparedEvent(EventMaker.event("half-\(round)"))
                let log = LogWrites(bodies: TableBodyStore(), storesBodies: true, digestKeysKept: .seconds(1))
                try? await store.writer.perform { db in
                    _ = try log.append([half], in: db)
                    try copyFiles(of: fixture, to: path)
                    throw StoreError.notFound
                }
                expected.append((path, known))
            }
        }
        for (path, events) in expected { try await check(path, holds: events, andNoOther: true) }
    }

    /// Random numbers of the seed in the environment, or of a new one that is printed.
    private func seededRandom(for test: String = #function) -> SeededRandom {
        let given = ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap { UInt64($0) }
        let seed = given ?? .random(in: 0...(.max))
        print("\(test): HOOKMAIL_TEST_SEED=\(seed)")
        return SeededRandom(seed: seed)
    }

    private func copyFiles(of fixture: SQLiteFixture, to path: String) throws {
        try FileManager.default.copyItem(atPath: fixture.path, toPath: path)
        try FileManager.default.copyItem(atPath: fixture.path + "-wal", toPath: path + "-wal")
    }

    private func check(_ path: String, holds events: Set<Int64>, andNoOther: Bool = false) async throws {
        let store = try SQLiteStore.open(path: path, options: .forTests)
        let finding = try await store.writer.perform { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") }
        #expect(finding == "ok")
        let found = try await store.writer.perform { db in
            let whole = "SELECT e.id FROM event e JOIN log l ON l.event = e.id JOIN body b ON b.event = e.id"
            return Set(try Int64.fetchAll(db, sql: whole))
        }
        #expect(found.isSuperset(of: events))
        if andNoOther { #expect(found == events) }
        await store.close()
    }
}

/// The numbers of events that an append has returned.
private final class Acknowledged: Sendable {
    private let ids = Mutex<Set<Int64>>([])

    var count: Int { ids.withLock { $0.count } }
    var all: Set<Int64> { ids.withLock { $0 } }

    func add(_ new: [Int64]) {
        ids.withLock { $0.formUnion(new) }
    }
}
