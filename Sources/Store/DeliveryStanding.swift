import Events
import Mail

/// Where one delivery stands, and every step it can take. Both stores load it, let it step and save it, so they cannot
/// disagree about a rule.
struct DeliveryStanding: Equatable {
    /// What a step does to the records of the delivery's attempts.
    enum AttemptChange: Equatable {
        /// Nothing.
        case none
        /// The attempt with this ordinal ended with this reply.
        case end(ordinal: Int, at: Timestamp, reply: Reply)
        /// The attempt with this ordinal did not take place.
        case remove(ordinal: Int)
    }

    /// The state.
    var state: DeliveryState
    /// Attempts begun.
    var attempts: Int
    /// Whether the last attempt begun has not ended.
    var isAttemptOpen: Bool
    /// The instant from which the mail's age counts. A hold and an operator's retry start it anew: time in which our
    /// own configuration was at fault, or after which somebody still wants the mail, must not make it die at the next
    /// passing fault.
    var ageFrom: Timestamp
    /// When the next attempt is due: set exactly while `queued` or `held`.
    var nextAt: Timestamp?
    /// When the lease ends: set exactly while `sending`.
    var leaseUntil: Timestamp?
    /// When the delivery ended: set exactly while `accepted`, `dead` or `cancelled`.
    var endedAt: Timestamp?

    /// A delivery made at `createdAt` that is due at `at`.
    static func queued(at: Timestamp, createdAt: Timestamp) -> DeliveryStanding {
        DeliveryStanding(state: .queued, attempts: 0, isAttemptOpen: false, ageFrom: createdAt, nextAt: at)
    }

    /// A delivery made at `createdAt` that is born with its first attempt begun.
    static func begun(leaseUntil: Timestamp, createdAt: Timestamp) -> DeliveryStanding {
        DeliveryStanding(
            state: .sending, attempts: 1, isAttemptOpen: true, ageFrom: createdAt, leaseUntil: leaseUntil
        )
    }

    /// Whether a lease may take the delivery.
    func isDue(now: Timestamp) -> Bool {
        guard state == .queued || state == .held, let nextAt else { return false }
        return nextAt <= now
    }

    /// Takes the delivery for a courier.
    mutating func lease(until: Timestamp) {
        enter(.sending, leaseUntil: until)
    }

    /// Begins an attempt; its ordinal is `attempts` afterwards.
    mutating func begin() throws(StoreError) {
        guard state == .sending else { throw .notAllowed("the mail is \(state.rawValue), not leased") }
        guard !isAttemptOpen else { throw .notAllowed("an attempt of this mail is running") }
        attempts += 1
        isAttemptOpen = true
    }

    /// Takes over what an attempt came to.
    mutating func settle(_ settlement: Settlement) throws(StoreError) -> AttemptChange {
        guard state == .sending else { return try settleLate(settlement) }
        if case .release(let at) = settlement.next {
            enter(.queued, nextAt: at)
            guard isAttemptOpen else { return .none }
            isAttemptOpen = false
            attempts -= 1
            return .remove(ordinal: attempts + 1)
        }
        guard isAttemptOpen else { throw .notAllowed("no attempt of this mail has begun") }
        guard let reply = settlement.reply else { throw .notAllowed("a settlement needs its reply") }
        isAttemptOpen = false
        switch settlement.next {
        case .accepted: enter(.accepted, endedAt: settlement.at)
        case .dead: enter(.dead, endedAt: settlement.at)
        case .retry(let at), .release(let at): enter(.queued, nextAt: at)
        case .hold(let until):
            enter(.held, nextAt: until)
            ageFrom = until
        }
        return .end(ordinal: attempts, at: settlement.at, reply: reply)
    }

    /// A settlement after the lease was rescued: what the mail server took is taken, for sending it again would make a
    /// second copy for nothing.
    private mutating func settleLate(_ settlement: Settlement) throws(StoreError) -> AttemptChange {
        guard state == .queued || state == .held, settlement.next == .accepted, attempts > 0,
            let reply = settlement.reply
        else { throw .notAllowed("the mail is \(state.rawValue), not being sent") }
        enter(.accepted, endedAt: settlement.at)
        return .end(ordinal: attempts, at: settlement.at, reply: reply)
    }

    /// Puts a delivery whose courier is gone back into the queue.
    mutating func rescue(now: Timestamp) -> AttemptChange {
        enter(.queued, nextAt: now)
        guard isAttemptOpen else { return .none }
        isAttemptOpen = false
        return .end(ordinal: attempts, at: now, reply: Self.lostReply)
    }

    /// Queues the delivery for an attempt at `now`, as an operator asked.
    mutating func retry(now: Timestamp) throws(StoreError) {
        switch state {
        case .queued, .held, .dead:
            enter(.queued, nextAt: now)
            ageFrom = now
        case .sending: throw .notAllowed("the mail is being sent")
        case .accepted, .cancelled: throw .notAllowed("the mail is \(state.rawValue)")
        }
    }

    /// Moves what an unfinished delivery waits for and counts its age from, with a clock that was set.
    mutating func shift(by step: Duration) {
        ageFrom = ageFrom.advanced(by: step)
        nextAt = nextAt?.advanced(by: step)
        leaseUntil = leaseUntil?.advanced(by: step)
    }

    /// The reply of an attempt whose end nobody saw.
    static let lostReply = Reply(
        classification: .ambiguous,
        text: "the process ended between the start of the attempt and its result; a second copy is possible"
    )

    private mutating func enter(
        _ state: DeliveryState, nextAt: Timestamp? = nil, leaseUntil: Timestamp? = nil, endedAt: Timestamp? = nil
    ) {
        self.state = state
        self.nextAt = nextAt
        self.leaseUntil = leaseUntil
        self.endedAt = endedAt
    }
}

extension DeliveryState {
    /// Whether the mail still has something before it.
    var isUnfinished: Bool {
        switch self {
        case .queued, .sending, .held: true
        case .accepted, .dead, .cancelled: false
        }
    }
}
