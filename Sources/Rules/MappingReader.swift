import Expressions

/// Reads the keys of one mapping: every key that is asked for is known, every other one is an error with the nearest
/// known key. Findings go to the sink; a reader never stops at the first.
package final class MappingReader {
    /// What the mapping describes, for messages: `rule`, `source`, `configuration`.
    package let subject: String
    package let node: YAMLNode
    package let sink: DiagnosticSink
    private let entries: [YAMLEntry]
    private var known: [String] = []
    /// Keys that must be there and are not, with how they are written.
    private var missing: [(key: String, hint: String)] = []
    /// Keys that only a later version takes.
    private var refused: Set<String> = []

    /// `nil` when the part is no mapping, which has then been reported.
    ///
    /// - Parameter joined: Keys whose values may have commas, which would end them between braces.
    package init?(_ node: YAMLNode, subject: String, sink: DiagnosticSink, joining joined: Set<String> = []) {
        switch node.content {
        case .mapping(let entries):
            self.entries = joined.isEmpty ? entries : sink.source.joiningCommas(entries, of: joined)
        case .reported:
            return nil
        default:
            sink.error(
                at: node.range, "\(subject) must be a mapping of keys to values, not \(node.kind)",
                hint: "write `key: value` lines, indented below"
            )
            return nil
        }
        self.subject = subject
        self.node = node
        self.sink = sink
    }

    /// The entries as they stand, for mappings whose keys are names that users choose.
    package var all: [YAMLEntry] { entries }

    /// The entry under `key`, or `nil` when there is none. A key with nothing behind it is an error.
    package func entry(_ key: String) -> YAMLEntry? {
        known.append(key)
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        guard !entry.value.isNull else {
            sink.error(at: entry.keyRange, "'\(key)' is empty", hint: "give it a value or remove the line")
            return nil
        }
        return entry
    }

    /// The value under `key`, or `nil` when there is none.
    package func value(_ key: String) -> YAMLNode? {
        entry(key)?.value
    }

    /// The value under a key that must be there; `finish` reports it where it is missing.
    ///
    /// - Parameter hint: How the key is written, shown when it is missing.
    package func required(_ key: String, hint: String) -> YAMLNode? {
        if !entries.contains(where: { $0.key == key }) { missing.append((key, hint)) }
        return value(key)
    }

    /// Refuses keys that a later version brings: what is written but has no effect would be a promise not kept.
    ///
    /// - Parameters:
    ///   - reason: What is said behind the key.
    ///   - hint: What to do instead.
    /// - Returns: those of them that are there.
    @discardableResult
    package func refuse(
        _ keys: [String], because reason: String = "is not supported by this version", hint: String? = nil
    ) -> [String] {
        var found: [String] = []
        for key in keys {
            known.append(key)
            refused.insert(key)
            guard let entry = entries.first(where: { $0.key == key }) else { continue }
            sink.error(at: entry.keyRange, "'\(key)' \(reason)", hint: hint)
            found.append(key)
        }
        return found
    }

    /// Reports every key that nobody asked for, and every one that must be there and is not. Where a key is missing
    /// because it is misspelt, that is said once.
    package func finish() {
        sink.learn(supported, of: subject)
        for entry in entries where !known.contains(entry.key) {
            let hint =
                if let nearest = Suggestion.nearest(to: entry.key, among: known) {
                    "did you mean '\(nearest)'?"
                } else if entry.key == "<<" {
                    "merge keys are not a part of YAML 1.2; write the keys out"
                } else {
                    "\(subject) takes \(Self.list(supported))"
                }
            sink.error(at: entry.keyRange, "unknown key '\(entry.key)'", hint: hint)
        }
        let unknown = entries.map(\.key).filter { !known.contains($0) }
        for (key, hint) in missing
        where !unknown.contains(where: { Suggestion.nearest(to: $0, among: known) == key }) {
            sink.error(at: node.range, "\(subject) has no '\(key)'", hint: hint)
        }
    }

    /// The keys to name to a user, without those that only a later version takes.
    private var supported: [String] { known.filter { !refused.contains($0) } }

    /// Names of things as a list of words: `a, b and c`.
    package static func list(_ names: [String]) -> String {
        guard let last = names.last else { return "" }
        return names.count == 1 ? last : "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }
}
