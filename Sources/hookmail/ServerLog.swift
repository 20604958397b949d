import ArgumentParser
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

/// The server's own words: one line each on standard error.
enum ServerLog {
    static func make(level: LogLevel) -> Logger {
        var log = Logger(label: "hookmail") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = level.level
        return log
    }
}
