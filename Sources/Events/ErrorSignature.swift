/// The shape of an error text: what stays when everything that differs from one occurrence to the next is taken out, so
/// that like errors count, group and cluster as one.
///
/// Addresses, quoted texts, ids, and numbers become `<url>`, `<email>`, `"…"`, `<id>` and `<n>`; white space becomes
/// one space; the result has at most 200 bytes. A JSON error body is reduced to the message inside it first.
package enum ErrorSignature {
    /// The most bytes of a signature.
    package static let bytesMax = 200
    /// Bytes of an error text that are looked at.
    private static let textBytesMax = 4_096

    /// The signature of an error text, or `nil` when nothing is left of it.
    package static func of(_ text: String) -> String? {
        let message = self.message(in: text) ?? text
        let bytes = Array(UTF8Cut.prefix(Array(message.utf8), bytesMax: textBytesMax))
        var scanner = ErrorScanner(text: bytes)
        let signature = UTF8Cut.prefix(scanner.signature(), bytesMax: bytesMax)
        return signature.isEmpty ? nil : String(decoding: signature, as: UTF8.self)
    }

    /// The message inside an error that is a JSON object, such as `{"error": {"message": "…"}}`; `nil` for other texts.
    private static func message(in text: String) -> String? {
        guard text.utf8.first == UInt8(ascii: "{"), text.utf8.count <= 65_536 else { return nil }
        guard var value = try? JSONValue.decode(text.utf8) else { return nil }
        for _ in 0..<4 {
            let inner = ["error", "message", "detail", "msg", "errors"].lazy.compactMap { value[$0] }.first
            guard let inner else { return nil }
            if let message = inner.string { return message.isEmpty ? nil : message }
            value = inner.array?.first ?? inner
            if let message = value.string { return message }
        }
        return nil
    }
}
