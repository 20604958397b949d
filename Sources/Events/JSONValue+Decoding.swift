extension JSONValue {
    /// Reads a text as `JSONDocument` does and keeps all of it as a tree: only for what is known to be small.
    ///
    /// `NaN` and the infinities, and numbers beyond the range of a double, read as `null`.
    package static func decode(
        _ bytes: some Sequence<UInt8>, limits: JSONLimits = .standard
    ) throws(JSONFault) -> JSONValue {
        try JSONDocument(Array(bytes), limits: limits).value(at: 0)
    }
}

extension JSONDocument {
    /// A value of the tape as a tree. Recursion is bounded by the reader's `depthMax`.
    func value(at index: Int) -> JSONValue {
        let node = nodes[index]
        switch node.kind {
        case .null, .notANumber, .infinity, .negativeInfinity: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .integer, .double: return number(node)
        case .string, .key, .droppedKey: return .string(string(node))
        case .array:
            return .array(elements(of: index).map { value(at: $0) })
        case .object:
            return .object(object(of: members(of: index).map { ($0.key, (string($0.key), value(at: $0.value))) }))
        }
    }

    /// An object of members with their key nodes: keys without escapes differ already, others can have become the same
    /// text by U+FFFD.
    func object(of members: [(key: JSONNode, member: JSONObject.Member)]) -> JSONObject {
        let isEscaped = members.contains { $0.key.content.contains(.escapes) }
        let plain = members.map(\.member)
        return isEscaped ? JSONObject(plain) : JSONObject(uniqueMembers: plain)
    }

    /// The unescaped text of a string or key, with U+FFFD for lone surrogates.
    func string(_ node: JSONNode) -> String {
        node.content.contains(.escapes)
            ? String(decoding: text(node), as: UTF8.self) : String(decoding: span(node), as: UTF8.self)
    }

    /// A number token: an integer where it is one of 64 bits, else a finite double, else `null`.
    func number(_ node: JSONNode) -> JSONValue {
        if node.kind == .integer, node.length <= 20, let value = Int64(String(decoding: span(node), as: UTF8.self)) {
            return .int(value)
        }
        let value = double(node)
        return value.isFinite ? .double(value) : .null
    }

    /// The nearest double of a number token, infinite beyond the range.
    func double(_ node: JSONNode) -> Double {
        bytes.withUnsafeBufferPointer { text in
            let token = text[Int(node.start)..<Int(node.start) + Int(node.length)]
            return NumberText.double(UnsafeBufferPointer(rebasing: token))
        }
    }
}
