import Events
import Mail
import Rules

/// The facts behind a mail, or the lines of a summary, as a file: for a spreadsheet or a program. Texts are redacted as
/// those of content are.
enum FactAttachment {
    /// How much of the rule's name the file's name has, in bytes: the id and the ending stay whole.
    private static let ruleBytesMax = 30

    /// The file that goes with a notification's mail; `nil` where its rule wants none, or there is nothing to put in.
    static func file(of notification: Notification) -> Attachment? {
        guard let format = notification.figures.attachment else { return nil }
        let rows = rows(of: notification)
        guard !rows.isEmpty else { return nil }
        let rule = String(decoding: notification.rule.utf8.prefix(ruleBytesMax), as: UTF8.self)
        let name = "\(rule)-\(notification.id)"
        switch format {
        case .json:
            let isSummary = notification.figures.summary != nil
            let value = isSummary ? JSONValue.array(rows.map { .object($0) }) : .object(rows[0])
            return Attachment(
                name: "\(name).json", type: "application/json", content: value.encoded() + [UInt8(ascii: "\n")])
        case .csv:
            return Attachment(name: "\(name).csv", type: "text/csv; charset=utf-8; header=present", content: csv(rows))
        }
    }

    private static func rows(of notification: Notification) -> [JSONObject] {
        if let summary = notification.figures.summary {
            return summary.lines.compactMap { redacted($0.report).object }
        }
        guard let event = redacted(notification.figures.facts.event).object, !event.isEmpty else { return [] }
        return [event]
    }

    private static func redacted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(Redaction.redacted(text))
        case .array(let items): .array(items.map(redacted))
        case .object(let object): .object(JSONObject(object.members.map { ($0.key, redacted($0.value)) }))
        default: value
        }
    }

    // MARK: CSV

    /// Names in the first row; every value that the rows do not share is empty where it is missing.
    private static func csv(_ rows: [JSONObject]) -> [UInt8] {
        var names: [String] = []
        var seen: Set<String> = []
        for name in rows.flatMap({ $0.members.map(\.key) }) where seen.insert(name).inserted { names.append(name) }
        let lines = [names.map(quoted)] + rows.map { row in names.map { quoted(row[$0].map(text) ?? "") } }
        return Array((lines.map { $0.joined(separator: ",") }.joined(separator: "\r\n") + "\r\n").utf8)
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): harmless(text)
        default: String(decoding: value.encoded(), as: UTF8.self)
        }
    }

    /// Spreadsheets take a text that begins like a formula for one and compute it: an apostrophe before it shows that
    /// it is a text.
    private static func harmless(_ text: String) -> String {
        guard let first = text.utf8.first, "=+-@\t\r".utf8.contains(first) else { return text }
        return "'" + text
    }

    private static func quoted(_ text: String) -> String {
        let marks: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D]
        guard text.utf8.contains(where: marks.contains) else { return text }
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        return String(decoding: bytes + [UInt8(ascii: "\"")], as: UTF8.self)
    }
}

extension SummaryFigures.Line {
    /// A line of a summary as a row of the file.
    fileprivate var report: JSONValue {
        var object = JSONObject([("rule", .string(rule))])
        object["group"] = group.map { .string($0) } ?? .null
        object["reason"] = .string(reason.rawValue)
        object["severity"] = .string(severity.rawValue)
        object["matches"] = .int(Int64(count))
        object["first"] = .string(first.rfc3339)
        object["last"] = .string(last.rfc3339)
        object["event"] = event.map { .int($0) } ?? .null
        object["error_signature"] = signature.map { .string($0) } ?? .null
        object["cost"] = .double(cost)
        return .object(object)
    }
}
