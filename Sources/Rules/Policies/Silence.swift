package import Events
package import Expressions

/// An operator's word that some mails are not wanted for a while: during a deployment, or until a known fault is
/// mended.
///
/// Matches are still decided and counted; what the silence covers is held back and shown as such.
package struct Silence: Sendable, Equatable {
    /// How the silence is called: lower-case letters and digits.
    package let id: String
    /// A CEL condition over `rule`, `severity`, `group` and the facts of the event.
    package let condition: String
    package let addedAt: Timestamp
    /// When it is over, later than `addedAt`; that instant is not covered any more.
    package let until: Timestamp
    /// Who added it.
    package let author: String
    /// Why; may be empty.
    package let reason: String
    /// The one address whose mails it holds back, or `nil` for those of everybody: somebody unsubscribed.
    package var recipient: String?

    /// The most silences for everybody at a time.
    package static let countMax = 1_000
    /// The most silences for a single recipient at a time, of all recipients together: who unsubscribes takes no room
    /// from operators.
    package static let recipientCountMax = 10_000
    /// How many silences for a single recipient stay although nothing is told any more of what they cover: a rule or an
    /// address that goes may come back.
    static let recipientCountKept = recipientCountMax / 2
    /// The longest a silence may last: what nobody looks at for a year is no silence but a rule to remove.
    package static let spanMax = Duration.seconds(366 * 86_400)
    /// The longest for a single recipient: who unsubscribes means it for good.
    package static let recipientSpanMax = Duration.seconds(36_525 * 86_400)
    /// The longest condition in bytes.
    package static let conditionBytesMax = 4_000
    /// The longest name of an author in bytes: who uses a link of a mail is called like its address.
    package static let authorBytesMax = recipientBytesMax
    /// The longest reason in bytes.
    package static let reasonBytesMax = 1_000
    /// The longest address of a recipient in bytes.
    static let recipientBytesMax = 320
    /// The longest id in bytes.
    static let idBytesMax = 32

    /// Checks what somebody wants to silence; throws the first thing that is wrong.
    ///
    /// - Parameter id: Six lower-case letters and digits that no other silence has.
    package static func make(
        id: String, condition: String, until: Timestamp, author: String, reason: String, recipient: String? = nil,
        at now: Timestamp
    ) throws(SilenceFault) -> Silence {
        guard condition.utf8.count <= conditionBytesMax else {
            throw .malformed("the condition is longer than \(conditionBytesMax) bytes")
        }
        do throws(Diagnostics) {
            _ = try compile(condition)
        } catch {
            throw .condition(error)
        }
        guard until > now else { throw .malformed("the silence would be over already") }
        let longest = recipient == nil ? spanMax : recipientSpanMax
        guard until <= now.advanced(by: longest) else {
            throw .malformed("a silence lasts at most \(longest.written)")
        }
        if let recipient {
            guard isLine(recipient, bytesMax: recipientBytesMax), recipient.utf8.contains(UInt8(ascii: "@")) else {
                throw .malformed("the recipient must be a mail address of at most \(recipientBytesMax) bytes")
            }
        }
        guard isLine(author, bytesMax: authorBytesMax), !author.isEmpty else {
            throw .malformed("the author must be a line of 1 to \(authorBytesMax) bytes")
        }
        guard isLine(reason, bytesMax: reasonBytesMax) else {
            throw .malformed("the reason must be a line of at most \(reasonBytesMax) bytes")
        }
        return Silence(
            id: id, condition: condition, addedAt: now, until: until, author: author, reason: reason,
            recipient: recipient)
    }

    /// The condition, ready to be asked.
    static func compile(_ condition: String) throws(Diagnostics) -> Program {
        try Program.compile(
            ExpressionSource(text: condition, file: "silence"), in: environment, for: .condition)
    }

    /// Named conditions (`let`) are not known: a silence must not change its meaning when a configuration does.
    private static let environment = Environment(beside: SilenceSubject.types)

    /// The same with its instants moved.
    func shifted(by step: Duration) -> Silence {
        Silence(
            id: id, condition: condition, addedAt: addedAt.advanced(by: step), until: until.advanced(by: step),
            author: author, reason: reason, recipient: recipient)
    }

    private static func isLine(_ text: String, bytesMax: Int) -> Bool {
        text.utf8.count <= bytesMax
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

/// Why a silence cannot be made.
package enum SilenceFault: Error, Sendable {
    /// The condition is no condition.
    case condition(Diagnostics)
    /// What is wrong, in one sentence without a full stop.
    case malformed(String)
}

extension Silence {
    /// As the log, engine state and `--json` have it.
    package var json: JSONValue {
        var object = JSONObject()
        object["id"] = .string(id)
        object["condition"] = .string(condition)
        object["added_at"] = .string(addedAt.rfc3339)
        object["until"] = .string(until.rfc3339)
        object["author"] = .string(author)
        object["reason"] = .string(reason)
        object["recipient"] = recipient.map { .string($0) }
        return .object(object)
    }

    /// Reads what `json` gave; `nil` when a member is missing or no silence could have it.
    package init?(json: JSONValue) {
        guard let id = json["id"]?.string, !id.isEmpty, id.utf8.count <= Self.idBytesMax,
            id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }),
            let condition = json["condition"]?.string, condition.utf8.count <= Self.conditionBytesMax,
            let addedAt = json["added_at"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
            let until = json["until"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
            let author = json["author"]?.string, Self.isLine(author, bytesMax: Self.authorBytesMax),
            let reason = json["reason"]?.string, Self.isLine(reason, bytesMax: Self.reasonBytesMax)
        else { return nil }
        let recipient = json["recipient"]?.string
        if let given = json["recipient"], given != .null, recipient == nil { return nil }
        if let recipient { guard Self.isLine(recipient, bytesMax: Self.recipientBytesMax) else { return nil } }
        self.init(
            id: id, condition: condition, addedAt: addedAt, until: until, author: author, reason: reason,
            recipient: recipient)
    }
}
