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

    /// The facts that a condition names, with their values in this event; of an object or a list the members that
    /// the condition's own text selects, as in `metadata.team`. What has members is shown as their number alone: they
    /// can be anybody's text, and none of it decided. Members of `event` that are no facts stand at the end.
    static func deciding(_ condition: Program, _ event: LoggedEvent) -> [DecidingValue] {
        let paths = SelectedPath.all(in: condition.text)
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

/// A name in a condition and the members that the condition selects behind it: `metadata.team`, `scores[0].value`.
private struct SelectedPath: Equatable {
    /// The name of the whole event in conditions.
    static let eventName = "event"

    enum Step: Equatable {
        case member(String)
        case item(Int)
    }

    /// A fact's name, or `event`.
    let root: String
    let steps: [Step]

    /// The path as a condition writes it.
    var text: String {
        steps.reduce(root) { text, step in
            switch step {
            case .item(let index): return "\(text)[\(index)]"
            case .member(let name):
                let isPlain =
                    name.utf8.allSatisfy(PathScanner.isOfName) && name.utf8.first.map(PathScanner.isDigit) == false
                if isPlain { return "\(text).\(name)" }
                return "\(text)[\(String(decoding: JSONValue.string(name).encoded(), as: UTF8.self))]"
            }
        }
    }

    /// What the path leads to, `null` where there is nothing.
    func value(in json: JSONValue) -> JSONValue {
        steps.reduce(json) { value, step in
            switch step {
            case .member(let name): return value[name] ?? .null
            case .item(let index):
                guard let items = value.array, items.indices.contains(index) else { return .null }
                return items[index]
            }
        }
    }

    /// The paths with at least one step in the text of a condition that compiles, each once, in the order met.
    static func all(in condition: String) -> [SelectedPath] {
        var scanner = PathScanner(condition)
        var paths: [SelectedPath] = []
        while paths.count < PathScanner.pathsMax, let path = scanner.next() {
            if !paths.contains(path) { paths.append(path) }
        }
        return paths
    }
}

/// Finds paths in the text of a condition. Strings and comments are skipped; a path ends before a method's name and
/// before an index that is no plain text or number, so it can be shorter than what was evaluated.
private struct PathScanner {
    /// The most paths of one condition; more than a mail shows.
    static let pathsMax = 64
    /// The longest name or quoted index of a step, in bytes; a longer one ends the path.
    private static let stepBytesMax = 100
    /// The most steps of a path; deeper ones are left out.
    private static let stepsMax = 16

    private let bytes: [UInt8]
    private var index = 0

    init(_ condition: String) {
        bytes = Array(condition.utf8)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    static func isOfName(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
    }

    /// The next path that begins with a fact or `event` and has a step.
    mutating func next() -> SelectedPath? {
        var isBehindDot = false
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
            case UInt8(ascii: "`"): _ = backquoted()
            case UInt8(ascii: "/") where peek(1) == byte: skipComment()
            case _ where Self.isOfName(byte):
                let word = name()
                if !isBehindDot, let path = path(from: word) { return path }
            default: index += 1
            }
            if byte > 0x20 { isBehindDot = byte == UInt8(ascii: ".") }
        }
        return nil
    }

    private func peek(_ ahead: Int) -> UInt8? { index + ahead < bytes.count ? bytes[index + ahead] : nil }

    private mutating func name() -> String {
        let start = index
        while let byte = peek(0), Self.isOfName(byte) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    // MARK: Steps

    private enum WrittenStep {
        case selected(String)
        case indexed(SelectedPath.Step)
    }

    private mutating func path(from word: String) -> SelectedPath? {
        let fact = Fact.named(word)
        guard fact != nil || word == SelectedPath.eventName else { return nil }
        var root = fact?.name ?? word
        var steps: [SelectedPath.Step] = []
        while steps.count < Self.stepsMax, let step = step() {
            // A fact may be written as a field of `event`, and is the same fact then.
            if root == SelectedPath.eventName, steps.isEmpty, case .selected(let name) = step,
                let fact = Fact.named(name)
            {
                root = fact.name
                continue
            }
            switch step {
            case .selected(let name): steps.append(.member(name))
            case .indexed(let item): steps.append(item)
            }
        }
        return steps.isEmpty ? nil : SelectedPath(root: root, steps: steps)
    }

    /// The step that begins here, or `nil` and nothing read.
    private mutating func step() -> WrittenStep? {
        let start = index
        skipSpace()
        let opening = peek(0)
        index += 1
        skipSpace()
        if opening == UInt8(ascii: "."), let field = peek(0) == UInt8(ascii: "`") ? backquoted() : name() {
            let end = index
            skipSpace()
            let isMethod = peek(0) == UInt8(ascii: "(")
            index = end
            if !isMethod, !field.isEmpty, field.utf8.count <= Self.stepBytesMax { return .selected(field) }
        } else if opening == UInt8(ascii: "["), let step = indexed() {
            return .indexed(step)
        }
        index = start
        return nil
    }

    /// What stands between `[` and `]`, read to behind the bracket.
    private mutating func indexed() -> SelectedPath.Step? {
        var step: SelectedPath.Step?
        if let quote = peek(0), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = index + 1
            skipString()
            guard index <= bytes.count, (2...Self.stepBytesMax).contains(index - start) else { return nil }
            let content = bytes[start..<index - 1]
            guard !content.contains(quote), !content.contains(UInt8(ascii: "\\")) else { return nil }
            step = .member(String(decoding: content, as: UTF8.self))
        } else if peek(0).map(Self.isDigit) == true {
            step = Int(name()).map(SelectedPath.Step.item)
        }
        skipSpace()
        guard peek(0) == UInt8(ascii: "]") else { return nil }
        index += 1
        return step
    }

    // MARK: What is skipped

    private mutating func skipSpace() {
        while let byte = peek(0), byte == 0x20 || (0x09...0x0D).contains(byte) { index += 1 }
    }

    private mutating func skipComment() {
        while let byte = peek(0), byte != 0x0A, byte != 0x0D { index += 1 }
    }

    /// The name between backquotes, read to behind them.
    private mutating func backquoted() -> String? {
        let start = index + 1
        index = bytes[start...].firstIndex(of: UInt8(ascii: "`")) ?? bytes.count
        defer { index = min(index + 1, bytes.count) }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// Skips a text. In a raw one too a backslash keeps a quotation mark from ending it, so all are skipped alike.
    private mutating func skipString() {
        let quote = bytes[index]
        let isTriple = peek(1) == quote && peek(2) == quote
        index += isTriple ? 3 : 1
        while let byte = peek(0) {
            if byte == UInt8(ascii: "\\") {
                index += 2
            } else if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                index += isTriple ? 3 : 1
                return
            } else {
                index += 1
            }
        }
    }
}
