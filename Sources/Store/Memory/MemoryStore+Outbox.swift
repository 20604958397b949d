package import Events
import Mail
import Rules

extension MemoryStore {
    /// Leases in the order of severity and age.
    package func lease(
        limit: Int, now: Timestamp, until: Timestamp
    ) async throws(StoreError) -> [LeasedDelivery] {
        try withState { state throws(StoreError) in
            let present = state.present(now)
            return state.lease(limit: limit, now: present, until: present.advanced(by: until - now))
        }
    }

    /// Begins all attempts or none.
    package func begin(_ starts: [AttemptStart]) async throws(StoreError) {
        try withState { state throws(StoreError) in
            var touched = TouchedDeliveries()
            for start in starts {
                try touched.change(start.delivery, in: state) { delivery throws(StoreError) in
                    try delivery.begin(start)
                }
            }
            state.save(touched)
        }
    }

    /// Settles all or none, then looks which notifications have ended.
    package func settle(_ settlements: [Settlement]) async throws(StoreError) {
        try withState { state throws(StoreError) in
            var touched = TouchedDeliveries()
            let settlements = settlements.map { $0.rebased(to: state.present($0.at)) }
            for settlement in settlements {
                try touched.change(settlement.delivery, in: state) { delivery throws(StoreError) in
                    delivery.apply(try delivery.standing.settle(settlement))
                }
            }
            state.save(touched)
            for settlement in settlements {
                state.noteEnd(of: settlement.delivery, at: settlement.at)
            }
        }
    }

    /// Extends what is still leased.
    package func extendLeases(_ deliveries: [Int64], now: Timestamp, until: Timestamp) async throws(StoreError) {
        try withState { state throws(StoreError) in
            let until = state.present(now).advanced(by: until - now)
            for id in deliveries where state.deliveries[id]?.standing.state == .sending {
                state.deliveries[id]?.standing.leaseUntil = until
            }
        }
    }

    /// Puts back what nobody holds any more.
    package func rescueLeases(now: Timestamp, all: Bool) async throws(StoreError) -> RescueReport {
        try withState { state throws(StoreError) in
            let now = state.present(now)
            var rescued = 0
            var ambiguous = 0
            for (id, delivery) in state.deliveries.rows {
                guard let leaseUntil = delivery.standing.leaseUntil, all || leaseUntil < now else { continue }
                var changed = delivery
                let change = changed.standing.rescue(now: now)
                changed.apply(change)
                state.deliveries[id] = changed
                rescued += 1
                if change != .none { ambiguous += 1 }
            }
            return RescueReport(rescued: rescued, ambiguous: ambiguous)
        }
    }

    /// Queues all held mails.
    package func resumeHeld(now: Timestamp) async throws(StoreError) -> Int {
        try withState { state throws(StoreError) in
            let now = state.present(now)
            let held = state.deliveries.rows.filter { $0.row.standing.state == .held }
            for (id, delivery) in held {
                var changed = delivery
                try changed.standing.retry(now: now)
                state.deliveries[id] = changed
            }
            return held.count
        }
    }

    /// Takes the address off the list of refused ones.
    package func liftSuppression(of address: String, now: Timestamp) async throws(StoreError) {
        try withState { state throws(StoreError) in
            let bytes = Array(address.utf8)
            guard state.refusedRecipients.contains(where: { Array($0.address.utf8) == bytes }) else { throw .notFound }
            state.suppressionLifts[bytes] = state.present(now).advanced(by: .zero - state.clockOffset)
        }
    }

    /// Queues the mail and logs the action.
    package func retry(delivery id: Int64, now: Timestamp) async throws(StoreError) {
        try withState { state throws(StoreError) in
            let now = state.present(now)
            var touched = TouchedDeliveries()
            try touched.change(id, in: state) { delivery throws(StoreError) in
                try delivery.standing.retry(now: now)
            }
            state.save(touched)
            if let number = state.deliveries[id]?.notification {
                state.notifications[number]?.endedAt = nil
            }
            state.appendChange(.operatorAction(.retry(delivery: id)), at: now)
        }
    }
}

/// Deliveries changed by a batch and not yet saved, so that a batch that throws halfway changes nothing.
private struct TouchedDeliveries {
    var rows: [Int64: MemoryState.StoredDelivery] = [:]

    mutating func change(
        _ id: Int64, in state: borrowing MemoryState,
        _ body: (inout MemoryState.StoredDelivery) throws(StoreError) -> Void
    ) throws(StoreError) {
        guard var delivery = rows[id] ?? state.deliveries[id] else { throw .notFound }
        try body(&delivery)
        rows[id] = delivery
    }
}

extension MemoryState.StoredDelivery {
    /// The attempts that count for the schedule of retries.
    var countedAttempts: Int {
        let uncounted = attempts.count { attempt in
            attempt.reply?.classification == .host || attempt.reply?.classification == .configuration
        }
        return standing.attempts - uncounted
    }

    /// Begins an attempt.
    mutating func begin(_ start: AttemptStart) throws(StoreError) {
        try standing.begin()
        if let composed = start.composed {
            guard message == nil || message?.messageID == composed.messageID else {
                throw .notAllowed("a mail keeps its Message-ID")
            }
            message = composed
            templateFault = start.templateFault
        }
        guard message != nil else { throw .notAllowed("the mail has no message yet") }
        attempts.append(AttemptRecord(ordinal: standing.attempts, startedAt: start.at, endedAt: nil, reply: nil))
    }

    /// Applies a step to the records of attempts.
    mutating func apply(_ change: DeliveryStanding.AttemptChange) {
        switch change {
        case .none: break
        case .end(let ordinal, let at, let reply):
            guard let index = attempts.firstIndex(where: { $0.ordinal == ordinal }) else { break }
            attempts[index] = AttemptRecord(
                ordinal: ordinal, startedAt: attempts[index].startedAt, endedAt: at, reply: reply
            )
        case .remove(let ordinal):
            attempts.removeAll { $0.ordinal == ordinal }
        }
    }
}

extension MemoryState {
    fileprivate mutating func save(_ touched: TouchedDeliveries) {
        for (id, row) in touched.rows {
            deliveries[id] = row
            deliveries[id]?.endedOffset = clockOffset
        }
    }

    fileprivate mutating func lease(limit: Int, now: Timestamp, until: Timestamp) -> [LeasedDelivery] {
        typealias Due = (id: Int64, row: StoredDelivery, notification: Notification)
        let due = deliveries.rows.compactMap { id, row -> Due? in
            guard row.standing.isDue(now: now) else { return nil }
            return notifications[row.notification].map { (id: id, row: row, notification: $0.notification) }
        }
        let ordered = due.sorted { left, right in
            (left.notification.severity.rank, left.row.createdAt, left.id)
                < (right.notification.severity.rank, right.row.createdAt, right.id)
        }
        return ordered.prefix(max(0, limit)).map { id, row, notification in
            deliveries[id]?.standing.lease(until: until)
            return LeasedDelivery(
                id: id, notification: notification, recipient: row.recipient, message: row.message,
                attempts: row.standing.attempts, countedAttempts: row.countedAttempts, createdAt: row.createdAt,
                ageFrom: row.standing.ageFrom, state: .sending
            )
        }
    }

    /// Notes the end of a delivery's notification when no delivery of it is left unfinished, and puts the end into the
    /// log when a throttle waits for it.
    fileprivate mutating func noteEnd(of delivery: Int64, at: Timestamp) {
        guard let number = deliveries[delivery]?.notification, var stored = notifications[number],
            stored.endedAt == nil
        else { return }
        let states = stored.deliveries.compactMap { deliveries[$0]?.standing.state }
        guard !states.contains(where: \.isUnfinished) else { return }
        stored.endedAt = at
        if stored.notification.holdsThrottleSlot, !stored.isEndLogged {
            stored.isEndLogged = true
            let end = NotificationEnd(
                notification: stored.notification.id, rule: stored.notification.rule, outcome: .of(states)
            )
            appendChange(.notificationEnded(end), at: at)
        }
        notifications[number] = stored
    }
}
