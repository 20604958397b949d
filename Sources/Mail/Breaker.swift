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

    package private(set) var state: State = .closed(failures: 0)
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
    package mutating func admit(at now: Instant) -> Bool {
        guard allows(at: now) else { return false }
        let busyUntil = now.advanced(by: pauseMax)
        switch state {
        case .closed: break
        case .open: state = .probing(successes: 0, busyUntil: busyUntil)
        case .probing(let successes, _): state = .probing(successes: successes, busyUntil: busyUntil)
        }
        return true
    }

    /// Gives an admitted mail's place back: it was not sent after all.
    package mutating func release() {
        if case .probing(let successes, _) = state { state = .probing(successes: successes, busyUntil: nil) }
    }

    /// Takes note of a reply's class: `host` is a failure, `ambiguous` frees the place and proves nothing, anything
    /// else shows that the host answers.
    package mutating func record(_ classification: ReplyClass, at now: Instant) {
        switch classification {
        case .host: recordFailure(at: now)
        case .ambiguous, .notAttempted: release()
        default: recordSuccess(at: now)
        }
    }

    /// An operator says that the host is well: everything goes again.
    package mutating func reset() {
        state = .closed(failures: 0)
        pause = pauseMin
    }

    /// The host answered.
    package mutating func recordSuccess(at now: Instant) {
        switch state {
        case .closed: state = .closed(failures: 0)
        case .open(let until):
            // Before its time this is the late reply of a mail sent earlier: the pause stands.
            if now >= until { count(successes: 1) }
        case .probing(let successes, _): count(successes: successes + 1)
        }
    }

    private mutating func count(successes: Int) {
        guard successes >= successesWanted else {
            state = .probing(successes: successes, busyUntil: nil)
            return
        }
        state = .closed(failures: 0)
        pause = pauseMin
    }

    /// The host did not answer, or was not well.
    package mutating func recordFailure(at now: Instant) {
        switch state {
        case .closed(let failures):
            let count = failures + 1
            state = count >= failuresMax ? .open(until: now.advanced(by: pause)) : .closed(failures: count)
        case .open(let until):
            if now >= until { reopen(at: now) }
        case .probing: reopen(at: now)
        }
    }

    private mutating func reopen(at now: Instant) {
        pause = min(pause * 2, pauseMax)
        state = .open(until: now.advanced(by: pause))
    }
}
