import Events
import Foundation
import GRDB
import TestSupport

@testable import Store

/// A database file in a folder of its own.
struct SQLiteFixture {
    let folder: ScratchFolder
    var path: String { folder.path + "/hookmail.db" }

    init() throws {
        folder = try ScratchFolder()
    }

    /// Opens the store.
    func open(options: StoreOptions = .forTests) throws -> SQLiteStore {
        try SQLiteStore.open(path: path, options: options)
    }

    /// Runs `body` on an open store and closes it.
    func withStore(options: StoreOptions = .forTests, _ body: (SQLiteStore) async throws -> Void) async throws {
        let store = try open(options: options)
        do {
            try await body(store)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    /// The size of the file with this ending beside the database, or `nil` when there is none.
    func bytes(_ ending: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + ending)
        return (attributes?[.size] as? NSNumber)?.intValue
    }
}

extension SQLiteStore {
    /// Runs SQL on the writing connection.
    func execute(_ sql: String) async throws {
        try await writer.perform { db in try db.execute(sql: sql) }
    }

    /// The number that a statement gives on the writing connection.
    func number(_ sql: String) async throws -> Int? {
        try await writer.perform { db in try Int.fetchOne(db, sql: sql) }
    }
}
