import GRDB
import Synchronization

/// The end of the log within a transaction of many appends, so that each need not look it up. Used on the writer's
/// thread alone.
final class KnownLogEnd: Sendable {
    /// The end, and how many rows the connection had changed when it was the end.
    private let known = Mutex<(end: LogEnd, changes: Int)?>(nil)

    /// The end of the log: the one remembered if nothing was written since, else looked up.
    func end(in db: Database) throws -> LogEnd {
        if let known = known.withLock({ $0 }), known.changes == db.totalChangesCount { return known.end }
        return try LogEnd(in: db)
    }

    /// Remembers the end for as long as nothing else is written.
    func remember(_ end: LogEnd, in db: Database) {
        known.withLock { $0 = (end, db.totalChangesCount) }
    }

    /// A transaction begins, or something was taken back, which no count of changes shows.
    func forget() {
        known.withLock { $0 = nil }
    }
}
