package import Expressions

/// What an operator wants taken out of texts from events (`redact`), beside what Hookmail knows by its form: patterns
/// with names. The name in brackets stands where a match was.
///
/// A redaction decides nothing: rules, groups and windows see what came.
package struct RedactionPatterns: Sendable {
    /// The most patterns of a file.
    package static let countMax = 50
    /// The longest name in bytes.
    package static let nameBytesMax = 40

    /// No patterns.
    package static let none = RedactionPatterns(named: [])

    private let named: [(name: String, text: String, pattern: Pattern)]

    /// - Parameter named: In the order in which they are applied.
    package init(named: [(name: String, text: String, pattern: Pattern)]) {
        self.named = named
    }

    /// Whether there is nothing to do.
    package var isEmpty: Bool { named.isEmpty }

    /// Names and patterns as written, to be compared: equal ones do the same.
    package var text: String { named.map { "\($0.name)\0\($0.text)\0" }.joined() }

    /// `text` with every match replaced by the name of its pattern.
    package func redacted(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for entry in named {
            let ranges = entry.pattern.ranges(in: bytes)
            guard !ranges.isEmpty else { continue }
            var result: [UInt8] = []
            var copied = 0
            for range in ranges {
                result += bytes[copied..<range.lowerBound]
                result += "[\(entry.name)]".utf8
                copied = range.upperBound
            }
            bytes = result + bytes[copied...]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads `redact`: names, and behind each a regular expression of RE2.
    package static func read(_ node: YAMLNode, _ sink: DiagnosticSink) -> RedactionPatterns {
        guard let mapping = MappingReader(node, subject: "'redact'", sink: sink) else { return .none }
        let values = ValueReader(sink)
        if mapping.all.count > countMax { sink.error(at: node.range, "'redact' has more than \(countMax) patterns") }
        var named: [(name: String, text: String, pattern: Pattern)] = []
        for entry in mapping.all.prefix(countMax) {
            guard isName(entry.key) else {
                sink.error(
                    at: entry.keyRange, "'\(entry.key)' cannot be the name of a pattern",
                    hint:
                        "the name stands in mails in the place of what was taken out: letters, digits, spaces, `-` and "
                        + "`_`, at most \(nameBytesMax)")
                continue
            }
            guard
                let text = values.text(
                    entry.value, "the pattern of '\(entry.key)'", bytesMax: ExpressionLimits.patternScalarsMax)
            else { continue }
            do throws(Pattern.Fault) {
                let pattern = try Pattern(text)
                if pattern.matches("") {
                    sink.error(
                        at: entry.value.range, "the pattern of '\(entry.key)' matches the empty text",
                        hint: "`+` stands for one or more, where `*` also takes none")
                }
                named.append((entry.key, text, pattern))
            } catch {
                sink.error(
                    at: entry.value.range, "the pattern of '\(entry.key)' cannot be used: \(error.message)",
                    hint: "patterns are those of RE2: no look-around and no back-references")
            }
        }
        return RedactionPatterns(named: named)
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= nameBytesMax,
            first != UInt8(ascii: " "), last != UInt8(ascii: " ")
        else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", "-", "_": true
            default: false
            }
        }
    }
}
