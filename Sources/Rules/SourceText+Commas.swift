import Expressions

/// Values with commas between braces and brackets, where YAML ends a plain value at each: `{during: sat,sun 00:00-24:00
/// UTC}` is `during: sat` and a key `sun 00:00-24:00 UTC`. Nobody means that when no space follows the comma.
extension SourceText {
    /// The entries with the values of some keys put together again.
    func joiningCommas(_ entries: [YAMLEntry], of keys: Set<String>) -> [YAMLEntry] {
        var joined: [YAMLEntry] = []
        for entry in entries {
            guard let last = joined.last, keys.contains(last.key), entry.value.isNull,
                case .scalar(let rest) = entry.value.content, rest.text.isEmpty,
                let value = joining(last.value, entry.key, at: entry.keyRange.position)
            else {
                joined.append(entry)
                continue
            }
            joined[joined.count - 1] = YAMLEntry(key: last.key, keyRange: last.keyRange, value: value)
        }
        return joined
    }

    /// The items of a list with those put together again that a comma without a space separates.
    func joiningCommas(_ items: [YAMLNode]) -> [YAMLNode] {
        var joined: [YAMLNode] = []
        for item in items {
            guard let last = joined.last, case .scalar(let scalar) = item.content, scalar.style == .plain,
                let value = joining(last, scalar.text, at: scalar.start)
            else {
                joined.append(item)
                continue
            }
            joined[joined.count - 1] = value
        }
        return joined
    }

    /// A plain value with the text behind the comma that follows it at once; `nil` where there is none.
    private func joining(_ value: YAMLNode, _ text: String, at position: SourcePosition) -> YAMLNode? {
        guard case .scalar(let scalar) = value.content, scalar.style == .plain,
            position.line == scalar.start.line,
            position.column == scalar.start.column + scalar.text.unicodeScalars.count + 1,
            self.scalar(at: SourcePosition(line: position.line, column: position.column - 1)) == ","
        else { return nil }
        let whole = scalar.text + "," + text
        return YAMLNode(
            content: .scalar(YAMLScalar(text: whole, style: .plain, start: scalar.start)),
            range: SourceRange(scalar.start, length: whole.unicodeScalars.count))
    }
}
