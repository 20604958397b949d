package import Events
package import Rules

/// What a link of a mail stands for: an action, the mail it came with, and until when it works.
///
/// In a URL it is base64url of a version byte, the action, the end in seconds (4 bytes), the time of the decision in
/// microseconds (8), which of the recipients it was (2), the notification's id, and 16 bytes of HMAC-SHA256 over all
/// that. It tells nothing of the event, the rule or the address.
package struct LinkToken: Sendable, Equatable {
    /// What it does.
    package enum Action: UInt8, Sendable, CaseIterable {
        /// Holds mails of the same rule and group back for an hour.
        case snooze = 1
        /// Keeps all mails of the rule from the recipient, for good.
        case unsubscribe = 2
        /// Tells why the mail was sent, and offers the others.
        case details = 3

        /// How long such a link works after its mail was composed, in days. Laws about mail ask for 30 where one
        /// unsubscribes; an hour's silence is of no use to who finds an old mail.
        package var daysMax: Int64 { self == .snooze ? 7 : 60 }
    }

    package let action: Action
    package let notification: String
    /// Ids count anew in every store: with the time of the decision an old link means no other mail of a new one.
    package let decidedAt: Timestamp
    /// The recipient's index among those of the notification.
    package let recipient: Int
    package let expires: Timestamp

    private static let version: UInt8 = 1
    private static let codeBytes = 16
    private static let headBytes = 16
    private static let notificationBytesMax = 64
    /// Keeps a code of this key from meaning anything elsewhere.
    private static let purpose = Array("hookmail link\0".utf8)
    /// The longest token in bytes.
    package static let bytesMax = (headBytes + notificationBytesMax + codeBytes + 2) / 3 * 4

    /// The token of a mail's link. Ends are whole seconds.
    package init(_ action: Action, of notification: Notification, recipient: Int, now: Timestamp) {
        self.action = action
        self.notification = notification.id
        self.recipient = recipient
        decidedAt = notification.at
        let end = now.advanced(by: .seconds(action.daysMax * 86_400)).wholeSeconds
        expires = Timestamp(seconds: min(max(end, 0), Int64(UInt32.max)))
    }

    /// The token with another action.
    package func with(_ action: Action) -> LinkToken {
        LinkToken(action, notification, decidedAt, recipient, expires)
    }

    private init(
        _ action: Action, _ notification: String, _ decidedAt: Timestamp, _ recipient: Int, _ expires: Timestamp
    ) {
        self.action = action
        self.notification = notification
        self.decidedAt = decidedAt
        self.recipient = recipient
        self.expires = expires
    }

    /// Reads a token that was signed with `key`; `nil` for any other text.
    package init?(_ text: String, key: Secret) {
        guard text.utf8.count <= Self.bytesMax, let bytes = Base64URL.decode(text),
            bytes.count > Self.headBytes + Self.codeBytes, bytes[0] == Self.version
        else { return nil }
        let payload = Array(bytes.dropLast(Self.codeBytes))
        guard key.isCode(Array(bytes.suffix(Self.codeBytes)), over: Self.purpose + payload),
            let action = Action(rawValue: payload[1]),
            let notification = String(validating: payload[Self.headBytes...], as: UTF8.self)
        else { return nil }
        self.init(
            action, notification, Timestamp(microseconds: Int64(bitPattern: Self.number(payload[6..<14]))),
            Int(Self.number(payload[14..<16])), Timestamp(seconds: Int64(Self.number(payload[2..<6]))))
    }

    /// The token as it stands in a URL.
    package func text(key: Secret) -> String {
        var payload = [Self.version, action.rawValue]
        payload += Self.bytes(UInt64(expires.wholeSeconds), 4)
        payload += Self.bytes(UInt64(bitPattern: decidedAt.microseconds), 8)
        payload += Self.bytes(UInt64(recipient), 2)
        payload += Array(notification.utf8.prefix(Self.notificationBytesMax))
        return Base64URL.encode(payload + key.messageCode(over: Self.purpose + payload).prefix(Self.codeBytes))
    }

    private static func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Base64 for URLs, without padding (RFC 4648 §5).
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64.encode(bytes).utf8.filter { $0 != UInt8(ascii: "=") }.map { byte -> UInt8 in
            byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes, or `nil` for anything that `encode` would not write.
    static func decode(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        let standard = text.utf8.map { byte -> UInt8 in
            byte == UInt8(ascii: "-") ? UInt8(ascii: "+") : byte == UInt8(ascii: "_") ? UInt8(ascii: "/") : byte
        }
        return Base64.decode(standard + [UInt8](repeating: UInt8(ascii: "="), count: (4 - standard.count % 4) % 4))
    }
}
