import Events
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Store

/// A crash leaves the files as they were at one moment. These tests copy them at such moments while the store is being
/// written, or let a process die over them, then open what is left and look for everything acknowledged before.
@Suite(.timeLimit(.minutes(3)))
struct SQLiteCrashTests {
    /// Checkpoints go on during the copying; `copyFiles` says which copies are states that a crash could have left.
    @Test func nothingAcknowledgedIsMissingAfterACrash() async throws {
        var random = seededRandom()
        let fixture = try SQLiteFixture()
        let acknowledged = Acknowledged()
        let copies = try ScratchFolder()
        var expected: [(path: String, events: Set<Int64>)] = []
        try await fixture.withStore(options: .withManyCheckpoints) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                // The writers go on until the last copy is made: a log at rest is emptied.
                defer { acknowledged.end() }
                for task in 0..<4 {
                    group.addTask {
                        var number = 0
                        while !acknowledged.hasEnded {
                            number += 1
                            acknowledged.add(try await store.appendTwo("\(task)-\(number)"))
                        }
                    }
                }
                for copy in 0..<12 {
                    let target = acknowledged.count + Int.random(in: 1...60, using: &random)
                    while acknowledged.count < target { await Task.yield() }
                    let path = copies.path + "/\(copy).db"
                    var known: Set<Int64>
                    repeat { known = acknowledged.all } while try !copyFiles(of: fixture, to: path)
                    expected.append((path, known))
                }
                acknowledged.end()
                try await group.waitForAll()
            }
        }
        for (path, events) in expected { try await check(path, holds: events) }
    }

    /// A process that dies in mid-write, in mid-commit or in mid-checkpoint.
    @Test(arguments: 0..<4)
    func nothingAcknowledgedIsMissingAfterAProcessDied(round: UInt64) async throws {
        var random = seededRandom()
        let fixture = try SQLiteFixture()
        let acknowledgements = Acknowledgements(path: fixture.folder.path + "/acknowledged")
        let path = fixture.path
        let seed = random.next() &+ round
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, acknowledgements = acknowledgements as Acknowledgements, seed = seed as UInt64] in
            var random = SeededRandom(seed: seed)
            let eventsToLive = Int.random(in: 100...400, using: &random)
            let microsecondsToLive = UInt32.random(in: 0...3_000, using: &random)
            let acknowledged = Acknowledged()
            let store = try SQLiteStore.open(path: path, options: .withManyCheckpoints)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask {
                        for number in 1... {
                            let ids = try await store.appendTwo("\(task)-\(number)")
                            try acknowledgements.write(ids)
                            acknowledged.add(ids)
                        }
                    }
                }
                Thread.detachNewThread {
                    while acknowledged.count < eventsToLive { usleep(100) }
                    usleep(microsecondsToLive)
                    kill(getpid(), SIGKILL)
                }
                try await group.waitForAll()
            }
        }
        let events = try acknowledgements.read()
        #expect(events.count >= 100)
        #expect(try #require(fixture.bytes("")) > 32 * 8_192, "there was no checkpoint")
        #expect(try #require(fixture.bytes("-wal")) > 0, "the log was emptied")
        try await check(path, holds: events)
    }

    /// With the log cut short at any byte, as after the loss of writes that were not synced, the copy is still sound
    /// and holds a beginning of what was written.
    @Test func aTornLogLosesOnlyItsEnd() async throws {
        var random = seededRandom()
        let fixture = try SQLiteFixture()
        let copies = try ScratchFolder()
        try await fixture.withStore { store in
            for number in 0..<40 { try await store.append(EventMaker.event("log-\(number)")) }
            // On the writer's thread, which does nothing else meanwhile and so does not empty the log.
            try await store.writer.perform { _ in
                for copy in 0..<10 { try copyFiles(of: fixture, to: copies.path + "/\(copy).db") }
            }
            for copy in 0..<10 {
                let path = copies.path + "/\(copy).db"
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
                let log = LogWrites(
                    bodies: TableBodyStore(), storesBodies: true, digestKeysKept: .seconds(1), knownEnd: KnownLogEnd(),
                    clock: nil)
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

    /// Copies the database and then its log.
    ///
    /// The copy is what a crash during the copying would have left, unless the log was started over meanwhile: then it
    /// lacks what the database had not been given yet when its copy was made. Each start gives the header of the log
    /// new salts (https://www.sqlite.org/fileformat2.html#walformat).
    /// - Returns: whether the log was the same one before and after; never for an empty one, which shows no salts.
    @discardableResult
    private func copyFiles(of fixture: SQLiteFixture, to path: String) throws -> Bool {
        let before = try logHeader(of: fixture)
        for ending in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: path + ending)
            try FileManager.default.copyItem(atPath: fixture.path + ending, toPath: path + ending)
        }
        return before.count == 32 ? try logHeader(of: fixture) == before : false
    }

    private func logHeader(of fixture: SQLiteFixture) throws -> Data {
        let log = try FileHandle(forReadingFrom: URL(fileURLWithPath: fixture.path + "-wal"))
        defer { try? log.close() }
        return try log.read(upToCount: 32) ?? Data()
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
    private let state = Mutex((ids: Set<Int64>(), hasEnded: false))

    var count: Int { state.withLock { $0.ids.count } }
    var all: Set<Int64> { state.withLock { $0.ids } }
    /// Whether nobody wants more of them.
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    func add(_ new: [Int64]) {
        state.withLock { $0.ids.formUnion(new) }
    }

    func end() {
        state.withLock { $0.hasEnded = true }
    }
}

/// The same in a file, for a process that dies.
private struct Acknowledgements: Codable {
    let path: String

    /// Notes numbers at the end of the file, in one write.
    func write(_ ids: [Int64]) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(file) }
        let bytes = ids.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        guard bytes == ids.count * 8 else { throw POSIXError(.EIO) }
    }

    /// All numbers that were noted.
    func read() throws -> Set<Int64> {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        return bytes.withUnsafeBytes { Set($0.bindMemory(to: Int64.self)) }
    }
}

extension StoreOptions {
    /// Checkpoints so often that they meet a crash.
    fileprivate static var withManyCheckpoints: StoreOptions {
        StoreOptions(checkpointPages: 16, freeBytes: { .max })
    }
}

extension SQLiteStore {
    /// Appends two events of one delivery and returns their numbers.
    fileprivate func appendTwo(_ id: String) async throws -> [Int64] {
        let bodies = ["a", "b"].map { EventMaker.body("\($0)-\(id)") }
        return try await append(EventMaker.events("[\(bodies.joined(separator: ","))]")).map(\.id)
    }
}
