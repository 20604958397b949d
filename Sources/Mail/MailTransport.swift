/// Hands finished messages to a mail server or a folder. Implementations own their threads; `send` may be called
/// concurrently up to `connectionsMax` times.
package protocol MailTransport: Sendable {
    /// How many messages may be under way at once.
    var connectionsMax: Int { get }

    /// Sends one message to its one recipient and says what became of it. Never throws: every fault is a `Reply`.
    func send(_ message: Message) async -> Reply

    /// Ends the work: a transfer that is still running gets `grace`, then its connection is cut and its reply is
    /// `ambiguous` or `transient` by the state it was in. Returns when no thread of the transport runs any more.
    func shutdown(grace: Duration) async

    /// How each of several servers stands, the preferred one first; empty where there is only one.
    var serverStandings: [MailServerStanding] { get }

    /// An operator says that what was wrong with a server is mended: the next mail tries it again.
    func forgetFailures()
}

extension MailTransport {
    /// None: there is one server.
    package var serverStandings: [MailServerStanding] { [] }

    /// Nothing is remembered of one server.
    package func forgetFailures() {}
}

/// A composed message: the envelope (RFC 5321) and the bytes (RFC 5322), fixed before the first attempt.
package struct Message: Sendable, Equatable {
    /// The reverse-path of `MAIL FROM`.
    package let sender: Address
    /// The forward-path of `RCPT TO`: one recipient a transaction.
    package let recipient: Address
    /// The value of `Message-ID` without angle brackets; equal for every attempt.
    package let messageID: String
    /// The complete message: CRLF line ends, lines of at most 998 bytes none of which begins with a dot, and 7-bit but
    /// for the header of an internationalised message, which may hold UTF-8 (RFC 6532).
    package let bytes: [UInt8]

    package init(sender: Address, recipient: Address, messageID: String, bytes: [UInt8]) {
        self.sender = sender
        self.recipient = recipient
        self.messageID = messageID
        self.bytes = bytes
    }
}

extension Message {
    /// Whether the message can be handed only to a server that offers SMTPUTF8 (RFC 6531): an address of its envelope
    /// or a field of its header is beyond ASCII.
    package var needsSMTPUTF8: Bool {
        sender.needsSMTPUTF8 || recipient.needsSMTPUTF8 || bytes.contains { $0 >= 0x80 }
    }

    /// Whether it is not the recipient but our own side, such as `from` or `reply_to`, that needs SMTPUTF8: then every
    /// mail does. Only a copy for a recipient beyond ASCII has other recipients beyond ASCII in its header.
    package var senderNeedsSMTPUTF8: Bool {
        sender.needsSMTPUTF8 || (!recipient.needsSMTPUTF8 && needsSMTPUTF8)
    }
}

/// What one attempt came to.
package struct Reply: Sendable, Equatable {
    /// The verdict that decides what happens next.
    package let classification: ReplyClass
    /// The basic code (RFC 5321 §4.2) of the reply that decided, or `nil` when none did: a code that only happened to
    /// be the last one seen is not kept.
    package let code: Int?
    /// The enhanced status code (RFC 3463) such as `5.1.1`, when the reply carried one.
    package let enhancedCode: String?
    /// The server's words or ours, one line, at most 500 characters, without addresses of other people's mail.
    package let text: String
    /// What was wrong, as a constant word; `nil` for an accepted mail, and for a reply of which no more is known.
    package let reason: ReplyReason?
    /// Servers that were tried before the one that this reply is from, where there are several; in their order. Kept
    /// with no attempt: it is for the log of the moment.
    package let passedOver: [PassedOverServer]

    package init(
        classification: ReplyClass, code: Int? = nil, enhancedCode: String? = nil, text: String,
        reason: ReplyReason? = nil, passedOver: [PassedOverServer] = []
    ) {
        self.passedOver = passedOver
        self.classification = classification
        self.code = code
        self.enhancedCode = enhancedCode
        self.text = text
        self.reason = reason
    }
}

/// The classes of `Reply`: each names the next step, so that no one matches reply texts later.
package enum ReplyClass: String, Sendable, CaseIterable {
    /// The server took responsibility (2yz after the final dot).
    case accepted
    /// This mail may pass later: schedule a retry.
    case transient
    /// The recipient is greylisting: retry, not before five minutes.
    case greylisted
    /// This mail will never pass: dead, listed.
    case permanent
    /// The address does not exist or is refused for good: dead, and the address is at fault.
    case recipientRefused
    /// The host is unreachable or unwell: back off from the host; the mail's attempts are not used up.
    case host
    /// Our configuration is at fault (password, TLS, sender refused): hold the queue and tell the operator.
    case configuration
    /// The connection broke after the data and before its reply: a second copy is possible (RFC 1047).
    case ambiguous
    /// Our own shutdown came before the mail's text: nothing happened to it, so the attempt does not count.
    case notAttempted = "not_attempted"
}
