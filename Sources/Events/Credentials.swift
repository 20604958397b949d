/// The members of bodies that hold keys and passwords, and their removal before a body is stored.
package enum Credentials {
    /// What stands in the place of a credential.
    static let replacement = Array("\"[removed]\"".utf8)

    /// Strings that are JSON themselves are looked into this deep.
    private static let innerDepthMax = 3

    /// Whether a member of this name holds a credential: `api_key`, `credential_override`, `customer_credentials`,
    /// `authorization`, in any case, and in the spellings without underscore or with hyphens.
    static func isCredential(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, name.count <= nameBytesMax, mayBegin(first) else { return false }
        return names.contains { isSame(name, $0) }
    }

    private static let nameBytesMax = 64

    /// The names in small letters without underscores and hyphens.
    private static let names: [StaticString] = [
        "apikey", "xapikey", "credentialoverride", "customercredentials", "authorization", "proxyauthorization",
    ]

    /// A quick look that spares most names the comparison.
    private static func mayBegin(_ first: UInt8) -> Bool {
        switch first.lowercased {
        case UInt8(ascii: "a"), UInt8(ascii: "c"), UInt8(ascii: "p"), UInt8(ascii: "x"): true
        default: isSkipped(first)
        }
    }

    private static func isSkipped(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") }

    private static func isSame(_ name: some Collection<UInt8>, _ wanted: StaticString) -> Bool {
        var index = 0
        for byte in name where !isSkipped(byte) {
            guard index < wanted.utf8CodeUnitCount, byte.lowercased == wanted.utf8Start[index] else { return false }
            index += 1
        }
        return index == wanted.utf8CodeUnitCount
    }

    /// The bytes of a value with every credential replaced by `"[removed]"`, at any depth, also in members that a later
    /// one of the same name overrules. Everything else is kept byte for byte, with one exception: a string that is
    /// itself JSON and holds a credential is written again with its credentials replaced. A string that only looks like
    /// JSON, or holds a credential in another notation, is kept as it is.
    ///
    /// - Parameter also: A further name whose members are credentials of this sender.
    static func removed(
        from document: JSONDocument, root: Int, span: Range<Int>, also: StaticString? = nil, innerDepth: Int = 0
    ) -> [UInt8] {
        var body: [UInt8] = []
        var copied = span.lowerBound
        var index = root
        let end = Int(document.nodes[root].next)
        func replace(_ range: Range<Int>, by bytes: [UInt8]) {
            body += document.bytes[copied..<range.lowerBound]
            body += bytes
            copied = range.upperBound
        }
        while index < end {
            let node = document.nodes[index]
            index += 1
            let isName = node.kind == .key || node.kind == .droppedKey
            if isName, isCredential(node, of: document) || also.map({ document.isText(node, equalTo: $0) }) == true {
                replace(document.range(of: index), by: replacement)
                index = Int(document.nodes[index].next)
            } else if node.kind == .string, innerDepth < innerDepthMax,
                let inner = removedInside(node, of: document, innerDepth: innerDepth)
            {
                replace(document.range(of: index - 1), by: inner)
            }
        }
        guard copied > 0 || span != 0..<document.bytes.count else { return document.bytes }
        return body + document.bytes[copied..<span.upperBound]
    }

    private static func isCredential(_ key: JSONNode, of document: JSONDocument) -> Bool {
        key.content.contains(.escapes)
            ? isCredential(document.text(key, bytesMax: nameBytesMax + 1)) : isCredential(document.span(key))
    }

    /// The new text, with quotes, of a string that is JSON and holds credentials; `nil` for every other string.
    private static func removedInside(_ node: JSONNode, of document: JSONDocument, innerDepth: Int) -> [UInt8]? {
        guard node.content.contains(.escapes), looksLikeJSON(document.span(node)) else { return nil }
        let text = document.text(node, loneSurrogates: .escaped)
        guard let inner = try? JSONDocument(text) else { return nil }
        let clean = removed(from: inner, root: 0, span: 0..<text.count, innerDepth: innerDepth + 1)
        guard clean != text else { return nil }
        return JSONValue.string(String(decoding: clean, as: UTF8.self)).encoded()
    }

    /// Whether the first character that is no white space opens an object or array. A member's name needs quotes, so a
    /// string without escapes holds none.
    private static func looksLikeJSON(_ span: ArraySlice<UInt8>) -> Bool {
        var rest = span
        while let byte = rest.first {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { return true }
            if byte == UInt8(ascii: "\\") {
                guard let letter = rest.dropFirst().first, "nrtu".utf8.contains(letter) else { return false }
                // White space and, in theory, the bracket itself can be written as an escape.
                if letter == UInt8(ascii: "u") { return true }
                rest = rest.dropFirst(2)
            } else if byte.isJSONSpace {
                rest = rest.dropFirst()
            } else {
                return false
            }
        }
        return false
    }
}
