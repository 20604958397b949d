import Logging
import Synchronization

/// Keeps the messages of a log.
struct RecordingLogHandler: LogHandler {
    final class Messages: Sendable {
        private let all = Mutex<[String]>([])

        var texts: [String] { all.withLock { $0 } }

        fileprivate func add(_ text: String) { all.withLock { $0.append(text) } }
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

    func log(event: LogEvent) { messages.add(event.message.description) }
}
