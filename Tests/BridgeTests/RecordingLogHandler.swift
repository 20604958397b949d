import Logging
import Synchronization

/// Keeps the messages of a log, with their fields.
struct RecordingLogHandler: LogHandler {
    final class Messages: Sendable {
        private let all = Mutex<[(text: String, fields: Logger.Metadata)]>([])

        var texts: [String] { all.withLock { $0.map(\.text) } }

        /// The fields of every line with this message.
        func fields(of text: String) -> [[String: String]] {
            all.withLock { $0.filter { $0.text == text }.map { $0.fields.mapValues(\.description) } }
        }

        fileprivate func add(_ text: String, _ fields: Logger.Metadata) { all.withLock { $0.append((text, fields)) } }
    }

    let messages: Messages
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(_ messages: Messages) {
        self.messages = messages
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { messages.add(event.message.description, event.metadata ?? [:]) }
}
