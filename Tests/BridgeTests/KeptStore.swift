import Events
import Rules
import Store
import Synchronization

/// A store that stays open when the bridge closes it, so that a test can look at what it left, and that fails or is
/// slow on demand.
final class KeptStore: Store {
    private let store: any Store
    private let failure = Mutex<StoreError?>(nil)
    private let bodyFailure = Mutex<StoreError?>(nil)
    private let eventFailure = Mutex<StoreError?>(nil)
    private let silencePause = Mutex(Duration.zero)
    private let held = Mutex<[@Sendable () -> Void]?>(nil)

    init(_ store: any Store) {
        self.store = store
    }

    /// From now on every write ends with this error.
    func fail(_ error: StoreError) {
        failure.withLock { $0 = error }
    }

    /// From now on no body can be read.
    func failBodies(_ error: StoreError) {
        bodyFailure.withLock { $0 = error }
    }

    /// From now on no page of events can be read.
    func failEvents(_ error: StoreError) {
        eventFailure.withLock { $0 = error }
    }

    /// From now on silences are found after so long.
    func delaySilences(by pause: Duration) {
        silencePause.withLock { $0 = pause }
    }

    /// From now on events are not stored until `release`.
    func hold() {
        held.withLock { $0 = $0 ?? [] }
    }

    /// Stores what was held, and further events at once.
    func release() {
        let appends = held.withLock { held in
            defer { held = nil }
            return held ?? []
        }
        for append in appends { append() }
    }

    /// Waits until so many deliveries are held.
    func holds(_ count: Int) async throws {
        while held.withLock({ $0?.count ?? 0 }) < count { try await Task.sleep(for: .milliseconds(5)) }
    }

    private func check() throws(StoreError) {
        if let error = failure.withLock({ $0 }) { throw error }
    }

    func append(
        _ events: [VerifiedEvent], then done: @escaping @Sendable (Result<[Appended], StoreError>) -> Void
    ) {
        do throws(StoreError) {
            try check()
        } catch {
            return done(.failure(error))
        }
        let store = store
        let isHeld = held.withLock { held in
            held?.append { store.append(events, then: done) }
            return held != nil
        }
        if !isHeld { store.append(events, then: done) }
    }

    func append(_ change: LogEntry.Change, at now: Timestamp) async throws(StoreError) {
        try check()
        try await store.append(change, at: now)
    }

    func noteClock() async throws(StoreError) -> Bool {
        try check()
        return try await store.noteClock()
    }

    func unevaluated(limit: Int) async throws(StoreError) -> [PendingEntry] {
        try check()
        return try await store.unevaluated(limit: limit)
    }

    func entries(after position: LogPosition, limit: Int) async throws(StoreError) -> [LogEntry] {
        try await store.entries(after: position, limit: limit)
    }

    func evaluatorState() async throws(StoreError) -> EvaluatorState { try await store.evaluatorState() }

    func commit(_ evaluation: Evaluation, expecting cursor: LogPosition) async throws(StoreError) -> [LeasedDelivery] {
        try check()
        return try await store.commit(evaluation, expecting: cursor)
    }

    func lease(limit: Int, now: Timestamp, until: Timestamp) async throws(StoreError) -> [LeasedDelivery] {
        try check()
        return try await store.lease(limit: limit, now: now, until: until)
    }

    func begin(_ starts: [AttemptStart]) async throws(StoreError) {
        try check()
        try await store.begin(starts)
    }

    func settle(_ settlements: [Settlement]) async throws(StoreError) {
        try check()
        try await store.settle(settlements)
    }

    func extendLeases(_ deliveries: [Int64], now: Timestamp, until: Timestamp) async throws(StoreError) {
        try await store.extendLeases(deliveries, now: now, until: until)
    }

    func rescueLeases(now: Timestamp, all: Bool) async throws(StoreError) -> RescueReport {
        try await store.rescueLeases(now: now, all: all)
    }

    func retry(delivery: Int64, now: Timestamp) async throws(StoreError) {
        try await store.retry(delivery: delivery, now: now)
    }

    func resumeHeld(now: Timestamp) async throws(StoreError) -> Int { try await store.resumeHeld(now: now) }

    func refusedRecipients(limit: Int) async throws(StoreError) -> [RefusedRecipient] {
        try await store.refusedRecipients(limit: limit)
    }

    func liftSuppression(of address: String, now: Timestamp) async throws(StoreError) {
        try await store.liftSuppression(of: address, now: now)
    }

    func keep(_ content: [UInt8], as name: Memo.Name, now: Timestamp) async throws(StoreError) {
        try check()
        try await store.keep(content, as: name, now: now)
    }

    func memo(_ name: Memo.Name) async throws(StoreError) -> Memo? { try await store.memo(name) }

    func prune(_ retention: Retention, now: Timestamp) async throws(StoreError) -> PruneReport {
        try await store.prune(retention, now: now)
    }

    func events(before: Int64?, limit: Int) async throws(StoreError) -> [EventRecord] {
        if let error = eventFailure.withLock({ $0 }) { throw error }
        return try await store.events(before: before, limit: limit)
    }

    func event(_ id: Int64) async throws(StoreError) -> EventRecord? { try await store.event(id) }

    func events(calledBy id: String, limit: Int) async throws(StoreError) -> [EventRecord] {
        try await store.events(calledBy: id, limit: limit)
    }

    func refusedAddresses() async throws(StoreError) -> [String] { try await store.refusedAddresses() }

    func body(ofEvent id: Int64) async throws(StoreError) -> [UInt8]? {
        if let error = bodyFailure.withLock({ $0 }) { throw error }
        return try await store.body(ofEvent: id)
    }

    func decisions(aboutEvent id: Int64) async throws(StoreError) -> [Decision] {
        try await store.decisions(aboutEvent: id)
    }

    func deliveries(state: DeliveryState?, before: Int64?, limit: Int) async throws(StoreError) -> [DeliveryRecord] {
        try await store.deliveries(state: state, before: before, limit: limit)
    }

    func deliveries(ofNotification id: String) async throws(StoreError) -> [DeliveryRecord] {
        try await store.deliveries(ofNotification: id)
    }

    func delivery(_ id: Int64) async throws(StoreError) -> DeliveryDetail? { try await store.delivery(id) }

    func ruleSet(inForceAt position: LogPosition) async throws(StoreError) -> StoredRuleSet? {
        try await store.ruleSet(inForceAt: position)
    }

    func silenceChanges(after position: LogPosition) async throws(StoreError) -> [SilenceChange] {
        let changes = try await store.silenceChanges(after: position)
        try? await Task.sleep(for: silencePause.withLock { $0 })
        return changes
    }

    func ruleCounts(since: Timestamp?) async throws(StoreError) -> [RuleCount] {
        try await store.ruleCounts(since: since)
    }

    func status(now: Timestamp) async throws(StoreError) -> StoreStatus { try await store.status(now: now) }

    func close() async {}

    /// Closes the store that was kept.
    func end() async { await store.close() }
}
