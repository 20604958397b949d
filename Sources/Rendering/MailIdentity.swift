package import Events
package import Mail

/// In whose name mails are composed, and what all of them have in common.
package struct MailIdentity: Sendable, Equatable {
    /// The mailbox of `From`; its address is the envelope's sender too, where there is no `sender`.
    package let from: Mailbox
    /// The host name on the right side of every Message-ID and List-Id. Must not change between restarts, or a mail
    /// that is composed anew would no longer carry the identifier of its first copy.
    package internal(set) var host: String
    /// The mailbox of `Sender` and the envelope's sender, where it is not that of `From`.
    package var sender: Mailbox?
    /// Where answers go, where not to `from`.
    package var replyTo: Mailbox?
    /// Whether `To` names everybody who gets the mail, instead of each alone.
    package var showsAllRecipients = false
    /// Sign every mail, in this order.
    package var signers: [DKIMSigner] = []
    /// The zone of `Date` by recipient; UTC for any other.
    package var zones: [String: CivilZone] = [:]

    /// A `host` that is no domain name is replaced by the domain of `from`.
    package init(from: Mailbox, host: String) {
        self.from = from
        self.host = Address.isDomain(host) ? host : from.address.domain
    }

    /// The date of a mail to a recipient.
    func date(_ now: Timestamp, for recipient: String) -> MailDate {
        MailDate(
            secondsSinceEpoch: now.wholeSeconds,
            offsetMinutes: (zones[recipient]?.offsetSeconds(at: now) ?? 0) / 60)
    }

    /// The message with its signatures before it. One that could not be made is left out: a mail without it is better
    /// than none.
    func signed(_ message: Message, now: Timestamp) -> Message {
        guard !signers.isEmpty else { return message }
        let fields = signers.compactMap { $0.field(for: message.bytes, now: now) }
        return Message(
            sender: message.sender, recipient: message.recipient, messageID: message.messageID,
            bytes: Array(fields.joined()) + message.bytes)
    }
}
