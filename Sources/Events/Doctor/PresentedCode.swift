/// Something in a header that can be a signature: bytes as long as a digest, written in hexadecimal or base64.
struct PresentedCode: Sendable {
    /// How the bytes are written.
    enum Form: Sendable, Equatable {
        case hex, base64
        /// Base64 with the alphabet of URLs, or without padding: no scheme here takes it.
        case looseBase64
    }

    /// The header's name as the request spells it.
    let header: String
    /// What stands before the code in its part of the value, up to and with `=`.
    let prefix: String
    let bytes: [UInt8]
    let form: Form

    /// The hash functions that make codes of this length.
    var algorithm: HashAlgorithm? { HashAlgorithm.allCases.first { $0.digestBytes == bytes.count } }

    /// More fields are not looked at.
    static let fieldsMax = 100
    /// Longer values are not looked at, in bytes.
    static let valueBytesMax = 8_192
    /// More codes are not tried.
    static let countMax = 32

    /// Every code in the headers, in order.
    static func all(in headers: [HeaderField]) -> [PresentedCode] {
        var codes: [PresentedCode] = []
        for field in headers.prefix(fieldsMax) where field.value.utf8.count <= valueBytesMax {
            for part in field.value.utf8.split(whereSeparator: { ",; \t".utf8.contains($0) }) {
                guard codes.count < countMax else { return codes }
                if let code = code(in: unquoted(part), header: field.name) { codes.append(code) }
            }
        }
        return codes
    }

    private static func code(in part: Substring.UTF8View, header: String) -> PresentedCode? {
        if let (bytes, form) = decoded(Array(part)) {
            return PresentedCode(header: header, prefix: "", bytes: bytes, form: form)
        }
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let rest = part[part.index(after: equals)...]
        guard let (bytes, form) = decoded(Array(unquoted(rest))) else { return nil }
        return PresentedCode(header: header, prefix: String(part[...equals]) ?? "", bytes: bytes, form: form)
    }

    private static func decoded(_ text: [UInt8]) -> ([UInt8], Form)? {
        func isDigest(_ bytes: [UInt8]) -> Bool { HashAlgorithm.allCases.contains { $0.digestBytes == bytes.count } }
        if let bytes = Hex.decode(text), isDigest(bytes) { return (bytes, .hex) }
        if let bytes = Base64.decode(text), isDigest(bytes) { return (bytes, .base64) }
        if let bytes = Base64.decode(tidied(text)), isDigest(bytes) { return (bytes, .looseBase64) }
        return nil
    }

    /// The standard spelling of a base64 text with the alphabet of URLs or without padding.
    static func tidied(_ text: [UInt8]) -> [UInt8] {
        let letters = text.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        let missing = (4 - letters.count % 4) % 4
        return letters + [UInt8](repeating: UInt8(ascii: "="), count: missing)
    }

    private static func unquoted(_ text: Substring.UTF8View) -> Substring.UTF8View {
        let quote = UInt8(ascii: "\"")
        return text.count >= 2 && text.first == quote && text.last == quote ? text.dropFirst().dropLast() : text
    }
}
