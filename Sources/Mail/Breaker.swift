/// Keeps mails away from a host that is not well, and finds out with one mail at a time when it is.
///
/// `closed` → (5 host failures in a row) `open` → (pause over) `probing` → (2 successes) `closed`;
/// a failure while probing goes back to `open` with twice the pause.
package struct Breaker<Instant: InstantProtocol>: Sendable, Equatable where Instant.Duration == Duration {
    /// Where the breaker stands.
    package enum State: Sendable, Equatable {
        /// Everything goes. Exit: `open`.
        case closed(failures: Int)
        /// Nothing goes before the instant. Exit: `probing`, at the first mail after it.
        case open(until: Instant)
        /// One mail at a time goes; while it is under way, none does before the instant. Exits: `closed`, `open`.
        case probing(successes: Int, busyUntil: Instant?)
    }

    /// The leave of one mail to go, to be given back with `record` or `release`.
    package struct Admission: Sendable, Equatable {
        /// The time span in which it was given.
        fileprivate let generation: Int
    }

    package private(set) var state: State = .closed(failures: 0)
    /// Counts the spans between changes of state, each probe a span of its own: so a late reply is known as late.
    private var generation = 0
    /// How long the breaker opened the last time.
    private var pause: Duration

    /// Host failures in a row that open the breaker.
    package let failuresMax: Int
    /// The first pause; each failed probe doubles it.
    package let pauseMin: Duration
    /// The longest pause.
    package let pauseMax: Duration
    /// Successes that close the breaker again.
    package let successesWanted: Int

    package init(
        failuresMax: Int = 5, pauseMin: Duration = .seconds(30), pauseMax: Duration = .seconds(600),
        successesWanted: Int = 2
    ) {
        self.failuresMax = max(failuresMax, 1)
        self.pauseMin = pauseMin
        self.pauseMax = max(pauseMin, pauseMax)
        self.successesWanted = max(successesWanted, 1)
        self.pause = pauseMin
    }

    /// Whether everything goes.
    package var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// How long nothing goes; `nil` when a mail may go, or one probes.
    package func pauseLeft(at now: Instant) -> Duration? {
        guard case .open(let until) = state, now < until else { return nil }
        return now.duration(to: until)
    }

    /// Whether a mail would be let through now. Does not take the place of the probe: see `admit`.
    package func allows(at now: Instant) -> Bool {
        switch state {
        case .closed: true
        case .open(let until): now >= until
        case .probing(_, let busyUntil): busyUntil.map { now >= $0 } ?? true
        }
    }

    /// Lets a mail through, or not. While the breaker probes, this takes the one place: it is free again after a
    /// record, a `release`, or `pauseMax` when nothing was heard of the mail.
    package mutating func admit(at now: Instant) -> Admission? {
        guard allows(at: now) else { return nil }
        let busyUntil = now.advanced(by: pauseMax)
        switch state {
        case .closed: break
        case .open: enter(.probing(successes: 0, busyUntil: busyUntil))
        case .probing(let successes, _): enter(.probing(successes: successes, busyUntil: busyUntil))
        }
        return Admission(generation: generation)
    }

    /// Gives an admitted mail's place back: it was not sent after all.
    package mutating func release(_ admission: Admission) {
        guard admission.generation == generation, case .probing(let successes, _) = state else { return }
        state = .probing(successes: successes, busyUntil: nil)
    }

    /// Takes note of a reply's class: `host` is a failure, `ambiguous` frees the place and proves nothing, anything
    /// else shows that the host answers. The late reply of a mail admitted before the state changed changes nothing: it
    /// tells of another time.
    package mutating func record(_ classification: ReplyClass, of admission: Admission, at now: Instant) {
        guard admission.generation == generation else { return }
        switch classification {
        case .host: recordFailure(at: now)
        case .ambiguous, .notAttempted: release(admission)
        default: recordSuccess()
        }
    }

    /// An operator says that the host is well: everything goes again.
    package mutating func reset() {
        enter(.closed(failures: 0))
        pause = pauseMin
    }

    /// Moves what it waits for with a clock that was set.
    package mutating func shift(by step: Duration) {
        switch state {
        case .closed: break
        case .open(let until): state = .open(until: until.advanced(by: step))
        case .probing(let successes, let busyUntil):
            state = .probing(successes: successes, busyUntil: busyUntil?.advanced(by: step))
        }
    }

    private mutating func enter(_ next: State) {
        state = next
        generation &+= 1
    }

    /// The host answered.
    private mutating func recordSuccess() {
        switch state {
        case .closed: state = .closed(failures: 0)
        case .open: break
        case .probing(let successes, _):
            guard successes + 1 >= successesWanted else {
                state = .probing(successes: successes + 1, busyUntil: nil)
                return
            }
            reset()
        }
    }

    /// The host did not answer, or was not well.
    private mutating func recordFailure(at now: Instant) {
        switch state {
        case .closed(let failures):
            guard failures + 1 >= failuresMax else {
                state = .closed(failures: failures + 1)
                return
            }
            enter(.open(until: now.advanced(by: pause)))
        case .open: break
        case .probing:
            pause = min(pause * 2, pauseMax)
            enter(.open(until: now.advanced(by: pause)))
        }
    }
}
