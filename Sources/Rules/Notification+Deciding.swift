import Events
import Expressions

/// How a decision is put into words for its mail.
extension Notification {
    /// The longest text of a deciding value, in Unicode scalars.
    package static let valueScalarsMax = 200
    /// The most deciding values a mail shows.
    package static let valuesMax = 20
    /// The longest condition a mail shows, in bytes; longer ones are cut.
    package static let conditionBytesMax = 4_096

    /// The id of the notification with this ordinal, from 0, among those of one log entry.
    static func id(position: LogPosition, ordinal: Int) -> String { "\(position)-\(ordinal)" }

    /// The log position in an id, or `nil` for a text that is none.
    static func position(inID id: String) -> LogPosition? {
        let parts = id.split(separator: "-")
        guard parts.count == 2 else { return nil }
        return LogPosition(parts[0])
    }

    /// The condition as written, cut to what a mail shows.
    static func condition(_ text: String) -> String {
        guard text.utf8.count > conditionBytesMax else { return text }
        var cut = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            bytes += UTF8.width(scalar)
            guard bytes <= conditionBytesMax - 3 else { break }
            cut.append(scalar)
        }
        cut.append("…")
        return String(cut)
    }

    /// The facts that a condition names, with their values in this event.
    static func deciding(_ condition: Program, _ event: LoggedEvent) -> [DecidingValue] {
        condition.facts.prefix(valuesMax).map { name in
            DecidingValue(name: name, value: text(ofFact: name, event))
        }
    }

    private static func text(ofFact name: String, _ event: LoggedEvent) -> String {
        guard let fact = Fact.named(name) else { return "absent" }
        switch event.facts[fact] {
        case .absent: return "absent"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .double(let value): return String(decoding: JSONValue.double(value).encoded(), as: UTF8.self)
        case .string(let value): return quoted(value)
        case .timestamp(let value): return value.rfc3339
        case .json(let value): return cut(value)
        }
    }

    private static func cut(_ value: JSONValue) -> String {
        if value.isNull { return "absent" }
        return limited(String(decoding: value.encoded(), as: UTF8.self).unicodeScalars, quoted: false)
    }

    private static func quoted(_ text: String) -> String {
        // What lies behind the limit need not be escaped first.
        let head = JSONValue.string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(valueScalarsMax + 1))))
        return limited(String(decoding: head.encoded(), as: UTF8.self).unicodeScalars, quoted: true)
    }

    private static func limited(_ scalars: String.UnicodeScalarView, quoted: Bool) -> String {
        guard scalars.count > valueScalarsMax else { return String(scalars) }
        var cut = String.UnicodeScalarView(scalars.prefix(valueScalarsMax - 2))
        cut.append("…")
        if quoted { cut.append("\"") }
        return String(cut)
    }
}
