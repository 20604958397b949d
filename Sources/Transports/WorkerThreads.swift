import Glibc
import Synchronization

/// A few threads of our own for C calls that block, and a way to wait for their end without blocking.
package final class WorkerThreads: Sendable {
    private struct State {
        var threads: [pthread_t] = []
        var runningCount = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private final class Entry: Sendable {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    private let state = Mutex(State())

    /// No thread runs yet.
    package init() {}

    deinit {
        // Nobody waited; this may be running on the last of the threads, so none is joined here.
        for thread in state.withLock({ $0.threads }) {
            pthread_detach(thread)
        }
    }

    /// How many threads still run.
    var runningCount: Int {
        state.withLock { $0.runningCount }
    }

    /// Starts a thread; `false` when the system has none left.
    package func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            let entry = Entry { [self] in
                body()
                ended()
            }
            let context = Unmanaged.passRetained(entry)
            var thread = pthread_t()
            let outcome = Self.withSignalsBlocked {
                pthread_create(
                    &thread, nil,
                    { context in
                        guard let context else { return nil }
                        Unmanaged<Entry>.fromOpaque(context).takeRetainedValue().body()
                        return nil
                    },
                    context.toOpaque()
                )
            }
            guard outcome == 0 else {
                context.release()
                return false
            }
            state.threads.append(thread)
            state.runningCount += 1
            return true
        }
    }

    /// Returns when every thread has ended.
    func waitUntilEnded() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                guard state.runningCount > 0 else { return true }
                state.waiters.append(continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
        // The bodies are over; what is left of each thread is its last few instructions.
        let threads = state.withLock { state in
            defer { state.threads = [] }
            return state.threads
        }
        for thread in threads {
            pthread_join(thread, nil)
        }
    }

    private func ended() {
        let waiters = state.withLock { state in
            state.runningCount -= 1
            guard state.runningCount == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters {
            waiter.resume()
        }
    }

    /// A new thread inherits the mask: signals of the process go to the threads that expect them, not into libcurl.
    private static func withSignalsBlocked(_ body: () -> Int32) -> Int32 {
        var all = sigset_t()
        var previous = sigset_t()
        sigfillset(&all)
        for fatal in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] {
            sigdelset(&all, fatal)
        }
        pthread_sigmask(SIG_BLOCK, &all, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        return body()
    }
}
