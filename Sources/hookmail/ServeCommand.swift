import ArgumentParser
import Bridge
import Logging
import Store
import UnixSignals

/// `hookmail serve`: runs the bridge.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the server until SIGTERM or Ctrl-C.",
        discussion: """
            Ends in order: stops accepting, finishes commits, finishes or releases running sends. Exit code 0 after an \
            ordered end, 69 when an address or the store is taken, 78 when the configuration is wrong.
            """)

    @OptionGroup var file: ConfigurationOption
    @Option(help: "The least severe log lines that are written.")
    var logLevel: LogLevel = .info

    func run() async throws {
        let configuration = try file.load(showsWarnings: true)
        let log = ServerLog.make(level: logLevel)
        let parts = try BridgeOpening.parts(configuration)
        do {
            try await Bridge(parts, log: log).run(stoppingOn: [.sigterm, .sigint])
        } catch {
            throw BridgeOpening.explain(error, configuration)
        }
    }
}

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

/// Opens what a configuration names and explains what stands in the way.
enum BridgeOpening {
    /// The parts of a bridge; says what is wrong and throws an exit code.
    static func parts(_ configuration: Configuration) throws -> Bridge.Parts {
        do {
            return try configuration.openParts()
        } catch let error as StoreError {
            throw StoreOption.explain(error, path: configuration.storePath)
        } catch {
            Terminal.err("\(error)")
            throw ExitCode.badConfiguration
        }
    }

    /// What ended a running bridge.
    static func explain(_ error: any Error, _ configuration: Configuration) -> ExitCode {
        if let error = error as? StoreError { return StoreOption.explain(error, path: configuration.storePath) }
        Terminal.err(
            "The server ended: \(error)\n"
                + "hint: is another process at `listen` (\(configuration.listen)) or `admin` (\(configuration.admin))?"
        )
        return .unavailable
    }
}
