import Glibc
import Synchronization

/// The lines that wait for their descriptor. A thread that calls `drain` writes them.
final class LogBacklog: @unchecked Sendable {  // the semaphore is made for threads, the rest is in a Mutex
    private struct State {
        var lines: [[UInt8]] = []
        var bytes = 0
        /// Lines lost since the last notice of it.
        var dropped = 0
        var isWriting = false
        var isClosed = false
    }

    private let output: OutputDescriptor
    private let bytesMax: Int
    private let notice: @Sendable (_ dropped: Int) -> [UInt8]
    private let state = Mutex(State())
    private let work = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init(descriptor: Int32, bytesMax: Int, notice: @escaping @Sendable (_ dropped: Int) -> [UInt8]) {
        output = OutputDescriptor(descriptor)
        self.bytesMax = bytesMax
        self.notice = notice
        sem_init(work, 0, 0)
    }

    deinit {
        sem_destroy(work)
        work.deallocate()
    }

    /// Whether every line was written or given up.
    var isEmpty: Bool {
        state.withLock { $0.lines.isEmpty && !$0.isWriting }
    }

    /// Takes a line, or counts it as dropped when there is no room.
    func add(_ line: [UInt8]) {
        state.withLock { state in
            guard state.bytes + line.count <= bytesMax else {
                state.dropped += 1
                return
            }
            state.lines.append(line)
            state.bytes += line.count
        }
        sem_post(work)
    }

    /// Lets `drain` return once nothing is left.
    func close() {
        state.withLock { $0.isClosed = true }
        sem_post(work)
    }

    /// Writes lines as they come, until `close`. Blocks its thread.
    func drain() {
        while true {
            let (lines, dropped, isClosed) = state.withLock { state in
                let taken = (state.lines, state.dropped, state.isClosed)
                state.lines = []
                state.dropped = 0
                state.isWriting = true
                return taken
            }
            write(lines, after: dropped)
            state.withLock { $0.isWriting = false }
            if lines.isEmpty {
                if isClosed { return }
                while sem_wait(work) == -1, errno == EINTR {}
            }
        }
    }

    /// - Parameter dropped: how many lines are missing before the first of `lines`.
    private func write(_ lines: [[UInt8]], after dropped: Int) {
        var missing = dropped
        for line in lines {
            if missing > 0, output.write(notice(missing)) == 0 { missing = 0 }
            if output.write(line) != 0 { missing += 1 }
            state.withLock { $0.bytes -= line.count }
        }
        if missing > 0 { state.withLock { $0.dropped += missing } }
    }
}
