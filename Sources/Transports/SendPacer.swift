import Synchronization

/// Lets messages begin no faster than a rate: in no span of its length are there more than its count.
///
/// Who asks gets an instant of its own and sleeps until then, in the order of asking. A mail that waits here keeps its
/// place among the few that are under way, so the queue behind it stays in the order of severity.
final class SendPacer: Sendable {
    fileprivate struct State {
        /// The instants given out last, at most `rate.count`, as a ring whose oldest is at `next`.
        var given: [ContinuousClock.Instant] = []
        var next = 0
        var isClosed = false
        var sleepers: [Int: Task<Void, Never>] = [:]
        var asked = 0
    }

    private let rate: SendRate
    private let state = Mutex(State())

    init(_ rate: SendRate) {
        self.rate = rate
    }

    /// Takes the next instant, which is `now` or later.
    func reserve(now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        state.withLock { $0.reserve(rate, now: now) }
    }

    /// Returns when a message may begin; `false` when that will not be, because of a shutdown.
    func wait() async -> Bool {
        let now = ContinuousClock.now
        let (sleeper, number) = state.withLock { state -> (Task<Void, Never>?, Int) in
            guard !state.isClosed else { return (nil, 0) }
            let instant = state.reserve(rate, now: now)
            guard instant > now else { return (nil, 0) }
            let sleeper = Task { _ = try? await Task.sleep(until: instant) }
            state.asked += 1
            state.sleepers[state.asked] = sleeper
            return (sleeper, state.asked)
        }
        await sleeper?.value
        return state.withLock { state in
            state.sleepers[number] = nil
            return !state.isClosed
        }
    }

    /// Wakes everybody who waits, and lets nobody pass from now on.
    func close() {
        let sleepers = state.withLock { state in
            state.isClosed = true
            return Array(state.sleepers.values)
        }
        for sleeper in sleepers { sleeper.cancel() }
    }
}

extension SendPacer.State {
    fileprivate mutating func reserve(_ rate: SendRate, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        guard given.count >= rate.count else {
            // Instants never fall: a message that came later does not begin earlier.
            let instant = max(now, given.last ?? now)
            given.append(instant)
            return instant
        }
        let instant = max(now, given[next].advanced(by: rate.span))
        given[next] = instant
        next = (next + 1) % given.count
        return instant
    }
}
