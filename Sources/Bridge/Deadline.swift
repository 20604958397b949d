import Synchronization

/// The time limit was reached before the work ended; the work itself goes on.
package struct DeadlineExceeded: Error {}

/// Waits for `work`, but not longer than `limit`. The work is not cancelled: a store call that was begun is finished by
/// the store, only nobody waits for it any more.
package func withDeadline<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let race = Race<Value>()
    let timer = Task {
        try? await Task.sleep(for: limit)
        race.finish(.failure(DeadlineExceeded()))
    }
    Task {
        do {
            race.finish(.success(try await work()))
        } catch {
            race.finish(.failure(error))
        }
    }
    defer { timer.cancel() }
    return try await race.value()
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
