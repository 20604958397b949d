import ArgumentParser
import Bridge
import Expressions
import Logging
import Store
import UnixSignals

/// `hookmail serve`: runs the bridge.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the server until SIGTERM or Ctrl-C.",
        discussion: """
            A changed configuration comes into force while the server runs: by itself within two seconds of the last \
            write, by `hookmail reload`, or on SIGHUP. While it has faults the old one stays.

            Ends in order: stops accepting, finishes commits, finishes or releases running sends. Exit code 0 after an \
            ordered end, 69 when an address or the store is taken, 78 when the configuration is wrong.

            Examples:
              hookmail serve
              hookmail serve --config /etc/hookmail/hookmail.yaml --log-format json
            """)

    @OptionGroup var file: ConfigurationOption
    @Option(help: "The least severe log lines that are written.")
    var logLevel: LogLevel = .info
    @Option(help: "How log lines are written: key=value pairs, or one JSON object a line.")
    var logFormat: LogFormat = .logfmt
    @Flag(
        help: """
            Keep deliveries that do not verify in memory, at most \(RefusedDeliveries.countMax) for ten minutes, for \
            `hookmail verify --refused`.
            """)
    var keepRefused = false
    @Flag(name: .customLong("no-watch"), help: "Do not look for changes of the configuration and its files.")
    var isUnwatched = false

    func run() async throws {
        let path = try file.path()
        let reading = ConfigurationReading.read(path: path)
        // Programs read the log as JSON, so nothing else may stand between its lines.
        let configuration = try file.configuration(of: reading.result, showsWarnings: logFormat != .json)
        let log = ServerLog(level: logLevel, format: logFormat)
        if logFormat == .json, case .success(let loaded) = reading.result {
            for warning in loaded.warnings.all { log.log.warning("configuration warning", metadata: warning.fields) }
        }
        OpenFileLimit.raise()
        EventLoopCount.apply()
        var parts = try BridgeOpening.parts(configuration, log: log.log)
        parts.keepsRefused = keepRefused
        parts.reload = Reloader.Origin(configuration: configuration, files: reading.files, watches: !isUnwatched) {
            ConfigurationReading.read(path: path)
        }
        do {
            try await Bridge(parts, log: log.log).run(stoppingOn: [.sigterm, .sigint], reloadingOn: [.sighup])
        } catch {
            await log.flush()
            throw BridgeOpening.explain(error, configuration)
        }
        await log.flush()
    }
}
