/// The value of `Message-ID`: `left@right` without its angle brackets (RFC 5322 §3.6.4).
package struct MessageID: Sendable, Hashable, CustomStringConvertible {
    /// The text between the angle brackets.
    package let text: String

    /// The longest identifier in bytes: with the field's name and brackets a line stays below 998.
    package static let bytesMax = 512

    /// Takes an identifier as it is, or `nil` when it is none: a dot-atom on the left, a domain on the right.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= Self.bytesMax else { return nil }
        let left = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard left.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isAtomText) }) else { return nil }
        guard Address.isDomain(String(Substring(parts[1]))) else { return nil }
        self.text = text
    }

    /// The identifier of the one mail that tells `recipient` of `notification`: the same for every attempt and on every
    /// machine that composes it. Bytes of `notification` that may not stand in an identifier become hyphens.
    package init(notification: String, recipient: String, host: String) {
        let left = notification.utf8.prefix(128).map { byte -> UInt8 in
            byte.isLetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") ? byte : UInt8(ascii: "-")
        }
        let name = left.isEmpty ? "0" : String(decoding: left, as: UTF8.self)
        let domain = Address.isDomain(host) ? host : "localhost"
        text = "\(name).\(Fingerprint.hex(of: recipient.utf8.map(\.asciiLowercased)))@\(domain)"
    }

    /// What stands behind the `@`.
    package var domain: String { String(text[text.index(after: text.lastIndex(of: "@") ?? text.startIndex)...]) }

    package var description: String { text }
}

/// FNV-1a in 64 bits: a short name for some bytes. It keeps no secret and proves nothing.
enum Fingerprint {
    static func hex(of bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
