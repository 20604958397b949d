extension JSONValue {
    /// Compact JSON in UTF-8: no white space, only the escapes that RFC 8259 demands, doubles in the shortest text that
    /// reads back the same (always with a fraction or an exponent, so they stay doubles).
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the compact text.
    func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .int(let value): bytes += String(value).utf8
        case .double(let value):
            if value.isFinite { NumberText.append(value, to: &bytes) } else { bytes += "null".utf8 }
        case .string(let value): Self.append(value, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.append(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// Appends a quoted string.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { text in
            var at = 0
            while at < text.count {
                let end = WordScan.endOfPlain(text, from: at)
                bytes.append(contentsOf: text[at..<end])
                at = end
                if at < text.count { appendSpecial(text[at], to: &bytes) }
                at += 1
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a byte that is no plain text, with an escape where RFC 8259 demands one.
    private static func appendSpecial(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0x0A: bytes += "\\n".utf8
        case 0x0D: bytes += "\\r".utf8
        case 0x09: bytes += "\\t".utf8
        case 0..<0x20: bytes += "\\u00\(Hex.encode([byte]))".utf8
        default: bytes.append(byte)
        }
    }

    /// How many bytes `encoded` returns.
    var encodedBytes: Int {
        switch self {
        case .null: 4
        case .bool(let value): value ? 4 : 5
        case .int(let value): String(value).utf8.count
        case .double: encoded().count
        case .string(let text): Self.encodedBytes(of: text)
        case .array(let elements): elements.reduce(2 + max(0, elements.count - 1)) { $0 + $1.encodedBytes }
        case .object(let object):
            object.members.reduce(2 + max(0, object.count - 1)) {
                $0 + Self.encodedBytes(of: $1.key) + 1 + $1.value.encodedBytes
            }
        }
    }

    /// How many bytes a quoted string has.
    static func encodedBytes(of text: String) -> Int {
        text.utf8.reduce(2) { $0 + bytes(of: $1) }
    }

    private static func bytes(of byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x0A, 0x0D, 0x09: 2
        case 0..<0x20: 6
        default: 1
        }
    }
}
