import CSQLite
import GRDB

/// How connections are opened. One writes, and it alone checkpoints: SQLite before 3.51.3 can lose committed data when
/// a checkpoint of one connection meets a commit of another (Debian 12 ships 3.40.1).
enum SQLiteConnection {
    /// Marks the file as ours ("HkMl").
    static let applicationID = 0x486B_4D6C

    /// Opens the writing connection, makes or brings up the schema and asserts what durability rests on.
    static func openWriter(path: String, options: StoreOptions) throws -> DatabaseQueue {
        prepareLibrary()
        var configuration = commonConfiguration(options)
        configuration.label = "hookmail.store.writer"
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA page_size = 8192;
                    PRAGMA auto_vacuum = INCREMENTAL;
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA wal_autocheckpoint = 0;
                    PRAGMA journal_size_limit = 67108864;
                    PRAGMA cache_size = -16384;
                    """
            )
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { db in
            try requireDurability(db)
            try checkFile(db, path: path, bytesMax: options.startCheckBytesMax)
            try migrate(db, path: path)
        }
        return queue
    }

    /// Opens a connection that can only look.
    static func openReader(path: String, options: StoreOptions) throws -> DatabaseQueue {
        prepareLibrary()
        var configuration = commonConfiguration(options)
        configuration.readonly = true
        configuration.label = "hookmail.store.reader"
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { db in
            let version = try schemaVersion(db, path: path)
            guard version == Migration.latest else {
                throw StoreError.unavailable(
                    detail: "\(path) has schema \(version), older than this Hookmail's \(Migration.latest): start the "
                        + "server once to bring it up", fatal: true)
            }
        }
        return queue
    }

    /// Sets up the library, once, before its first use. Where something else has used it before, it only is slower.
    private static func prepareLibrary() {
        _ = libraryResult
    }

    private static let libraryResult = csqlite_count_no_memory()

    private static func commonConfiguration(_ options: StoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        let seconds = Double(options.busyWait.components.seconds)
        configuration.busyMode = .timeout(seconds)
        // The writer opens and ends its transactions itself; GRDB would trap where a failed rollback leaves one open.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        }
        return configuration
    }

    /// A commit must have reached the disk when it returns: WAL with `synchronous=FULL`, and nothing less.
    private static func requireDurability(_ db: Database) throws {
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
        let level = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? 0
        guard mode == "wal", level == 2 else {
            throw StoreError.unavailable(
                detail: "SQLite opened with journal_mode=\(mode), synchronous=\(level) instead of wal and 2",
                fatal: true)
        }
    }

    /// Looks for damage. The check reads the whole file, so a large one is left to `PRAGMA integrity_check` by hand.
    private static func checkFile(_ db: Database, path: String, bytesMax: Int64) throws {
        guard let bytes = StoreFolder.bytes(of: path), bytes <= bytesMax else { return }
        let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard finding == "ok" else {
            throw StoreError.unavailable(detail: "\(path) is damaged: \(finding)", fatal: true)
        }
    }

    /// The schema's version, 0 for an empty file. Throws for files that are not ours or that are newer.
    private static func schemaVersion(_ db: Database, path: String) throws -> Int {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard id == applicationID || (isEmpty && id == 0 && version == 0) else {
            throw StoreError.unavailable(detail: "\(path) is not a store of Hookmail", fatal: true)
        }
        guard version <= Migration.latest else { throw StoreError.tooNew(schema: version, known: Migration.latest) }
        return version
    }

    /// Takes the steps that are missing, each in a transaction with its number.
    private static func migrate(_ db: Database, path: String) throws {
        let version = try schemaVersion(db, path: path)
        for step in Migration.allCases where step.rawValue > version {
            try db.inTransaction(.immediate) {
                try db.execute(sql: step.sql)
                try db.execute(sql: "PRAGMA application_id = \(applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(step.rawValue)")
                return .commit
            }
        }
    }
}
