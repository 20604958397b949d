import NIOCore

/// Runs tasks on the thread of an event loop.
///
/// A request is read from, waited for and answered on the loop of its connection. On the shared pool every one of those
/// steps would cost a change of threads, which is more than most requests cost themselves.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// Queues a piece of a task behind what the loop has to do already.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
