import Glibc
import Logging
import Transports

/// Where log lines go: a descriptor, written to by a thread of its own, so that a full pipe, a stopped terminal or a
/// full disk behind standard error never holds up a request or a mail.
///
/// Lines wait in a backlog of bounded size. What finds no room there, or is refused by the descriptor, is dropped and
/// counted; the next line that gets through is preceded by one that says how many are missing.
package final class LogOutput: Sendable {
    /// The most bytes of lines that wait to be written.
    package static let backlogBytesMax = 1 << 20

    private let format: LogFormat
    private let hasPriority: Bool
    private let clock: any WallClock
    private let backlog: LogBacklog
    private let threads = WorkerThreads()

    /// - Parameters:
    ///   - descriptor: stays the caller's; it is never closed here.
    ///   - hasPriority: whether lines begin with the journal's `<6>`.
    package init(
        descriptor: Int32, format: LogFormat, hasPriority: Bool = false, clock: any WallClock = SystemClock(),
        backlogBytesMax: Int = LogOutput.backlogBytesMax
    ) {
        self.format = format
        self.hasPriority = hasPriority
        self.clock = clock
        let backlog = LogBacklog(descriptor: descriptor, bytesMax: backlogBytesMax) { dropped in
            LogLine(
                time: clock.now(), level: .warning, message: "log lines dropped",
                metadata: ["dropped": .stringConvertible(dropped)]
            ).bytes(as: format, hasPriority: hasPriority)
        }
        self.backlog = backlog
        // Without a thread there are no lines: the backlog fills up, and the server goes on.
        _ = threads.start { backlog.drain() }
    }

    deinit {
        backlog.close()
    }

    /// Hands a line to the thread; never blocks.
    func write(level: Logger.Level, message: String, metadata: Logger.Metadata) {
        let line = LogLine(time: clock.now(), level: level, message: message, metadata: metadata)
        backlog.add(line.bytes(as: format, hasPriority: hasPriority))
    }

    /// Returns when all lines so far were written or given up, or when `atMost` has passed.
    package func flush(atMost limit: Duration = .seconds(2)) async {
        var waited = Duration.zero
        while !backlog.isEmpty, waited < limit {
            try? await Task.sleep(for: .milliseconds(5))
            waited += .milliseconds(5)
        }
    }

    /// Whether standard error is a stream of the systemd journal (systemd.exec(5), `JOURNAL_STREAM`).
    package static var standardErrorIsJournal: Bool {
        guard let stream = getenv("JOURNAL_STREAM").map({ String(cString: $0) }) else { return false }
        var status = stat()
        guard fstat(STDERR_FILENO, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}
