package import Logging

/// The back end of swift-log that writes our lines.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let output: LogOutput

    /// Writes what is at least as grave as `level`.
    package init(output: LogOutput, level: Logger.Level) {
        self.output = output
        self.logLevel = level
    }

    /// One field of every line.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line; the fields of the call win over those of the logger.
    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let given = event.metadata { all.merge(given) { _, new in new } }
        // An error's words may quote anything; its type says enough to look it up.
        if let error = event.error { all["error_type"] = .string(String(describing: type(of: error))) }
        output.write(level: event.level, message: event.message.description, metadata: all)
    }
}
