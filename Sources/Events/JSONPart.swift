/// A value of a document, carried with it.
struct JSONPart {
    let document: JSONDocument
    let node: Int

    init(_ document: JSONDocument, _ node: Int) {
        self.document = document
        self.node = node
    }

    var kind: JSONNode.Kind { document.nodes[node].kind }

    /// The unescaped bytes of a string, or `nil` for anything else.
    var string: [UInt8]? { kind == .string ? document.text(document.nodes[node]) : nil }

    var elements: [JSONPart] { document.elements(of: node).map { JSONPart(document, $0) } }

    /// Whether there is nothing to show: null, `""`, `[]` and `{}`.
    var isEmpty: Bool {
        switch kind {
        case .null: true
        case .string: document.nodes[node].length == 0
        case .array, .object: Int(document.nodes[node].next) == node + 1
        default: false
        }
    }

    /// The value of a member, or `nil`.
    func member(_ name: String) -> JSONPart? {
        let wanted = Array(name.utf8)
        let found = document.members(of: node).first { key, _ in
            key.content.contains(.escapes)
                ? document.text(key, bytesMax: wanted.count + 4) == wanted : document.span(key).elementsEqual(wanted)
        }
        return found.map { JSONPart(document, $0.value) }
    }

    /// The bytes of a member that is a text that is not empty, or `nil`.
    func text(_ name: String) -> [UInt8]? {
        guard let text = member(name)?.string, !text.isEmpty else { return nil }
        return text
    }

    /// The same value with its credentials replaced, or `nil` when it has none.
    func withoutCredentials() -> JSONPart? {
        let range = document.range(of: node)
        let clean = Credentials.removed(from: document, root: node, span: range)
        guard clean.count != range.count || !clean.elementsEqual(document.bytes[range]),
            let cleaned = try? JSONDocument(clean)
        else { return nil }
        return JSONPart(cleaned, 0)
    }

    /// The object or array that a string holds as JSON, or `nil`: the platform writes `input` and `output` so.
    func encodedInText() -> JSONPart? {
        guard let text = string, let first = text.first(where: { !$0.isJSONSpace }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let inner = try? JSONDocument(text)
        else { return nil }
        let part = JSONPart(inner, 0)
        return part.withoutCredentials() ?? part
    }
}
