package import Events
import GRDB
package import Rules

/// Looks into the database of a server that may be running. It takes no lock, writes nothing and never checkpoints.
package final class SQLiteReader: StoreReading {
    private let looks: SQLiteLooks
    private let bodies: any BodyStore = TableBodyStore()
    private let space: FreeSpace

    private init(looks: SQLiteLooks, space: FreeSpace) {
        self.looks = looks
        self.space = space
    }

    /// Opens the database at `path` for looking. Throws `.unavailable` when there is none or it is not a store of this
    /// version, and `.tooNew` when a newer Hookmail wrote it.
    package static func open(path: String, options: StoreOptions = StoreOptions()) throws(StoreError) -> SQLiteReader {
        guard StoreFolder.bytes(of: path) != nil else {
            throw .unavailable(detail: "there is no database at \(path)", fatal: true)
        }
        let space = FreeSpace.beside(path, options: options)
        do {
            let queue = try SQLiteConnection.openReader(path: path, options: options)
            return SQLiteReader(looks: SQLiteLooks(queue: queue, space: space), space: space)
        } catch {
            throw .of(error, space: space)
        }
    }

    /// A page of events by their number.
    package func events(before: Int64?, limit: Int) async throws(StoreError) -> [EventRecord] {
        try await looks.perform { db in try Looking.events(before: before, limit: limit, in: db) }
    }

    /// One event by its number.
    package func event(_ id: Int64) async throws(StoreError) -> EventRecord? {
        try await looks.perform { db in try Looking.event(id, in: db) }
    }

    /// Events by what their sender calls them.
    package func events(calledBy id: String, limit: Int) async throws(StoreError) -> [EventRecord] {
        try await looks.perform { db in try Looking.events(calledBy: id, limit: limit, in: db) }
    }

    /// A body from the body store.
    package func body(ofEvent id: Int64) async throws(StoreError) -> [UInt8]? {
        let bodies = bodies
        return try await looks.perform { db in try bodies.body(ofEvent: id, in: db) }
    }

    /// The decisions by the index on their event.
    package func decisions(aboutEvent id: Int64) async throws(StoreError) -> [Decision] {
        try await looks.perform { db in try Looking.decisions(aboutEvent: id, in: db) }
    }

    /// A page of mails by the index on state and number.
    package func deliveries(
        state: DeliveryState?, before: Int64?, limit: Int
    ) async throws(StoreError) -> [DeliveryRecord] {
        try await looks.perform { db in
            try Looking.deliveries(state: state, before: before, limit: limit, in: db)
        }
    }

    /// The mails of a notification by its id.
    package func deliveries(ofNotification id: String) async throws(StoreError) -> [DeliveryRecord] {
        try await looks.perform { db in try Looking.deliveries(ofNotification: id, in: db) }
    }

    /// One mail with its attempts and message.
    package func delivery(_ id: Int64) async throws(StoreError) -> DeliveryDetail? {
        try await looks.perform { db in try Looking.delivery(id, in: db) }
    }

    /// The cursor and the rows of engine state.
    package func evaluatorState() async throws(StoreError) -> EvaluatorState {
        try await looks.perform { db in try LogReads.evaluatorState(in: db) }
    }

    /// Entries behind a position, by the key of the log.
    package func entries(after position: LogPosition, limit: Int) async throws(StoreError) -> [LogEntry] {
        try await looks.perform { db in try LogReads.entries(after: position, limit: limit, in: db) }
    }

    /// The rule set of the nearest entry before, found by the key of the log.
    package func ruleSet(inForceAt position: LogPosition) async throws(StoreError) -> StoredRuleSet? {
        try await looks.perform { db in try Looking.ruleSet(inForceAt: position, in: db) }
    }

    /// The operators' entries that are about silences, in the order of their positions.
    package func silenceChanges(after position: LogPosition) async throws(StoreError) -> [SilenceChange] {
        try await looks.perform { db in try Looking.silenceChanges(after: position, in: db) }
    }

    /// Counts the decisions by rule and outcome.
    package func ruleCounts(since: Timestamp?) async throws(StoreError) -> [RuleCount] {
        try await looks.perform { db in try Looking.ruleCounts(since: since, in: db) }
    }

    /// The addresses that the mail server refuses.
    package func refusedAddresses() async throws(StoreError) -> [String] {
        try await looks.perform { db in try RefusedLooks.refusedAddresses(in: db) }
    }

    /// Addresses that the mail server refuses.
    package func refusedRecipients(limit: Int) async throws(StoreError) -> [RefusedRecipient] {
        try await looks.perform { db in try RefusedLooks.refusedRecipients(limit: limit, in: db) }
    }

    /// Counts what there is. `accepts` tells of free space alone: whether the server's writer has failed, it alone
    /// knows.
    package func status(now: Timestamp) async throws(StoreError) -> StoreStatus {
        let space = space
        return try await looks.perform { db in try Looking.status(space: space, isWritable: true, in: db) }
    }

    /// Waits for what is queued and closes the connection.
    package func close() async {
        await looks.close()
    }
}
