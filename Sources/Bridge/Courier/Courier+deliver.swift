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
        let start = clock.reading()
        let startedAt = start.wall
        guard !isSuppressed(delivery) else {
            return await giveUpSuppressed(delivery, isBegun: isBegun, at: startedAt)
        }
        let admitted = state.withLock { state in
            state.note(start)
            return state.admit(at: startedAt)
        }
        guard let (admission, transport) = admitted else {
            let later = startedAt.advanced(by: .seconds(Self.pauseSecondsMax))
            await settle(Settlement(delivery: delivery.id, at: startedAt, reply: nil, next: .release(at: later)))
            return
        }
        guard let message = await begin(delivery, isBegun: isBegun, at: startedAt) else {
            _ = noteEnd(of: transport)
            state.withLock { $0.breaker.release(admission) }
            return
        }
        let reply = await transport.send(message)
        let end = clock.reading()
        let now = end.wall
        state.withLock { $0.note(end) }
        guard reply.classification != .notAttempted else {
            _ = noteEnd(of: transport)
            state.withLock { $0.breaker.release(admission) }
            await settle(Settlement(delivery: delivery.id, at: now, reply: nil, next: .release(at: now)))
            return
        }
        var decision = policy.next(
            after: reply, attempt: delivery.countedAttempts + 1,
            // A clock that was set meanwhile makes no mail older.
            createdAt: delivery.ageFrom.advanced(by: end.step(since: start)), now: now,
            jitter: .random(in: 0..<1))
        let hasShortForm =
            reply.reason == .tooLarge && decision == .dead && keepsShortForm(of: delivery, after: message, at: now)
        if hasShortForm { decision = .retry(at: now) }
        if noteEnd(of: transport) {
            state.withLock { $0.note(reply, decision, of: admission, at: now) }
        } else {
            // Settings that were replaced meanwhile prove nothing and hold nothing back.
            state.withLock { $0.breaker.release(admission) }
            if case .hold = decision { decision = .retry(at: now) }
        }
        state.withLock { $0.noteRecipient(delivery.recipient, reply) }
        tellOfPassedOver(reply.passedOver, delivery)
        report(reply, decision, of: delivery)
        await settle(Settlement(delivery: delivery.id, at: now, reply: reply, next: decision.next))
        if hasShortForm { lookForDue() }
        if delivery.notification.holdsThrottleSlot { evaluatorBell.ring() }
    }

    /// The message to send, its attempt on record; `nil` when the store did not take the record: then nothing is sent.
    func begin(_ delivery: LeasedDelivery, isBegun: Bool, at now: Timestamp) async -> Message? {
        if isBegun, let message = delivery.message { return message }
        let (composer, shortForm) = state.withLock { state in
            (state.composer, state.shortForms.removeValue(forKey: delivery.id))
        }
        let composed =
            if let shortForm {
                ComposedMail(message: shortForm, templateFault: nil)
            } else if let message = delivery.message {
                composedAnew(message, of: delivery, by: composer, at: now)
            } else {
                composer.compose(delivery.notification, recipient: delivery.recipient, now: now)
            }
        let start = AttemptStart(
            delivery: delivery.id, at: now, composed: composed?.message, templateFault: composed?.templateFault)
        if let fault = composed?.templateFault { warn(fault, of: delivery.notification) }
        do {
            try await store.begin([start])
            return composed?.message ?? delivery.message
        } catch {
            note(error, doing: "begin")
            return nil
        }
    }

    /// A mail that waits since before our sender was changed is made anew in the new name, with its old identifier: by
    /// a sender that the server refused, it could never pass, and would hold all others back at each attempt. `nil` for
    /// one that stays as it is.
    private func composedAnew(
        _ message: Message, of delivery: LeasedDelivery, by composer: Composer, at now: Timestamp
    ) -> ComposedMail? {
        guard !composer.isInOurName(message) else { return nil }
        let composed = composer.keepingIdentifier(of: message).compose(
            delivery.notification, recipient: delivery.recipient, now: now)
        return composed.message.messageID == message.messageID ? composed : nil
    }

    /// Makes the short form of a mail that was too large, once: `false` when the mail was no longer than that. Should
    /// the process end before its attempt, the full form is refused once more, and this comes round again.
    private func keepsShortForm(of delivery: LeasedDelivery, after message: Message, at now: Timestamp) -> Bool {
        let composer = state.withLock { $0.composer }.keepingIdentifier(of: message)
        guard let short = composer.composeShort(delivery.notification, recipient: delivery.recipient, now: now),
            short.bytes.count < message.bytes.count, short.messageID == message.messageID
        else { return false }
        state.withLock { $0.shortForms[delivery.id] = short }
        return true
    }

    func warn(_ templateFault: String, of notification: Notification) {
        log.warning(
            "template failed: the built-in plain one was used",
            metadata: ["rule": "\(notification.rule)", "fault": "\(templateFault)"])
    }

    /// Settling must not be given up: the mail is out, and only the record of it is missing.
    func settle(_ settlement: Settlement) async {
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

    /// Servers that a mail went past, each with what is wrong there: the mail may be out, and somebody has to look.
    private func tellOfPassedOver(_ servers: [PassedOverServer], _ delivery: LeasedDelivery) {
        for server in servers {
            var metadata: Logger.Metadata = [
                "server": "\(server.name)", "mail": .stringConvertible(delivery.id),
                "class": "\(server.classification.rawValue)",
            ]
            if let reason = server.reason {
                metadata["reason"] = "\(reason.rawValue)"
                metadata["remedy"] = "\(reason.remedy)"
            }
            log.warning("mail server passed over", metadata: metadata)
        }
    }

    /// The log of an attempt: words that are constant, and no code that did not decide.
    func report(_ reply: Reply, _ decision: RetryDecision<Timestamp>, of delivery: LeasedDelivery) {
        var metadata: Logger.Metadata = [
            "mail": .stringConvertible(delivery.id), "rule": "\(delivery.notification.rule)",
            "class": "\(reply.classification.rawValue)", "attempt": .stringConvertible(delivery.attempts + 1),
        ]
        if let reason = reply.reason { metadata["reason"] = "\(reason.rawValue)" }
        if let code = reply.code { metadata["code"] = .stringConvertible(code) }
        if let enhanced = reply.enhancedCode { metadata["enhanced"] = "\(enhanced)" }
        switch decision {
        case .accepted: log.info("mail accepted", metadata: metadata)
        case .retry(let at):
            metadata["next"] = "\(at.rfc3339)"
            log.warning("mail deferred", metadata: metadata)
        case .hold(let until):
            metadata["until"] = "\(until.rfc3339)"
            if let reason = reply.reason { metadata["problem"] = "\(reason.meaning)" }
            if let reason = reply.reason { metadata["remedy"] = "\(reason.remedy)" }
            log.error(
                "all mails held: mend the configuration and reload, or `hookmail mails resume`", metadata: metadata)
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
    /// Lets a mail through to the transport in use, or not; while the breaker probes this takes its one place. Slots
    /// may have been reserved under settings that were replaced since: while those in force have yet to prove
    /// themselves, one mail at a time is let through, whatever its slot. The end of each must be noted by
    /// `noteEnd(of:)`.
    mutating func admit(at now: Timestamp) -> (Breaker<Timestamp>.Admission, any MailTransport)? {
        guard maySend(at: now), isProven || sends == 0, let admission = breaker.admit(at: now) else { return nil }
        sends += 1
        return (admission, transport)
    }

    /// What an attempt says of the host and of our configuration.
    mutating func note(
        _ reply: Reply, _ decision: RetryDecision<Timestamp>, of admission: Breaker<Timestamp>.Admission,
        at now: Timestamp
    ) {
        breaker.record(reply.classification, of: admission, at: now)
        if case .hold(let until) = decision {
            pausedUntil = until
            pausedBecause = reply.reason
        }
        switch reply.classification {
        case .configuration: isProven = false
        case .host, .notAttempted: break
        // Both say nothing of the login.
        default: if reply.reason != .loginUnavailable, reply.reason != .smtpUTF8NotOffered { isProven = true }
        }
    }
}
