package import Events
package import Mail
package import Rules

/// Where a mail stands.
///
///     queued ─lease→ sending ─settle→ accepted
///       ↑ ↑             ├────────────→ dead ──retry──┐
///       │ └─later───────┤              held ─retry/due┤
///       └───────────────┴────────────────────────────┘
package enum DeliveryState: String, Sendable, CaseIterable {
    /// Waits for its next attempt. Exits: `sending`, `cancelled`.
    case queued
    /// Leased to a courier. Exits: `accepted`, `queued`, `held`, `dead`.
    case sending
    /// Waits because our configuration is at fault. Exits: `sending` when due, `queued` by retry.
    case held
    /// Taken by the mail server. Final.
    case accepted
    /// Given up, listed. Exit: `queued` by retry.
    case dead
    /// Withdrawn by an operator. Final.
    case cancelled
}

/// A delivery in a courier's hands.
package struct LeasedDelivery: Sendable {
    /// The store's number of the delivery.
    package let id: Int64
    /// What the mail is about.
    package let notification: Notification
    /// The address.
    package let recipient: String
    /// The message, once composed.
    package let message: Message?
    /// Attempts begun before this one.
    package let attempts: Int
    /// Of those, the ones that count for the schedule of retries: not those that found the host unwell or our
    /// configuration at fault, for they say nothing about this mail.
    package let countedAttempts: Int
    /// When the delivery was made.
    package let createdAt: Timestamp
    /// The instant from which the mail's age counts when it is about giving up: `createdAt`, the end of the last hold,
    /// or the time of an operator's last retry, whichever came last.
    package let ageFrom: Timestamp
    /// `sending`, or `queued` for a delivery that `commit` made without a start.
    package let state: DeliveryState

    package init(
        id: Int64, notification: Notification, recipient: String, message: Message?, attempts: Int,
        countedAttempts: Int? = nil, createdAt: Timestamp, ageFrom: Timestamp? = nil, state: DeliveryState
    ) {
        self.id = id
        self.notification = notification
        self.recipient = recipient
        self.message = message
        self.attempts = attempts
        self.countedAttempts = countedAttempts ?? attempts
        self.createdAt = createdAt
        self.ageFrom = ageFrom ?? createdAt
        self.state = state
    }
}

/// An attempt about to start.
package struct AttemptStart: Sendable {
    /// The delivery's number.
    package let delivery: Int64
    /// When it starts.
    package let at: Timestamp
    /// The message when it was composed for this attempt; `nil` keeps the stored one.
    package let composed: Message?
    /// What went wrong with the wanted template, when the built-in plain one was used instead.
    package let templateFault: String?

    package init(delivery: Int64, at: Timestamp, composed: Message?, templateFault: String?) {
        self.delivery = delivery
        self.at = at
        self.composed = composed
        self.templateFault = templateFault
    }
}

/// What an attempt came to and what follows.
package struct Settlement: Sendable {
    /// The step that follows.
    package enum Next: Sendable, Equatable {
        /// The mail server took it.
        case accepted
        /// Queued for another attempt.
        case retry(at: Timestamp)
        /// Held because our configuration is at fault.
        case hold(until: Timestamp)
        /// Given up.
        case dead
        /// The attempt did not take place (shutdown, breaker open): back into the queue, not counted; the record of
        /// its beginning goes.
        case release(at: Timestamp)
    }

    /// The delivery's number.
    package let delivery: Int64
    /// When the attempt ended.
    package let at: Timestamp
    /// The reply, kept with the attempt; `nil` only with `release`.
    package let reply: Reply?
    /// The step that follows.
    package let next: Next

    package init(delivery: Int64, at: Timestamp, reply: Reply?, next: Next) {
        self.delivery = delivery
        self.at = at
        self.reply = reply
        self.next = next
    }

    /// The same for an attempt that ended at `at`; what follows keeps its distance from that.
    func rebased(to end: Timestamp) -> Settlement {
        let step = end - at
        guard step != .zero else { return self }
        let moved: Next =
            switch next {
            case .accepted, .dead: next
            case .retry(let at): .retry(at: at.advanced(by: step))
            case .hold(let until): .hold(until: until.advanced(by: step))
            case .release(let at): .release(at: at.advanced(by: step))
            }
        return Settlement(delivery: delivery, at: end, reply: reply, next: moved)
    }
}

/// What became of leases that nobody held any more.
package struct RescueReport: Sendable, Equatable {
    /// How many deliveries went back into the queue.
    package let rescued: Int
    /// Of those, attempts that had begun: possible duplicates.
    package let ambiguous: Int

    package init(rescued: Int, ambiguous: Int) {
        self.rescued = rescued
        self.ambiguous = ambiguous
    }
}
