import Bridge
import Mail
import Synchronization
import Transports

/// Shows a conversation with a mail server while it goes on, or keeps it for later.
final class DialoguePrinter: Sendable {
    /// The most lines that are kept for programs.
    static let linesMax = 2_000

    private let isLive: Bool
    /// Whether a line of the conversation was printed since the last line of our own.
    private let hasPrinted = Mutex(false)
    private let kept = Mutex<[(kind: String, text: String)]>([])

    /// - Parameter isLive: lines are printed as they come; otherwise they are kept.
    init(isLive: Bool) {
        self.isLive = isLive
    }

    /// The lines kept.
    var lines: [(kind: String, text: String)] { kept.withLock { $0 } }

    /// Takes a line, on the thread that holds the conversation.
    func take(_ line: SMTPConfiguration.DialogueLine) {
        let (kind, mark, text): (String, String, String) =
            switch line {
            case .sent(let text): ("sent", ">", text)
            case .received(let text): ("received", "<", text)
            case .note(let text): ("note", "*", String(text.drop { $0 == " " }))
            }
        if case .note = line, !Self.tells(text) { return }
        let plain = FactTable.plain(text, scalarsMax: 500)
        if isLive {
            hasPrinted.withLock { $0 = true }
            Terminal.out("\(mark) \(plain)")
        } else {
            kept.withLock { if $0.count < Self.linesMax { $0.append((kind: kind, text: plain)) } }
        }
    }

    /// Prints a line of our own between conversations.
    func title(_ text: String) {
        Terminal.out("\(text)\n")
    }

    /// Prints what became of a mail and what to do.
    func verdict(_ result: TestDelivery.Result) {
        let isFirst = hasPrinted.withLock { hasPrinted in
            defer { hasPrinted = false }
            return !hasPrinted
        }
        Terminal.out("\(isFirst ? "" : "\n")\(result.recipient): \(result.advice.verdict)")
        let said = FactTable.plain(result.reply.text, scalarsMax: 500)
        let isOurs = result.reply.code == nil
        if !result.advice.verdict.hasSuffix(result.reply.text) {
            Terminal.out("  \(isOurs ? "In detail" : "It said"): \(said)")
        }
        for (index, step) in result.advice.steps.enumerated() {
            Terminal.out("  \(index == 0 ? "To do:" : "      ") \(step)")
        }
        // With several servers a mail may go out, or not, past one that needs somebody.
        for server in result.reply.passedOver where result.reply.passedOver.count > 1 || isAccepted(result) {
            let words = server.reason.map { "\($0.meaning) \($0.remedy)" } ?? server.classification.rawValue
            Terminal.out("  Passed over: \(server.name): \(words)")
        }
        Terminal.out("")
    }

    private func isAccepted(_ result: TestDelivery.Result) -> Bool { result.reply.classification == .accepted }

    /// Whether a note of libcurl's helps a person: the way to the server, and its certificate. The rest is its own
    /// bookkeeping.
    private static func tells(_ note: String) -> Bool {
        let beginnings = [
            "Trying", "Connected to", "connect to", "Could not resolve", "Failed to connect", "Connection timed out",
            "Connection refused", "SSL connection using", "subject:", "start date:", "expire date:", "issuer:",
            "SSL certificate", "SSL: ", "STARTTLS denied", "error:", "OpenSSL", "Operation timed",
            "SSL connection timeout", "The token server", "Login denied", "Access denied", "No known authentication",
        ]
        return beginnings.contains { note.hasPrefix($0) }
    }
}
