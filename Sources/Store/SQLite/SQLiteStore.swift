package import Events
import GRDB
package import Rules

/// The store in one SQLite file: one writing thread and connection, two connections that only read, no other process.
package final class SQLiteStore: Store {
    let writer: SQLiteWriter
    private let evaluatorLooks: SQLiteLooks
    private let looks: SQLiteLooks
    private let log: LogWrites
    private let tail: LogTail
    private let bodies: any BodyStore
    private let space: FreeSpace

    private init(
        writer: SQLiteWriter, tail: LogTail, evaluatorLooks: SQLiteLooks, looks: SQLiteLooks, options: StoreOptions
    ) {
        self.writer = writer
        self.tail = tail
        self.evaluatorLooks = evaluatorLooks
        self.looks = looks
        space = writer.session.space
        bodies = TableBodyStore()
        log = LogWrites(
            bodies: bodies, storesBodies: options.storesBodies, digestKeysKept: options.digestKeysKept,
            knownEnd: writer.session.knownLogEnd, clock: writer.session.clock
        )
    }

    /// Opens the database at `path`, making or bringing up its schema. Blocks for as long as the check of the file
    /// takes.
    ///
    /// Throws `.locked` when another process has it, `.tooNew` when a newer Hookmail wrote it, and `.unavailable` when
    /// it cannot be reached, is damaged, is no store of Hookmail or lies on a network file system.
    package static func open(path: String, options: StoreOptions = StoreOptions()) throws(StoreError) -> SQLiteStore {
        try StoreFolder.requireLocal(database: path)
        let lock = try StoreLock(database: path)
        try StoreFolder.createPrivately(path)
        let space = FreeSpace.beside(path, options: options)
        do {
            let session = try WriterSession(
                queue: SQLiteConnection.openWriter(path: path, options: options), space: space,
                checkpointPages: options.checkpointPages, clock: options.clock
            )
            let evaluatorLooks = SQLiteLooks(
                queue: try SQLiteConnection.openReader(path: path, options: options), space: space
            )
            let looks = SQLiteLooks(
                queue: try SQLiteConnection.openReader(path: path, options: options), space: space
            )
            let tail = LogTail()
            let writer = SQLiteWriter(session: session, lock: lock, idle: { tail.letGo() })
            return SQLiteStore(
                writer: writer, tail: tail, evaluatorLooks: evaluatorLooks, looks: looks, options: options)
        } catch {
            throw .of(error, space: space)
        }
    }

    /// Waits for what is queued, empties the write-ahead log into the database and frees the lock.
    package func close() async {
        await evaluatorLooks.close()
        await looks.close()
        await writer.close()
    }
}

// MARK: The log

extension SQLiteStore {
    /// Appends in one savepoint of the writer's next transaction; facts are encoded before, on the caller's thread.
    package func append(
        _ events: [VerifiedEvent], then done: @escaping @Sendable (Result<[Appended], StoreError>) -> Void
    ) {
        guard !events.isEmpty else { return done(.success([])) }
        guard space.hasRoom else { return done(.failure(space.fullError)) }
        writer.letGo()
        tail.letGo()
        let prepared = events.map(PreparedEvent.init)
        let log = log
        let tail = tail
        writer.submit(
            isSmall: events.reduce(0) { $0 + $1.body.count } <= SQLiteWriter.smallBytesMax,
            { db in try log.append(prepared, in: db) }, committed: { tail.append($0.entries) },
            then: { done($0.map(\.appended)) })
    }

    /// Appends an entry that is no event, in the writer's next transaction.
    package func append(_ change: LogEntry.Change, at now: Timestamp) async throws(StoreError) {
        try change.validateForAppend()
        let clock = writer.session.clock
        try await writer.perform { db in try LogWrites.append(change, at: clock.present(now), in: db) }
    }

    /// Asks the clocks, and writes nothing where they agree.
    package func noteClock() async throws(StoreError) -> Bool {
        guard writer.session.pendingStep != nil else { return false }
        try await writer.perform { _ in }
        return true
    }

    /// Takes what was appended just now from memory, else reads on a connection kept for the evaluator, so that
    /// nobody's long list delays it.
    package func unevaluated(limit: Int) async throws(StoreError) -> [PendingEntry] {
        if let entries = tail.oldest(limit: limit) { return entries }
        return try await evaluatorLooks.perform { db in try LogReads.unevaluated(limit: limit, in: db) }
    }

    /// Reads on the evaluator's connection.
    package func evaluatorState() async throws(StoreError) -> EvaluatorState {
        try await evaluatorLooks.perform { db in try LogReads.evaluatorState(in: db) }
    }

    /// Reads on the evaluator's connection.
    package func entries(after position: LogPosition, limit: Int) async throws(StoreError) -> [LogEntry] {
        try await evaluatorLooks.perform { db in try LogReads.entries(after: position, limit: limit, in: db) }
    }

    /// Takes over an evaluation in one savepoint.
    package func commit(
        _ evaluation: Evaluation, expecting cursor: LogPosition
    ) async throws(StoreError) -> [LeasedDelivery] {
        let tail = tail
        let clock = writer.session.clock
        return try await writer.perform(
            { db in try EvaluationWrites.commit(evaluation, expecting: cursor, clock: clock, in: db) },
            committed: { _ in if let last = evaluation.positions.last { tail.cover(through: last.row) } })
    }
}

// MARK: The outbox

extension SQLiteStore {
    /// Leases by an index in the order of severity and age; nothing due costs one look at another.
    package func lease(
        limit: Int, now: Timestamp, until: Timestamp
    ) async throws(StoreError) -> [LeasedDelivery] {
        let clock = writer.session.clock
        return try await writer.perform { db in
            let present = clock.present(now)
            return try OutboxWrites.lease(
                limit: limit, now: present, until: present.advanced(by: until - now), in: db)
        }
    }

    /// Begins the attempts in one savepoint.
    package func begin(_ starts: [AttemptStart]) async throws(StoreError) {
        try await writer.perform { db in for start in starts { try OutboxWrites.begin(start, in: db) } }
    }

    /// Settles in one savepoint, the end of a notification with its last mail.
    package func settle(_ settlements: [Settlement]) async throws(StoreError) {
        let clock = writer.session.clock
        try await writer.perform { db in
            try OutboxWrites.settle(settlements.map { $0.rebased(to: clock.present($0.at)) }, in: db)
        }
    }

    /// Extends the leases in one savepoint.
    package func extendLeases(_ deliveries: [Int64], now: Timestamp, until: Timestamp) async throws(StoreError) {
        let clock = writer.session.clock
        try await writer.perform { db in
            let until = clock.present(now).advanced(by: until - now)
            try OutboxWrites.extendLeases(deliveries, until: until, in: db)
        }
    }

    /// Rescues in one savepoint: there are never more leases than a courier has slots.
    package func rescueLeases(now: Timestamp, all: Bool) async throws(StoreError) -> RescueReport {
        let clock = writer.session.clock
        return try await writer.perform { db in
            try OutboxWrites.rescueLeases(now: clock.present(now), all: all, in: db)
        }
    }

    /// Queues and logs in one savepoint.
    package func retry(delivery: Int64, now: Timestamp) async throws(StoreError) {
        let clock = writer.session.clock
        try await writer.perform { db in
            try OutboxWrites.retry(delivery: delivery, now: clock.present(now), in: db)
        }
    }

    /// Resumes in one savepoint.
    package func resumeHeld(now: Timestamp) async throws(StoreError) -> Int {
        let clock = writer.session.clock
        return try await writer.perform { db in try OutboxWrites.resumeHeld(now: clock.present(now), in: db) }
    }

    /// Looks and lifts in one savepoint.
    package func liftSuppression(of address: String, now: Timestamp) async throws(StoreError) {
        let clock = writer.session.clock
        try await writer.perform { db in try RefusedLooks.lift(address, now: clock.present(now), in: db) }
    }

    /// Writes one row.
    package func keep(_ content: [UInt8], as name: Memo.Name, now: Timestamp) async throws(StoreError) {
        try Memo.validate(content)
        let clock = writer.session.clock
        try await writer.perform { db in
            try MemoRows.keep(content, as: name, clockStep: clock.present(now) - now, in: db)
        }
    }

    /// Reads one row.
    package func memo(_ name: Memo.Name) async throws(StoreError) -> Memo? {
        try await looks.perform { db in try MemoRows.memo(name, in: db) }
    }

    /// Prunes in transactions of at most `Pruning.rowsMax` rows, between which appends go on.
    package func prune(_ retention: Retention, now: Timestamp) async throws(StoreError) -> PruneReport {
        try await Pruning(writer: writer, bodies: bodies).run(retention, now: now)
    }
}

// MARK: Looking

extension SQLiteStore {
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

    /// The rule set of the nearest entry before, found by the key of the log.
    package func ruleSet(inForceAt position: LogPosition) async throws(StoreError) -> StoredRuleSet? {
        try await looks.perform { db in try Looking.ruleSet(inForceAt: position, in: db) }
    }

    /// The entries that are about silences, in the order of their positions.
    package func silenceChanges(after position: LogPosition) async throws(StoreError) -> [SilenceChange] {
        try await looks.perform { db in try Looking.silenceChanges(after: position, in: db) }
    }

    /// Counts the decisions by rule and outcome.
    package func ruleCounts(since: Timestamp?) async throws(StoreError) -> [RuleCount] {
        try await looks.perform { db in try Looking.ruleCounts(since: since, in: db) }
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

    /// The addresses that the mail server refuses.
    package func refusedAddresses() async throws(StoreError) -> [String] {
        try await looks.perform { db in try RefusedLooks.refusedAddresses(in: db) }
    }

    /// Addresses that the mail server refuses.
    package func refusedRecipients(limit: Int) async throws(StoreError) -> [RefusedRecipient] {
        try await looks.perform { db in try RefusedLooks.refusedRecipients(limit: limit, in: db) }
    }

    /// Counts what there is; it reads an index over all events, so it is for every few seconds, not for every request.
    package func status(now: Timestamp) async throws(StoreError) -> StoreStatus {
        let space = space
        let isWritable = writer.session.fatalFailure == nil
        return try await looks.perform { db in try Looking.status(space: space, isWritable: isWritable, in: db) }
    }
}
