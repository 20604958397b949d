import Expressions

/// Reads single values, reporting what is not of the wanted kind.
package struct ValueReader {
    package let sink: DiagnosticSink

    package init(_ sink: DiagnosticSink) {
        self.sink = sink
    }

    /// A text, with its scalar for places inside it. Numbers are taken as they are written; truth values are not,
    /// because nobody means the name `true`.
    ///
    /// - Parameter name: What is read, for messages: `'name'`.
    package func scalar(_ node: YAMLNode, _ name: String) -> YAMLScalar? {
        guard case .scalar(let scalar) = node.content else {
            if case .reported = node.content { return nil }
            sink.error(at: node.range, "\(name) must be a text, not \(node.kind)")
            return nil
        }
        switch scalar.resolved {
        case .text, .int, .double: return scalar
        case .null:
            sink.error(at: node.range, "\(name) is empty")
        case .bool:
            sink.error(at: node.range, "\(name) must be a text, not a truth value", hint: "put it in quotes")
        }
        return nil
    }

    /// A text of at least one scalar and at most `bytesMax` bytes, without control characters and without white space
    /// around it.
    package func text(_ node: YAMLNode, _ name: String, bytesMax: Int) -> String? {
        guard let scalar = scalar(node, name) else { return nil }
        let text = scalar.text
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else {
            sink.error(at: node.range, "\(name) is empty")
            return nil
        }
        guard text.utf8.count <= bytesMax else {
            sink.error(at: node.range, "\(name) is longer than \(bytesMax) bytes")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            sink.error(at: node.range, "\(name) holds a line break or another control character")
            return nil
        }
        guard !first.properties.isWhitespace, !last.properties.isWhitespace else {
            sink.error(at: node.range, "\(name) has white space around it")
            return nil
        }
        return text
    }

    /// One of several words.
    package func choice(_ node: YAMLNode, _ name: String, of words: [String]) -> String? {
        guard let scalar = scalar(node, name) else { return nil }
        guard !words.contains(scalar.text) else { return scalar.text }
        let nearest = Suggestion.nearest(to: scalar.text, among: words).map { "did you mean '\($0)'?" }
        sink.error(
            at: node.range, "\(name) cannot be '\(scalar.text)'",
            hint: nearest ?? "it is one of \(MappingReader.list(words))"
        )
        return nil
    }

    /// A span of time such as `15m`.
    package func duration(_ node: YAMLNode, _ name: String, within range: ClosedRange<Duration>) -> Duration? {
        guard let scalar = scalar(node, name) else { return nil }
        guard let duration = Duration(written: scalar.text) else {
            sink.error(
                at: node.range, "\(name) is no span of time: '\(scalar.text)'",
                hint: "write a whole number and a unit: 500ms, 30s, 15m, 1h or 7d"
            )
            return nil
        }
        guard range.contains(duration) else {
            sink.error(
                at: node.range, "\(name) must be between \(range.lowerBound.written) and \(range.upperBound.written)"
            )
            return nil
        }
        return duration
    }

    /// The items of a list, or a single value as a list of one. An empty list is an error.
    package func items(_ node: YAMLNode, _ name: String, countMax: Int) -> [YAMLNode] {
        guard case .sequence(let items) = node.content else { return [node] }
        if items.isEmpty { sink.error(at: node.range, "\(name) is an empty list") }
        if items.count > countMax { sink.error(at: node.range, "\(name) has more than \(countMax) items") }
        return Array(items.prefix(countMax))
    }
}
