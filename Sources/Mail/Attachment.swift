/// A file that goes with a mail (RFC 2183).
package struct Attachment: Sendable, Equatable {
    /// The file's name: letters, digits, dots, hyphens and underscores.
    package let name: String
    /// The media type with its parameters, such as `application/json`.
    package let type: String
    package let content: [UInt8]

    /// The longest line of base64 in bytes (RFC 2045 §6.8).
    private static let lineBytesMax = 76

    /// The longest name in bytes: its line in the mail is no longer than any other.
    package static let nameBytesMax = 60

    /// Everything in `name` that is none of the allowed characters becomes a hyphen, and it is cut to `nameBytesMax`.
    package init(name: String, type: String, content: [UInt8]) {
        let bytes = name.utf8.prefix(Self.nameBytesMax).map { byte -> UInt8 in
            byte.isLetterOrDigit || byte == 0x2D || byte == 0x2E || byte == 0x5F ? byte : 0x2D
        }
        self.name = bytes.isEmpty ? "-" : String(decoding: bytes, as: UTF8.self)
        self.type = type
        self.content = content
    }

    /// The part of the message without its boundaries and without a line end behind it.
    func encoded() -> [UInt8] {
        let head = [
            "Content-Type: \(type)", "Content-Transfer-Encoding: base64",
            "Content-Disposition: attachment;\r\n filename=\"\(name)\"", "", "",
        ]
        var bytes = Array(head.joined(separator: "\r\n").utf8)
        let text = Array(Base64.encoded(content).utf8)
        for start in stride(from: 0, to: text.count, by: Self.lineBytesMax) {
            if start > 0 { bytes += [0x0D, 0x0A] }
            bytes += text[start..<min(start + Self.lineBytesMax, text.count)]
        }
        return bytes
    }
}
