import Synchronization

/// Wakes one waiting loop. Rings while nobody waits are remembered, many as one, so a loop that looks for work after
/// each ring misses none.
package final class Doorbell: Sendable {
    private struct State {
        var isRung = false
        var isClosed = false
        /// Told apart by number, so that a late timer cannot wake a later wait.
        var waiting: (number: UInt64, continuation: CheckedContinuation<Void, Never>)?
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Wakes the waiter, or lets its next wait return at once.
    package func ring() {
        let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiting = state.waiting else {
                state.isRung = true
                return nil
            }
            state.waiting = nil
            return waiting.continuation
        }
        continuation?.resume()
    }

    /// Wakes the waiter and lets every later wait return at once: the loop should end.
    package func close() {
        state.withLock { $0.isClosed = true }
        ring()
    }

    /// Whether `close` was called.
    package var isClosed: Bool {
        state.withLock { $0.isClosed }
    }

    /// Returns after a ring, after `close`, or when `atMost` has passed. One loop may wait at a time.
    package func wait(atMost: Duration) async {
        let number = state.withLock { state -> UInt64 in
            state.lastNumber += 1
            return state.lastNumber
        }
        let timer = Task { [weak self] in
            try? await Task.sleep(for: atMost)
            self?.expire(number)
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state -> Bool in
                if state.isRung || state.isClosed {
                    state.isRung = false
                    return true
                }
                state.waiting = (number, continuation)
                return false
            }
            if isReady { continuation.resume() }
        }
        timer.cancel()
    }

    /// Ends the wait of that number when it is still waiting; also called early when the timer is cancelled, by when
    /// the wait it belongs to has returned.
    private func expire(_ number: UInt64) {
        let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiting = state.waiting, waiting.number == number else { return nil }
            state.waiting = nil
            return waiting.continuation
        }
        continuation?.resume()
    }
}
