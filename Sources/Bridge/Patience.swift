import Synchronization

/// The time limit was reached before the work ended; the work itself goes on.
package struct PatienceLost: Error {}

/// Waits for work, but not longer than its limit. The work is not cancelled: a store call that was begun is finished by
/// the store, only nobody waits for it any more.
///
/// A timer of its own for each request would cost more than most requests do, so one sweep looks after all of them: a
/// wait may last a tenth of the limit longer than the limit.
package final class Patience: Sendable {
    private typealias Expiry = @Sendable () -> Void

    private struct Waits {
        /// When each running wait is over, and how to end it.
        var running: [UInt64: (until: ContinuousClock.Instant, expire: Expiry)] = [:]
        var nextNumber: UInt64 = 0
        /// Whether a sweep is under way; it ends when nobody waits.
        var isSwept = false
    }

    private let limit: Duration
    private let waits = Mutex(Waits())

    package init(_ limit: Duration) {
        self.limit = limit
    }

    /// The value of `work`, or `PatienceLost` when it has not come within the limit.
    ///
    /// - Parameters:
    ///   - executor: where the work begins, at once, and goes on; `nil` is the shared pool.
    ///   - work: goes on also when nobody waits for it any more.
    package func wait<Value: Sendable>(
        on executor: (any TaskExecutor)? = nil, for work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let race = Race<Value>()
        let number = enter { race.finish(.failure(PatienceLost())) }
        defer { leave(number) }
        Task.immediate(executorPreference: executor) {
            do {
                race.finish(.success(try await work()))
            } catch {
                race.finish(.failure(error))
            }
        }
        return try await race.value()
    }

    private func enter(_ expire: @escaping Expiry) -> UInt64 {
        let until = ContinuousClock.now + limit
        let (number, mustSweep) = waits.withLock { waits in
            defer {
                waits.nextNumber += 1
                waits.isSwept = true
            }
            waits.running[waits.nextNumber] = (until, expire)
            return (waits.nextNumber, !waits.isSwept)
        }
        if mustSweep { Task { await sweep() } }
        return number
    }

    private func leave(_ number: UInt64) {
        waits.withLock { _ = $0.running.removeValue(forKey: number) }
    }

    /// Ends waits whose time has come, until nobody waits. A busy server has one sweep for all its life.
    private func sweep() async {
        while true {
            try? await Task.sleep(for: limit / 10)
            let now = ContinuousClock.now
            let expired = waits.withLock { waits -> [Expiry]? in
                if waits.running.isEmpty {
                    waits.isSwept = false
                    return nil
                }
                return waits.running.values.filter { $0.until <= now }.map(\.expire)
            }
            guard let expired else { return }
            for expire in expired { expire() }
        }
    }
}

/// The first of two results, handed to one waiter.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Value, any Error>)
        case finished(Result<Value, any Error>)
        case taken
    }

    private let state = Mutex(State.open)

    func finish(_ result: Result<Value, any Error>) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .open:
                state = .finished(result)
                return nil
            case .waiting(let continuation):
                state = .taken
                return continuation
            case .finished, .taken:
                return nil
            }
        }
        continuation?.resume(with: result)
    }

    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state -> Result<Value, any Error>? in
                if case .finished(let result) = state {
                    state = .taken
                    return result
                }
                state = .waiting(continuation)
                return nil
            }
            if let result { continuation.resume(with: result) }
        }
    }
}
