package import Events
package import Rules

/// Makes the links of mails, and reads them.
package struct LinkSigner: Sendable, Equatable {
    /// What every link begins with, such as `https://hookmail.example.com`; without a slash at its end.
    package let base: String
    /// Signs, and reads what it signed.
    private let key: Secret
    /// Read links that were signed with them.
    private let otherKeys: [Secret]

    /// What stands between the base and a token.
    package static let path = "/m/"

    /// - Parameters:
    ///   - key: signs.
    ///   - otherKeys: their links are read as well: those of before a change of keys, and those of servers that have
    ///     made the change already.
    package init(base: String, key: Secret, otherKeys: [Secret] = []) {
        self.base = base
        self.key = key
        self.otherKeys = otherKeys
    }

    /// The path of the base, such as `/hooks`; empty where it has none.
    package var basePath: String { Self.basePath(of: base) }

    /// The path of a base.
    package static func basePath(of base: String) -> String {
        let parts = base.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 ? "/\(parts[3])" : ""
    }

    /// The URL of a token.
    package func url(_ token: LinkToken) -> String { base + Self.path + token.text(key: key) }

    /// The token as it stands at the end of its URL.
    package func name(_ token: LinkToken) -> String { token.text(key: key) }

    /// The token in a path of a request; `nil` where it is none of ours.
    package func token(_ text: String) -> LinkToken? {
        ([key] + otherKeys).lazy.compactMap { LinkToken(text, key: $0) }.first
    }

    /// The links of a notification's mail to one of its recipients.
    package func links(of notification: Notification, recipient: String, now: Timestamp) -> MailLinks {
        guard let index = notification.recipients.firstIndex(of: recipient) else { return MailLinks() }
        func url(_ action: LinkToken.Action) -> String {
            self.url(LinkToken(action, of: notification, recipient: index, now: now))
        }
        let canUnsubscribe = Silence.condition(forRuleOf: notification) != nil
        return MailLinks(
            snooze: Silence.condition(for: notification) == nil || notification.reason.isEnd ? nil : url(.snooze),
            details: url(.details), unsubscribe: canUnsubscribe ? url(.unsubscribe) : nil)
    }

    /// Two are the same when they make and read the same links.
    package static func == (lhs: LinkSigner, rhs: LinkSigner) -> Bool {
        lhs.base == rhs.base && lhs.key.matches(rhs.key.revealedBytes)
            && lhs.otherKeys.elementsEqual(rhs.otherKeys) { $0.matches($1.revealedBytes) }
    }
}

/// The links of one mail; those that it cannot have are `nil`.
package struct MailLinks: Sendable, Equatable {
    /// Holds mails of the same rule and group back for an hour.
    package var snooze: String?
    /// Tells why the mail was sent, and how to stop it.
    package var details: String?
    /// Keeps the rule's mails from the recipient.
    package var unsubscribe: String?

    package init(snooze: String? = nil, details: String? = nil, unsubscribe: String? = nil) {
        self.snooze = snooze
        self.details = details
        self.unsubscribe = unsubscribe
    }

    /// What one click may do (RFC 8058): only over https, which the standard demands.
    package var oneClickUnsubscribe: String? {
        unsubscribe.flatMap { $0.hasPrefix("https://") ? $0 : nil }
    }

    /// The links under their names in templates.
    var texts: [String: String] {
        var texts: [String: String] = [:]
        texts["snooze_url"] = snooze
        texts["details_url"] = details
        texts["unsubscribe_url"] = unsubscribe
        return texts
    }
}
