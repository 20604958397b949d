/// A text that has been read as JSON: its bytes and the tape of spans over them. No value is unescaped or converted
/// until somebody asks for it, and bodies are never turned into a tree.
package struct JSONDocument: Sendable {
    /// The text.
    package let bytes: [UInt8]
    /// The tape; the first node is the whole value.
    let nodes: ContiguousArray<JSONNode>

    /// Reads one JSON value with white space around it.
    ///
    /// The grammar is RFC 8259 with `NaN`, `Infinity` and `-Infinity` as Python's `json` takes them. The text must be
    /// UTF-8 without byte order mark.
    package init(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) {
        self.bytes = bytes
        self.nodes = try JSONReader.tape(of: bytes, limits: limits)
    }

    /// The members of an object that count, in order: the key's node and the index of its value.
    func members(of object: Int) -> JSONMembers { JSONMembers(nodes: nodes, object: object) }

    /// The value of the member with this name, in ASCII, or `nil`.
    func member(_ name: StaticString, of object: Int) -> Int? {
        members(of: object).first { isText($0.key, equalTo: name) }?.value
    }

    /// The elements of an array, in order.
    func elements(of array: Int) -> JSONElements { JSONElements(nodes: nodes, array: array) }

    /// The bytes of a node's span as they stand in the text.
    func span(_ node: JSONNode) -> ArraySlice<UInt8> {
        bytes[Int(node.start)..<Int(node.start) + Int(node.length)]
    }

    /// Where a value stands in the text, with the quotes of a string.
    func range(of index: Int) -> Range<Int> {
        let node = nodes[index]
        let quote = node.kind == .string ? 1 : 0
        return Int(node.start) - quote..<Int(node.start) + Int(node.length) + quote
    }

    /// The unescaped bytes of a string or key; of a long one at least the first `bytesMax` bytes.
    func text(
        _ node: JSONNode, loneSurrogates: JSONEscapes.LoneSurrogate = .replaced, bytesMax: Int = .max
    ) -> [UInt8] {
        guard node.content.contains(.escapes) else { return Array(span(node).prefix(bytesMax)) }
        return bytes.withUnsafeBufferPointer { all in
            var text: [UInt8] = []
            text.reserveCapacity(min(Int(node.length), bytesMax))
            let span = UnsafeBufferPointer(rebasing: all[Int(node.start)..<Int(node.start) + Int(node.length)])
            JSONEscapes.unescape(span, into: &text, loneSurrogates: loneSurrogates, bytesMax: bytesMax)
            return text
        }
    }

    /// Whether the unescaped bytes of a string or key are these.
    func isText(_ node: JSONNode, equalTo name: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        if node.content.contains(.escapes) { return text(node).elementsEqual(wanted) }
        guard Int(node.length) == wanted.count else { return false }
        return bytes.withUnsafeBufferPointer { text in
            let start = Int(node.start)
            for index in wanted.indices where text[start + index] != wanted[index] { return false }
            return true
        }
    }
}
