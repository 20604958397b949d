import Synchronization

@testable import Transports

/// Collects the lines of a conversation from a transport's thread.
final class LineRecorder: Sendable {
    private let lines = Mutex<[SMTPConfiguration.DialogueLine]>([])

    var all: [SMTPConfiguration.DialogueLine] { lines.withLock { $0 } }

    /// What we said, line by line.
    var sent: [String] { all.compactMap { if case .sent(let text) = $0 { text } else { nil } } }

    func add(_ line: SMTPConfiguration.DialogueLine) {
        lines.withLock { $0.append(line) }
    }
}
