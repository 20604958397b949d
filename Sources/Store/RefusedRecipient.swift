package import Events
package import Mail

/// An address that the mail server refuses for good: no mail is sent to it until it takes one, or an operator lifts the
/// suppression.
package struct RefusedRecipient: Sendable, Equatable {
    /// The address.
    package let address: String
    /// When the first of the refused mails was given up.
    package let since: Timestamp
    /// When the last one was.
    package let last: Timestamp
    /// How many mails the server refused since the address last took one.
    package let mails: Int
    /// How many were not even tried because of that.
    package let suppressed: Int
    /// The number of the last one refused.
    package let lastMail: Int64
    /// What the server said to that one.
    package let reply: Reply

    package init(
        address: String, since: Timestamp, last: Timestamp, mails: Int, suppressed: Int = 0, lastMail: Int64,
        reply: Reply
    ) {
        self.suppressed = suppressed
        self.address = address
        self.since = since
        self.last = last
        self.mails = mails
        self.lastMail = lastMail
        self.reply = reply
    }
}
