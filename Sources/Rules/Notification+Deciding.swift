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

    /// The facts that a condition names, with their values in this event; of an object or a list the members that the
    /// condition selects, itself or through named conditions, as in `metadata.team`. What has members is shown as their
    /// number alone: they can be anybody's text, and none of it decided. Members of `event` that are no facts stand at
    /// the end.
    static func deciding(_ condition: Program, _ event: LoggedEvent) -> [DecidingValue] {
        let paths = condition.paths
        var values: [DecidingValue] = []
        for name in condition.facts {
            let value = Fact.named(name).map { event.facts[$0] } ?? .absent
            let selected = paths.filter { $0.root == name }
            if selected.isEmpty {
                values.append(DecidingValue(name: name, value: text(value)))
            } else {
                let json: JSONValue = if case .json(let json) = value { json } else { .null }
                values += selected.map { DecidingValue(name: $0.text, value: text($0.value(in: json))) }
            }
        }
        for path in paths where path.root == SelectedPath.eventName {
            values.append(DecidingValue(name: path.text, value: text(path.value(in: event.facts.event))))
        }
        return Array(values.prefix(valuesMax))
    }

    private static func text(_ value: FactValue) -> String {
        switch value {
        case .absent: "absent"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .double(let value): text(JSONValue.double(value))
        case .string(let value): quoted(value)
        case .timestamp(let value): value.rfc3339
        case .json(let value): text(value)
        }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "absent"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .double: String(decoding: value.encoded(), as: UTF8.self)
        case .string(let value): value.isEmpty ? "absent" : quoted(value)
        case .array(let items): "[\(items.count) \(items.count == 1 ? "item" : "items")]"
        case .object(let object): "{\(object.count) \(object.count == 1 ? "member" : "members")}"
        }
    }

    private static func quoted(_ text: String) -> String {
        // What lies behind the limit need not be escaped first.
        let head = JSONValue.string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(valueScalarsMax + 1))))
        let scalars = String(decoding: head.encoded(), as: UTF8.self).unicodeScalars
        guard scalars.count > valueScalarsMax else { return String(scalars) }
        return String(String.UnicodeScalarView(scalars.prefix(valueScalarsMax - 2))) + "…\""
    }
}
