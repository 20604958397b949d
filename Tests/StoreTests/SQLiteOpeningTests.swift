import Events
import Foundation
import GRDB
import Rules
import TestSupport
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(2)))
struct SQLiteOpeningTests {
    @Test func durabilityIsAsserted() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let mode = try await store.writer.perform { db in try String.fetchOne(db, sql: "PRAGMA journal_mode") }
            #expect(mode == "wal")
            #expect(try await store.number("PRAGMA synchronous") == 2)
            #expect(try await store.number("PRAGMA foreign_keys") == 1)
            #expect(try await store.number("PRAGMA trusted_schema") == 0)
            #expect(try await store.number("PRAGMA cell_size_check") == 1)
            #expect(try await store.number("PRAGMA wal_autocheckpoint") == 0)
            #expect(try await store.number("PRAGMA busy_timeout") == 5_000)
            #expect(try await store.number("PRAGMA auto_vacuum") == 2)
        }
    }

    @Test func onlyItsOwnerMayReadTheFiles() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            try await store.append(EventMaker.event("log-1"))
            for ending in ["", "-wal", "-shm", ".lock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path + ending)
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(ending)")
            }
        }
    }

    @Test func reopeningFindsEverything() async throws {
        let fixture = try SQLiteFixture()
        var delivery: Int64 = 0
        var event: Int64 = 0
        try await fixture.withStore { store in
            delivery = try await store.queueMails(holdsThrottleSlot: true)[0].id
            _ = try await store.leaseAndBegin(now: noon)
            try await store.append(.ruleSet(hash: "abc", text: "rules: []"), at: noon + 5)
            event = try #require(try await store.events(before: nil, limit: 1).first).id
        }
        #expect(fixture.bytes("-wal") == nil, "closing empties the log")
        try await fixture.withStore { store in
            #expect(try await store.event(event)?.position == 1)
            #expect(try await store.body(ofEvent: event) != nil)
            #expect(try await store.append(EventMaker.event("event of 1-0")) == .duplicate(event))
            #expect(try await store.evaluatorState().cursor == 1)
            #expect(try await store.unevaluated(limit: 10).map(\.change.kind) == ["rule_set"])
            #expect(try await store.rescueLeases(now: noon + 9, all: true) == RescueReport(rescued: 1, ambiguous: 1))
            #expect(try await store.leaseAndBegin(now: noon + 9).map(\.id) == [delivery])
            try await store.settle(delivery, .accepted, at: noon)
            // Time does not fall across a start, either.
            #expect(try await store.unevaluated(limit: 10).map(\.at) == [noon + 5, noon + 5])
        }
    }

    @Test func aSecondOpenIsRefused() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            #expect(throws: StoreError.locked(path: fixture.path, owner: "\(getpid())")) { try fixture.open() }
            try await store.append(EventMaker.event("log-1"))
        }
        try await fixture.withStore { store async throws -> Void in
            #expect(try await store.status(now: noon).events == 1)
        }
    }

    @Test func theLockIsFreeWhenItsHolderHasDied() async throws {
        let fixture = try SQLiteFixture()
        let holder = Process()
        let ready = Pipe()
        holder.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The shell itself holds the lock on its descriptor 9 until it is killed.
        let script = "exec 9>\"$0\"; flock -x 9; echo $$ >&9; echo ready; read -r never"
        holder.arguments = ["-c", script, fixture.path + ".lock"]
        holder.standardInput = Pipe()
        holder.standardOutput = ready
        try holder.run()
        #expect(ready.fileHandleForReading.availableData == Data("ready\n".utf8))
        #expect(throws: StoreError.locked(path: fixture.path, owner: "\(holder.processIdentifier)")) {
            try fixture.open()
        }
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        try await fixture.withStore { store in try await store.append(EventMaker.event("log-1")) }
    }

    @Test func aStoreThatIsLetGoFreesItsLock() async throws {
        let fixture = try SQLiteFixture()
        var store: SQLiteStore? = try fixture.open()
        try await store?.append(EventMaker.event("log-1"))
        store = nil
        while true {
            do {
                let again = try fixture.open()
                #expect(try await again.status(now: noon).events == 1)
                await again.close()
                return
            } catch StoreError.locked {
                await Task.yield()
            }
        }
    }

    @Test func anEmptyFileGetsTheWholeSchema() async throws {
        let fixture = try SQLiteFixture()
        try Data().write(to: URL(fileURLWithPath: fixture.path))
        try await fixture.withStore { store async throws -> Void in
            #expect(try await store.number("PRAGMA user_version") == Migration.latest)
            #expect(try await store.number("PRAGMA application_id") == SQLiteConnection.applicationID)
            #expect(try await store.number("SELECT length(id) FROM store") == 32)
        }
    }

    @Test func stepsAreNumberedWithoutGaps() {
        #expect(Migration.allCases.map(\.rawValue) == Array(1...Migration.latest))
    }

    @Test func aNewerDatabaseIsRefused() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in try await store.execute("PRAGMA user_version = 999") }
        let error = StoreError.tooNew(schema: 999, known: Migration.latest)
        #expect(throws: error) { try fixture.open() }
        #expect(throws: error) { try SQLiteReader.open(path: fixture.path) }
        // The refusal has let the lock go.
        #expect(throws: error) { try fixture.open() }
    }

    @Test func foreignFilesAreRefused() async throws {
        let fixture = try SQLiteFixture()
        let other = try DatabaseQueue(path: fixture.path)
        try await other.write { db in try db.execute(sql: "CREATE TABLE somebody (name TEXT)") }
        try other.close()
        #expect(unavailable { _ = try fixture.open() }?.contains("not a store of Hookmail") == true)

        let text = try SQLiteFixture()
        try Data(String(repeating: "text ", count: 999).utf8).write(to: URL(fileURLWithPath: text.path))
        #expect(unavailable { _ = try text.open() }?.contains("SQLite 26") == true)
        #expect(unavailable { _ = try SQLiteStore.open(path: "/nonexistent/hookmail.db") } != nil)
        #expect(unavailable { _ = try SQLiteReader.open(path: "/nonexistent/hookmail.db") } != nil)
    }

    @Test func damageIsFoundAtStart() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let bodies = (1...300).map { EventMaker.body("log-\($0)", padding: 3_000) }.joined(separator: ",")
            _ = try await store.append(EventMaker.events("[\(bodies)]"))
        }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: fixture.path))
        try file.seek(toOffset: 40 * 4_096)
        try file.write(contentsOf: Data(repeating: 0xFF, count: 60 * 4_096))
        try file.close()
        #expect(unavailable { _ = try fixture.open() } != nil)
    }

    @Test(arguments: [
        ("nfs4", "NFS"), ("cifs", "CIFS"), ("fuse.sshfs", "sshfs"), ("ext4", nil), ("overlay", nil), ("fuse.gvfs", nil),
    ])
    func networkFileSystemsAreKnown(type: String, words: String?) {
        let mounts = """
            21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            93 21 0:51 / /srv/store rw,nosuid shared:7 master:2 - \(type) server:/export rw,vers=4.2
            """
        let device = UInt64(51)
        #expect(StoreFolder.networkFileSystem(device: device, mounts: mounts) == (words == nil ? nil : type))
        #expect(StoreFolder.networkFileSystem(device: 8 << 8 | 1, mounts: mounts) == nil)
        #expect(StoreFolder.networkFileSystem(device: 0, mounts: "") == nil)
    }

    /// The detail of the error that `body` throws.
    private func unavailable(_ body: () throws -> Void) -> String? {
        do {
            try body()
        } catch StoreError.unavailable(let detail, fatal: true) {
            return detail
        } catch {
            Issue.record("\(error)")
        }
        return nil
    }
}
