import Glibc

/// Jobs for a few threads: the thread that rested last gets the next job.
///
/// Each waiting thread has its own condition variable and stands on a stack. So at a low rate one thread, and with it
/// one warm connection, does all the work, and a push wakes exactly one thread.
final class WorkQueue<Job: Sendable>: @unchecked Sendable {  // all state is guarded by `mutex`
    /// What a thread is to do next.
    enum Next {
        case job(Job)
        /// The idle time passed without a job.
        case idle
        /// The queue is closed and empty: the thread is to end.
        case closed
    }

    private final class Waiter {
        let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        var job: Job?

        init() {
            // The monotonic clock: a step of the wall clock must not keep a connection open or drop it early.
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        }

        deinit {
            pthread_cond_destroy(condition)
            condition.deallocate()
        }
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var jobs: [Job] = []
    private var resting: [Waiter] = []
    private var isClosed = false

    init() {
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Adds a job; `false` when the queue is closed and the job was not taken.
    func push(_ job: Job) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isClosed else { return false }
        if let waiter = resting.popLast() {
            waiter.job = job
            pthread_cond_signal(waiter.condition)
        } else {
            jobs.append(job)
        }
        return true
    }

    /// Waits for the next job; `idleAfter` bounds the wait, `nil` does not.
    ///
    /// `finish` tells the caller of the last job its result. It runs when this thread already stands in line again, so
    /// that a caller who sends its next job at once meets the same thread and its warm connection.
    func next(idleAfter: Duration?, finish: () -> Void = {}) -> Next {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let waiter = Waiter()
        if !jobs.isEmpty {
            waiter.job = jobs.removeFirst()
        } else if !isClosed {
            resting.append(waiter)
        }
        pthread_mutex_unlock(mutex)
        finish()
        pthread_mutex_lock(mutex)
        var deadline = idleAfter.map(Self.deadline)
        while waiter.job == nil, !isClosed {
            let outcome =
                if deadline == nil {
                    pthread_cond_wait(waiter.condition, mutex)
                } else {
                    pthread_cond_timedwait(waiter.condition, mutex, &deadline!)
                }
            if outcome == ETIMEDOUT { break }
        }
        if let job = waiter.job { return .job(job) }
        resting.removeAll { $0 === waiter }
        return isClosed ? .closed : .idle
    }

    /// Takes no further job, wakes every waiting thread, and hands back the jobs nobody began.
    func close() -> [Job] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        for waiter in resting {
            pthread_cond_signal(waiter.condition)
        }
        defer { jobs = [] }
        return jobs
    }

    private static func deadline(_ duration: Duration) -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let (seconds, attoseconds) = duration.components
        let nanoseconds = time.tv_nsec + Int(attoseconds / 1_000_000_000)
        let whole = Int(clamping: seconds).addingReportingOverflow(time.tv_sec + nanoseconds / 1_000_000_000)
        return timespec(tv_sec: whole.overflow ? .max : whole.partialValue, tv_nsec: nanoseconds % 1_000_000_000)
    }
}
