package import Events
package import Mail

/// An address that the mail server refuses for good.
package struct RefusedRecipient: Sendable, Equatable {
    /// The address.
    package let address: String
    /// When the first of the refused mails was given up.
    package let since: Timestamp
    /// When the last one was.
    package let last: Timestamp
    /// How many mails were given up for it since the address last took one.
    package let mails: Int
    /// The number of the last of them.
    package let lastMail: Int64
    /// What the server said to that one.
    package let reply: Reply

    package init(address: String, since: Timestamp, last: Timestamp, mails: Int, lastMail: Int64, reply: Reply) {
        self.address = address
        self.since = since
        self.last = last
        self.mails = mails
        self.lastMail = lastMail
        self.reply = reply
    }
}
