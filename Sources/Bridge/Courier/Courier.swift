package import Events
package import Logging
package import Mail
package import Rendering
import Rules
import ServiceLifecycle
package import Store
import Synchronization

/// Sends mails: leases deliveries from the store, or takes those an evaluation made with their first attempt begun,
/// hands them to the transport and settles what came of them.
package final class Courier: Service {
    /// How long a lease lasts without a heartbeat, in seconds. A courier that died is noticed after this time.
    package static let leaseSeconds: Int64 = 120
    /// How often running leases are extended, in seconds.
    package static let heartbeatSeconds: Int64 = 30
    /// The longest pause between two looks for due mails, in seconds.
    package static let pauseSecondsMax: Int64 = 1
    /// How long running transfers may go on at a shutdown, in seconds.
    package static let shutdownGraceSeconds: Int64 = 20

    let store: any Store
    let policy: RetryPolicy
    let clock: any WallClock
    let bell: Doorbell
    /// Rung when the end of a mail has entered the log: a slot given back may matter to the next event.
    let evaluatorBell: Doorbell
    let log: Logger
    let state: Mutex<State>

    /// What the loop, its running sends and the evaluator share.
    struct State {
        /// Takes the mails whose sending begins now.
        var transport: any MailTransport
        /// Transports that were replaced and still finish what they had begun.
        var retired: [any MailTransport] = []
        /// Sends that were admitted to `transport` and have not ended.
        var sends = 0
        /// Sends that still run on those that were replaced: they hold slots, and nothing that is to prove itself waits
        /// for them.
        var retiredSends = 0
        var composer: Composer
        /// Sends that may still be begun: two per connection, so that none waits for our bookkeeping.
        var slotsFree: Int
        /// Deliveries born with their first attempt begun, not yet picked up by the loop.
        var handedOver: [LeasedDelivery] = []
        /// Every delivery in our hands: their leases are extended.
        var leased: Set<Int64> = []
        /// Whether the store may hold due deliveries that nobody has looked for.
        var mayHaveDue = true
        /// When to look for due deliveries though nobody announced one: retries fall due by time alone.
        var lookAgainAt = Timestamp(microseconds: .min)
        /// The slots there are.
        var slotsMax: Int
        /// Until when nothing is sent because our configuration was refused.
        var pausedUntil: Timestamp?
        /// What was wrong with it, while `pausedUntil` is set.
        var pausedBecause: ReplyReason?
        /// Whether a mail got past the login since the start or the last refusal of our configuration. Until then one
        /// mail at a time goes: eight logins with a wrong password at once can lock an account.
        var isProven = false
        /// Short forms of mails whose full form was too large, for their next attempt.
        var shortForms: [Int64: Message] = [:]
        var breaker: Breaker<Timestamp>
        /// Notices when the clock is set that all these instants are of.
        var watch: StepWatch
        /// Addresses that were refused for good: mails to them are not tried.
        var suppressed: Set<String> = []
        var isClosing = false
        /// An error of the store after which the process must end.
        var fatal: StoreError?
    }

    /// - Parameters:
    ///   - bell: rung when there may be something to send.
    ///   - evaluatorBell: rung when the end of a mail has entered the log.
    package init(
        store: any Store, transport: any MailTransport, composer: Composer, policy: RetryPolicy,
        breaker: Breaker<Timestamp>,
        clock: any WallClock, bell: Doorbell, evaluatorBell: Doorbell, log: Logger
    ) {
        self.store = store
        self.policy = policy
        self.clock = clock
        self.bell = bell
        self.evaluatorBell = evaluatorBell
        self.log = log
        let slots = transport.connectionsMax * 2
        self.state = Mutex(
            State(
                transport: transport, composer: composer, slotsFree: slots, slotsMax: slots, breaker: breaker,
                watch: StepWatch(clock.reading())))
    }

    /// Sends until a graceful shutdown; then running transfers are finished or cut, and what was not begun is released.
    package func run() async throws {
        let heartbeat = Task { await beat() }
        await learnSuppressed()
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while !bell.isClosed {
                    startHandedOver(in: &group)
                    await startDue(in: &group)
                    await bell.wait(atMost: .seconds(Self.pauseSecondsMax))
                }
                state.withLock { $0.isClosing = true }
                await releaseHandedOver()
                await shutDownTransports()
            }
        } onCancelOrGracefulShutdown: {
            self.bell.close()
        }
        heartbeat.cancel()
        if let fatal = state.withLock({ $0.fatal }) { throw fatal }
    }

    /// Sends held back by a pause or an open breaker may go now: an operator asked for a retry.
    package func resume() {
        let transport = state.withLock { state in
            state.pausedUntil = nil
            state.pausedBecause = nil
            state.breaker.reset()
            return state.transport
        }
        transport.forgetFailures()
        lookForDue()
    }

    // MARK: The loop's steps

    private func startHandedOver(in group: inout DiscardingTaskGroup) {
        let deliveries = state.withLock { state in
            let all = state.handedOver
            state.handedOver = []
            return all
        }
        for delivery in deliveries {
            group.addTask { await self.deliver(delivery, isBegun: true) }
        }
    }

    private func startDue(in group: inout DiscardingTaskGroup) async {
        let reading = clock.reading()
        let now = reading.wall
        let slots = state.withLock { state -> Int in
            state.note(reading)
            guard state.mayHaveDue || now >= state.lookAgainAt, state.maySend(at: now) else { return 0 }
            state.lookAgainAt = now.advanced(by: .seconds(Self.pauseSecondsMax))
            return state.takeSlots(wanted: .max)
        }
        guard slots > 0 else { return }
        do {
            let until = now.advanced(by: .seconds(Self.leaseSeconds))
            let leased = try await store.lease(limit: slots, now: now, until: until)
            state.withLock { state in
                state.slotsFree += slots - leased.count
                state.leased.formUnion(leased.map(\.id))
                state.mayHaveDue = leased.count == slots
            }
            for delivery in leased {
                group.addTask { await self.deliver(delivery, isBegun: false) }
            }
        } catch {
            state.withLock { $0.slotsFree += slots }
            note(error, doing: "lease")
        }
    }

    private func releaseHandedOver() async {
        let deliveries = state.withLock { state in
            let all = state.handedOver
            state.handedOver = []
            return all
        }
        let now = clock.now()
        let releases = deliveries.map { Settlement(delivery: $0.id, at: now, reply: nil, next: .release(at: now)) }
        guard !releases.isEmpty else { return }
        do {
            try await store.settle(releases)
        } catch {
            note(error, doing: "release")
        }
    }

    private func beat() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(Self.heartbeatSeconds))
            if !Task.isCancelled { await extendLeases() }
        }
    }

    /// Extends the leases of everything in our hands.
    package func extendLeases() async {
        let leased = state.withLock { Array($0.leased) }
        guard !leased.isEmpty else { return }
        do {
            let now = clock.now()
            try await store.extendLeases(leased, now: now, until: now.advanced(by: .seconds(Self.leaseSeconds)))
        } catch {
            note(error, doing: "extend leases")
        }
    }

    /// There may be due deliveries that nobody has looked for.
    package func lookForDue() {
        state.withLock { $0.mayHaveDue = true }
        bell.ring()
    }

    /// Logs a store error once, and ends the courier when the store can no longer be trusted.
    func note(_ error: StoreError, doing what: String) {
        log.error("store refused the courier", metadata: ["doing": "\(what)", "error": "\(error.shortDescription)"])
        guard error.isFatal || error == .closed else { return }
        state.withLock { $0.fatal = error }
        bell.close()
    }
}

extension Courier.State {
    /// Takes free slots; only one while the breaker probes whether the host is well again, and none beside that one
    /// while our configuration has yet to prove itself.
    mutating func takeSlots(wanted: Int) -> Int {
        let most: Int
        if !isProven {
            most = slotsFree + retiredSends >= slotsMax ? 1 : 0
        } else if case .closed = breaker.state {
            most = slotsFree
        } else {
            most = min(1, slotsFree)
        }
        // Fewer than none are free after a change to a transport with fewer connections, until running sends end.
        let slots = max(0, min(wanted, most, slotsFree))
        slotsFree -= slots
        return slots
    }

    /// Moves what is waited for where the clock was set, and looks for due mails: theirs has been moved, too.
    mutating func note(_ reading: ClockReading) {
        guard let step = watch.step(at: reading) else { return }
        watch.follow(reading)
        pausedUntil = pausedUntil?.advanced(by: step)
        breaker.shift(by: step)
        mayHaveDue = true
    }

    /// Whether anything may be sent now.
    func maySend(at now: Timestamp) -> Bool {
        guard !isClosing, fatal == nil else { return false }
        if let pausedUntil, now < pausedUntil { return false }
        return breaker.allows(at: now)
    }
}
