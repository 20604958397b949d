package import Mail

/// In whose name mails are composed.
package struct MailIdentity: Sendable, Equatable {
    /// The mailbox of `From`; its address is the envelope's sender too.
    package let from: Mailbox
    /// The host name on the right side of every Message-ID and List-Id. Must not change between restarts, or a mail
    /// that is composed anew would no longer carry the identifier of its first copy.
    package let host: String

    /// A `host` that is no domain name is replaced by the domain of `from`.
    package init(from: Mailbox, host: String) {
        self.from = from
        self.host = Address.isDomain(host) ? host : from.address.domain
    }
}
