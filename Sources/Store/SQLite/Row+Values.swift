import Events
import GRDB
import Mail
import Rules

extension Row {
    /// The bytes of a BLOB column that is not NULL.
    func bytes(_ index: Int) -> [UInt8] {
        let value: StoredBytes? = self[index]
        return value?.bytes ?? []
    }

    /// The text of a BLOB column, or `nil` for NULL.
    func text(_ index: Int) -> String? {
        let value: StoredBytes? = self[index]
        return value?.text
    }

    /// An instant, or `nil` for NULL.
    func time(_ index: Int) -> Timestamp? {
        let microseconds: Int64? = self[index]
        return microseconds.map { Timestamp(microseconds: $0) }
    }

    /// An enumeration by its raw value. Throws when this Hookmail does not know it.
    func choice<Choice: RawRepresentable<String>>(_ index: Int, _ type: Choice.Type) throws -> Choice {
        let raw: String? = self[index]
        guard let choice = raw.flatMap(Choice.init(rawValue:)) else { throw UnreadableRecord() }
        return choice
    }
}

/// A row that this Hookmail did not write so.
struct UnreadableRecord: Error {}

extension Row {
    /// The columns that `eventKey(_:)` reads, in its order.
    static let eventKeyColumns = "e.source, e.type, e.key, e.origin"

    /// An event's key, its columns from `first` on.
    func eventKey(_ first: Int) throws -> EventKey {
        EventKey(
            source: text(first) ?? "", type: text(first + 1) ?? "", id: text(first + 2) ?? "",
            origin: try choice(first + 3, EventKey.Origin.self)
        )
    }

    /// Facts, empty where they cannot be read: such an event must not block the log or a list for ever, so it is
    /// evaluated without facts and passes by.
    func facts(_ index: Int) throws -> Facts {
        try (try? Facts(decoding: bytes(index))) ?? Facts(decoding: Array("{}".utf8))
    }

    /// A reply, its columns `class, code, enhanced_code, text, reason` from `first` on; `nil` while there is none. A
    /// reason that this Hookmail does not know is left out.
    func reply(_ first: Int) throws -> Reply? {
        guard let words = text(first + 3) else { return nil }
        return Reply(
            classification: try choice(first, ReplyClass.self), code: self[first + 1],
            enhancedCode: text(first + 2), text: words, reason: reason(first + 4)
        )
    }

    private func reason(_ index: Int) -> ReplyReason? {
        let word: String? = self[index]
        return word.flatMap(ReplyReason.init(rawValue:))
    }

    /// A message, its columns `sender, recipient, message_id, content` from `first` on; `nil` where none is stored.
    func message(_ first: Int) throws -> Message? {
        guard let sender: String = self[first] else { return nil }
        return Message(
            sender: try Address(parsing: sender), recipient: try Address(parsing: self[first + 1]),
            messageID: self[first + 2], bytes: bytes(first + 3)
        )
    }
}
