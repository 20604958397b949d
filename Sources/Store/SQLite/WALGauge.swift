import GRDB
import GRDBSQLite
import Synchronization

/// Counts the pages of the write-ahead log, as SQLite reports them after each commit.
///
/// Holding a gauge is the duty of whoever holds the connection: SQLite keeps an unretained pointer to it.
final class WALGauge: Sendable {
    private let pageCount = Atomic<Int>(0)

    /// Pages in the log after the last commit.
    var pages: Int { pageCount.load(ordering: .relaxed) }

    /// Watches a connection. This takes the place of SQLite's automatic checkpoints, which use the same hook.
    func watch(_ db: Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            db.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<WALGauge>.fromOpaque(context).takeUnretainedValue().pageCount
                    .store(Int(pages), ordering: .relaxed)
                return SQLITE_OK
            },
            context
        )
    }

    /// The log was emptied.
    func reset() {
        pageCount.store(0, ordering: .relaxed)
    }
}
