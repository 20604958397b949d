import Events
import Logging
import Mail
import Rendering
import Rules
import Store
import Synchronization

extension Courier {
    /// One attempt: compose when needed, record its beginning, send, settle, and free the slot.
    func deliver(_ delivery: LeasedDelivery, isBegun: Bool) async {
        defer {
            state.withLock { state in
                state.slotsFree += 1
                state.leased.remove(delivery.id)
            }
            bell.ring()
        }
        let startedAt = clock.now()
        guard state.withLock({ $0.admit(at: startedAt) }) else {
            let later = startedAt.advanced(by: .seconds(Self.pauseSecondsMax))
            await settle(Settlement(delivery: delivery.id, at: startedAt, reply: nil, next: .release(at: later)))
            return
        }
        guard let message = await begin(delivery, isBegun: isBegun, at: startedAt) else {
            state.withLock { $0.breaker.release() }
            return
        }
        let reply = await transport.send(message)
        let now = clock.now()
        guard reply.classification != .notAttempted else {
            state.withLock { $0.breaker.release() }
            await settle(Settlement(delivery: delivery.id, at: now, reply: nil, next: .release(at: now)))
            return
        }
        let decision = policy.next(
            after: reply, attempt: delivery.attempts + 1, createdAt: delivery.ageFrom, now: now,
            jitter: .random(in: 0..<1))
        observe(reply, decision, of: delivery, at: now)
        await settle(Settlement(delivery: delivery.id, at: now, reply: reply, next: decision.next))
        if delivery.notification.holdsThrottleSlot { evaluatorBell.ring() }
    }

    /// The message to send, its attempt on record; `nil` when the store did not take the record: then nothing is sent.
    private func begin(_ delivery: LeasedDelivery, isBegun: Bool, at now: Timestamp) async -> Message? {
        if isBegun, let message = delivery.message { return message }
        let composed =
            delivery.message == nil
            ? composer.compose(delivery.notification, recipient: delivery.recipient, now: now) : nil
        let start = AttemptStart(
            delivery: delivery.id, at: now, composed: composed?.message, templateFault: composed?.templateFault)
        if let fault = composed?.templateFault { warn(fault, of: delivery.notification) }
        do {
            try await store.begin([start])
            return delivery.message ?? composed?.message
        } catch {
            note(error, doing: "begin")
            return nil
        }
    }

    func warn(_ templateFault: String, of notification: Notification) {
        log.warning(
            "template failed: the built-in plain one was used",
            metadata: ["rule": "\(notification.rule)", "fault": "\(templateFault)"])
    }

    /// Settling must not be given up: the mail is out, and only the record of it is missing.
    private func settle(_ settlement: Settlement) async {
        while true {
            do {
                try await store.settle([settlement])
                return
            } catch {
                note(error, doing: "settle")
                switch error {
                case .full, .unavailable(_, fatal: false): try? await Task.sleep(for: .seconds(1))
                // The record went another way meanwhile (a rescued lease): it says so itself, and asking again would
                // not change it.
                default: return
                }
            }
        }
    }

    /// Breaker, pause and log after an attempt.
    private func observe(
        _ reply: Reply, _ decision: RetryDecision<Timestamp>, of delivery: LeasedDelivery, at now: Timestamp
    ) {
        state.withLock { state in
            state.breaker.record(reply.classification, at: now)
            if case .hold(let until) = decision { state.pausedUntil = until }
        }
        var metadata: Logger.Metadata = [
            "mail": .stringConvertible(delivery.id), "rule": "\(delivery.notification.rule)",
            "class": "\(reply.classification.rawValue)", "attempt": .stringConvertible(delivery.attempts + 1),
        ]
        if let code = reply.code { metadata["code"] = .stringConvertible(code) }
        if let enhanced = reply.enhancedCode { metadata["enhanced"] = "\(enhanced)" }
        switch decision {
        case .accepted: log.info("mail accepted", metadata: metadata)
        case .retry(let at):
            metadata["next"] = "\(at.rfc3339)"
            log.warning("mail deferred", metadata: metadata)
        case .hold(let until):
            metadata["until"] = "\(until.rfc3339)"
            log.error(
                "all mails held: the mail server refuses our configuration; see `hookmail mails list --state held`",
                metadata: metadata)
        case .dead: log.error("mail given up; see `hookmail mails list --state dead`", metadata: metadata)
        }
    }
}

extension RetryDecision<Timestamp> {
    /// What the store is told.
    var next: Settlement.Next {
        switch self {
        case .accepted: .accepted
        case .retry(let at): .retry(at: at)
        case .hold(let until): .hold(until: until)
        case .dead: .dead
        }
    }
}

extension Courier.State {
    /// Lets a mail through to the transport, or not; while the breaker probes this takes its one place.
    mutating func admit(at now: Timestamp) -> Bool {
        maySend(at: now) && breaker.admit(at: now)
    }
}
