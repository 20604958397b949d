/// The canonical text of a body: exactly Python's `json.dumps(json.loads(body))`, which is what the sender signs.
///
/// Separators `", "` and `": "`; ASCII only; objects in the order received with a repeated key at its first position
/// with its last value; strings with the short escapes and otherwise `\u` with four small letters or digits; integers
/// with the digits received; doubles as Python's `repr`. The text is up to six times as long as the body, so it is
/// handed on in pieces and never held.
package enum CanonicalText {
    /// The whole canonical text of `body`, for tests and for showing what was signed.
    package static func of(_ body: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) -> [UInt8] {
        let document = try JSONDocument(body, limits: limits)
        var text: [UInt8] = []
        document.writeCanonicalText(of: 0) { text.append(contentsOf: $0) }
        return text
    }

    /// SHA-256 of the canonical text of `body`.
    package static func digest(of body: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) -> [UInt8] {
        try JSONDocument(body, limits: limits).canonicalDigest(of: 0)
    }
}

extension JSONDocument {
    /// Hands the canonical text of a value to `sink` in pieces: in one where it stands in the text already.
    func writeCanonicalText(of root: Int, to sink: @escaping (UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBufferPointer { text in
            nodes.withUnsafeBufferPointer { nodes in
                var check = CanonicalCheck(text: text, nodes: nodes)
                if let range = check.range(of: root) {
                    return sink(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[range])))
                }
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: CanonicalWriter.pieceBytes) { piece in
                    var writer = CanonicalWriter(text: text, nodes: nodes, piece: piece, sink: sink)
                    writer.write(root)
                    writer.flush()
                }
            }
        }
    }

    /// SHA-256 of the canonical text of a value.
    func canonicalDigest(of root: Int) -> [UInt8] {
        let digest = SHA256Digest()
        writeCanonicalText(of: root) { digest.update($0) }
        return digest.finish()
    }
}
