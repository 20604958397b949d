import Dispatch
import Foundation
import Synchronization

/// A thread of our own with a queue before it: SQLite blocks, and the cooperative pool must not.
///
/// The thread takes everything that waits, up to `batchMax` jobs at once. It ends when the lane is closed and its queue
/// is empty, or when the lane is let go.
final class Lane<Job: Sendable>: Sendable {
    /// What the thread does. It must not hold the lane.
    struct Work: Sendable {
        /// Does a batch; never empty.
        let perform: @Sendable ([Job]) -> Void
        /// Called once when nothing has come for a second after a batch.
        let idle: @Sendable () -> Void
        /// The last thing on the thread.
        let end: @Sendable () -> Void
    }

    private let core: Core

    /// - Parameter name: of the thread, at most 15 bytes: the kernel's limit.
    init(name: String, batchMax: Int, work: Work) {
        let core = Core(batchMax: batchMax)
        self.core = core
        let thread = Thread {
            // The kernel learns the name only from the thread itself.
            Thread.current.name = name
            core.run(work)
        }
        thread.start()
    }

    deinit {
        core.stop()
    }

    /// Jobs that the thread has not taken yet.
    var waitingCount: Int { core.waitingCount }

    /// Queues a job; `false` when the lane is closed.
    func submit(_ job: Job) -> Bool {
        core.submit(job)
    }

    /// Closes the lane and returns when everything queued is done and the thread has ended its work.
    func close() async {
        await withCheckedContinuation { core.stop(then: $0) }
    }
}

extension Lane {
    /// What the thread and the lane share.
    private final class Core: Sendable {
        private struct State {
            var jobs: [Job] = []
            var isAsleep = false
            var isClosed = false
            var hasEnded = false
            var waiters: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Mutex(State())
        private let bell = DispatchSemaphore(value: 0)
        private let batchMax: Int

        init(batchMax: Int) {
            self.batchMax = batchMax
        }

        var waitingCount: Int { state.withLock { $0.jobs.count } }

        func submit(_ job: Job) -> Bool {
            let (isTaken, mustWake) = state.withLock { state in
                guard !state.isClosed else { return (false, false) }
                state.jobs.append(job)
                defer { state.isAsleep = false }
                return (true, state.isAsleep)
            }
            if mustWake { bell.signal() }
            return isTaken
        }

        func stop(then waiter: CheckedContinuation<Void, Never>? = nil) {
            let hasEnded = state.withLock { state in
                state.isClosed = true
                if !state.hasEnded, let waiter { state.waiters.append(waiter) }
                return state.hasEnded
            }
            if hasEnded { waiter?.resume() } else { bell.signal() }
        }

        func run(_ work: Work) {
            var wasBusy = false
            while true {
                let (batch, isClosed) = take()
                if !batch.isEmpty {
                    work.perform(batch)
                    wasBusy = true
                } else if isClosed {
                    break
                } else if !wasBusy {
                    bell.wait()
                } else if bell.wait(timeout: .now() + 1) == .timedOut {
                    work.idle()
                    wasBusy = false
                }
            }
            work.end()
            let waiters = state.withLock { state in
                state.hasEnded = true
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }

        /// The next batch; when there is none the thread counts as asleep and is woken by the next job.
        private func take() -> (batch: [Job], isClosed: Bool) {
            state.withLock { state in
                guard state.jobs.count > batchMax else {
                    let batch = state.jobs
                    state.jobs = []
                    state.isAsleep = batch.isEmpty
                    return (batch, state.isClosed)
                }
                let batch = Array(state.jobs.prefix(batchMax))
                state.jobs.removeFirst(batchMax)
                return (batch, state.isClosed)
            }
        }
    }
}
