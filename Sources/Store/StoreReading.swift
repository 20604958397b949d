package import Events
package import Rules

/// What people and commands look at. A store offers it, and so does `SQLiteReader` beside a running server.
///
/// Lists come in pages of at most `pageRowsMax` rows: a larger limit is cut to that.
package protocol StoreReading: Sendable {
    /// Events, newest first, with number below `before` when given.
    func events(before: Int64?, limit: Int) async throws(StoreError) -> [EventRecord]
    /// One event, or `nil`.
    func event(_ id: Int64) async throws(StoreError) -> EventRecord?
    /// Events that their sender calls so, newest first: those whose key has the id, with their revisions, and those
    /// among the newest 10,000 that have it as `unique_id`, `id` or `full_unique_id`.
    func events(calledBy id: String, limit: Int) async throws(StoreError) -> [EventRecord]
    /// The body of an event with its credentials replaced, or `nil` when it was not stored or has been pruned.
    func body(ofEvent id: Int64) async throws(StoreError) -> [UInt8]?
    /// The decisions about an event, also those made later, by rule name, group and position.
    func decisions(aboutEvent id: Int64) async throws(StoreError) -> [Decision]
    /// Mails, newest first, optionally in one state, with number below `before` when given.
    func deliveries(state: DeliveryState?, before: Int64?, limit: Int) async throws(StoreError) -> [DeliveryRecord]
    /// The mails of a notification, in the order of its recipients.
    func deliveries(ofNotification id: String) async throws(StoreError) -> [DeliveryRecord]
    /// One mail with its attempts and message, or `nil`.
    func delivery(_ id: Int64) async throws(StoreError) -> DeliveryDetail?
    /// The last evaluated position (0 at the beginning) and the rows of engine state, by key.
    func evaluatorState() async throws(StoreError) -> EvaluatorState
    /// Evaluated log entries after `position`, in their order: at most `limit`, none only when there is none. What was
    /// pruned is left out. An event whose facts cannot be read has none; any other entry that cannot be read is the
    /// clock's.
    func entries(after position: LogPosition, limit: Int) async throws(StoreError) -> [LogEntry]
    /// The rule set that was in force when the entry at `position` was evaluated, or `nil` where the log does not say.
    func ruleSet(inForceAt position: LogPosition) async throws(StoreError) -> StoredRuleSet?
    /// What happened to silences after `position`, in the log's order, whether it has been evaluated or not.
    func silenceChanges(after position: LogPosition) async throws(StoreError) -> [SilenceChange]
    /// What came of every rule in the decisions that are kept, or in those of `since` and later, by rule name. It reads
    /// them all.
    func ruleCounts(since: Timestamp?) async throws(StoreError) -> [RuleCount]
    /// Addresses that the mail server refuses, the last refused first: those whose mails were given up for
    /// `recipientRefused` since the last one they took, and since an operator lifted it.
    func refusedRecipients(limit: Int) async throws(StoreError) -> [RefusedRecipient]
    /// Those addresses alone, the last refused first: at most `refusedAddressesMax`.
    func refusedAddresses() async throws(StoreError) -> [String]
    /// Counts for health and status.
    func status(now: Timestamp) async throws(StoreError) -> StoreStatus

    /// Finishes what was begun and closes; later calls throw `.closed`. Closing twice is fine.
    func close() async
}

/// The most addresses of one answer of `refusedAddresses`: what a server leaves alone after a start. A mail to one
/// beyond is tried, and the reply puts the address among them again.
package let refusedAddressesMax = 100_000

/// The most rows one page of a list holds.
package let pageRowsMax = 500
