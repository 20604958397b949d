import GRDB

/// A connection that only looks, with a thread of its own. It never checkpoints.
final class SQLiteLooks: Sendable {
    /// A piece of reading.
    typealias Job = @Sendable (Database) -> Void

    private let lane: Lane<Job>
    private let space: FreeSpace

    init(queue: DatabaseQueue, space: FreeSpace) {
        self.space = space
        lane = Lane(
            name: "hookmail-look",
            batchMax: 1,
            work: .init(
                perform: { jobs in queue.inDatabase { db in for job in jobs { job(db) } } },
                idle: {},
                end: { try? queue.close() }
            )
        )
    }

    /// Runs `look` on one unchanging state of the database.
    func perform<Value: Sendable>(
        _ look: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let space = space
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            let isTaken = lane.submit { db in
                continuation.resume(returning: Self.snapshot(db, space: space, look))
            }
            if !isTaken { continuation.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }

    private static func snapshot<Value>(
        _ db: Database, space: FreeSpace, _ look: (Database) throws -> Value
    ) -> Result<Value, StoreError> {
        do {
            try db.control("BEGIN DEFERRED")
            // Nothing was written; ending the transaction lets go of the log.
            defer { if db.isInsideTransaction { try? db.control("ROLLBACK") } }
            return .success(try look(db))
        } catch {
            return .failure(.of(error, space: space))
        }
    }

    /// Finishes what waits and closes the connection.
    func close() async {
        await lane.close()
    }
}
