import Expressions

/// `per`: what parts the events of a rule into groups.
extension RuleSetReader {
    /// Reads a field or a list of them.
    func groupFields(_ entry: YAMLEntry, _ conditions: NamedConditions) -> [GroupField] {
        var fields: [GroupField] = []
        for node in values.items(entry.value, "'per'", countMax: GroupField.countMax) {
            guard let source = expression(node, "a field of 'per'") else { continue }
            guard Self.isPath(source.text) else {
                sink.error(
                    at: node.range, "'per' takes fields of the event, not expressions",
                    hint: "write a field such as `model` or `metadata.team`")
                continue
            }
            guard let program = compile(source, node, in: conditions, for: .value) else { continue }
            if fields.contains(where: { $0.name == program.text }) {
                sink.error(at: node.range, "'per' names '\(program.text)' twice")
            } else {
                fields.append(GroupField(name: program.text, value: program))
            }
        }
        return fields
    }

    /// Whether a text is a field or a member of one: `model`, `metadata.team`, `metadata["team-name"]`.
    private static func isPath(_ text: String) -> Bool {
        var rest = text.unicodeScalars[...]
        var isFirst = true
        while let scalar = rest.first {
            if scalar == "[", !isFirst {
                guard let quote = rest.dropFirst().first, quote == "\"" || quote == "'",
                    let end = rest.dropFirst(2).firstIndex(of: quote)
                else { return false }
                rest = rest[end...].dropFirst()
                guard rest.first == "]" else { return false }
                rest = rest.dropFirst()
                continue
            }
            if !isFirst {
                guard scalar == "." else { return false }
                rest = rest.dropFirst()
            }
            let name = rest.prefix { $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0) }
            guard !name.isEmpty else { return false }
            rest = rest[name.endIndex...]
            isFirst = false
        }
        return !isFirst
    }
}
