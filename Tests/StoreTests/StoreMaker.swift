import Events
import Rules
import Store
import TestSupport
import Testing

/// Makes one kind of store. The conformance tests run over all of them.
struct StoreMaker: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Whether what was stored is there after closing and opening again.
    let isDurable: Bool
    private let open: @Sendable (_ folder: ScratchFolder, _ options: StoreOptions) throws -> any Store

    static let memory = StoreMaker(testDescription: "memory", isDurable: false) { _, options in
        MemoryStore(options: options)
    }

    static let sqlite = StoreMaker(testDescription: "SQLite", isDurable: true) { folder, options in
        try SQLiteStore.open(path: folder.path + "/hookmail.db", options: options)
    }

    static let all = [memory, sqlite]

    private init(
        testDescription: String, isDurable: Bool,
        open: @escaping @Sendable (ScratchFolder, StoreOptions) throws -> any Store
    ) {
        self.testDescription = testDescription
        self.isDurable = isDurable
        self.open = open
    }

    /// Runs `body` on a fresh store and closes it.
    func withStore(
        options: StoreOptions = .forTests, _ body: (any Store) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        let store = try open(folder, options)
        do {
            try await body(store)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        withExtendedLifetime(folder) {}
    }
}

extension StoreOptions {
    /// Options that do not care how full the disk of the test machine is.
    static var forTests: StoreOptions {
        StoreOptions(freeBytes: { .max })
    }
}

/// What the tests measure time from.
let noon = EventMaker.start

extension Timestamp {
    static func + (time: Timestamp, seconds: Int) -> Timestamp {
        time.advanced(by: .seconds(seconds))
    }
}

extension Store {
    /// Appends one event and returns what it was.
    @discardableResult
    func append(_ event: VerifiedEvent) async throws -> Appended {
        try #require(try await append([event]).first)
    }

    /// Evaluates everything that waits; `notifications` go with the last entry.
    @discardableResult
    func evaluateAll(
        _ notifications: [NewNotification] = [], decisions: [Decision] = []
    ) async throws -> [LeasedDelivery] {
        let state = try await evaluatorState()
        let pending = try await unevaluated(limit: 10_000)
        var evaluation = Evaluation(at: pending.last?.at ?? state.at ?? noon)
        evaluation.positions = pending.enumerated().map { ($1.row, state.cursor + Int64($0) + 1) }
        evaluation.notifications = notifications
        evaluation.decisions = decisions
        let begun = try await commit(evaluation, expecting: state.cursor)
        // A store may give less at a time than there is.
        if !pending.isEmpty { try await evaluateAll() }
        return begun
    }

    /// Stores an event and one mail about it for each recipient, queued.
    func queueMails(
        _ id: String = "1-0", severity: Severity = .medium, at: Timestamp = noon,
        recipients: [String] = ["llm@example.com"], holdsThrottleSlot: Bool = false
    ) async throws -> [LeasedDelivery] {
        let event = try await append(EventMaker.event("event of \(id)", receivedAt: at)).id
        let notification = try NotificationMaker.notification(
            id, event: event, severity: severity, at: at, recipients: recipients, holdsThrottleSlot: holdsThrottleSlot
        )
        return try await evaluateAll([NotificationMaker.queued(notification)])
    }

    /// Leases everything due and begins its attempts.
    func leaseAndBegin(now: Timestamp, until: Timestamp? = nil) async throws -> [LeasedDelivery] {
        let leased = try await lease(limit: 100, now: now, until: until ?? now + 60)
        try await begin(
            leased.map { delivery in
                AttemptStart(
                    delivery: delivery.id, at: now,
                    composed: delivery.message == nil
                        ? try NotificationMaker.message(delivery.recipient, id: "\(delivery.id)") : nil,
                    templateFault: nil
                )
            }
        )
        return leased
    }

    /// Settles one delivery with a reply that fits.
    func settle(_ delivery: Int64, _ next: Settlement.Next, at: Timestamp) async throws {
        try await settle([Settlement(delivery: delivery, at: at, reply: .fitting(next), next: next)])
    }

    /// The state of a delivery.
    func state(of delivery: Int64) async throws -> DeliveryState {
        try #require(try await self.delivery(delivery)).record.state
    }
}
