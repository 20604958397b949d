import ArgumentParser
import Bridge
import Glibc
import Logging

/// How much the server says.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug, info, notice, warning, error

    /// The same for the logger.
    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}

extension LogFormat: ExpressibleByArgument {}

/// The server's own words: one line each on standard error.
struct ServerLog {
    let log: Logger
    private let output: LogOutput

    init(level: LogLevel, format: LogFormat = .logfmt) {
        let output = LogOutput(
            descriptor: STDERR_FILENO, format: format, hasPriority: LogOutput.standardErrorIsJournal)
        self.output = output
        log = Logger(label: "hookmail") { _ in LineLogHandler(output: output, level: level.level) }
    }

    /// Waits for the last lines to be written before other words follow them, or the process ends.
    func flush() async {
        await output.flush()
    }
}
