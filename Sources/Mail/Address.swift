/// A mail address in the small grammar that is safe on the wire: `dot-atom@domain`, local part at most 64 bytes, 254
/// bytes in all, no quoted local parts, no comments, no address literals (RFC 5321 §4.1.2 allows more; libcurl does
/// not check what it is given, so everything else is refused here).
package struct Address: Hashable, Sendable {
    /// The part before the `@`: an ASCII dot-atom (RFC 5322 §3.2.3), its case kept.
    package let localPart: String
    /// The domain as ASCII labels (A-labels for an internationalised domain), in lower case.
    package let domain: String

    /// The longest local part in bytes (RFC 5321 §4.5.3.1.1).
    package static let localPartBytesMax = 64
    /// The longest address in bytes: a path of 256 less its angle brackets (RFC 5321 §4.5.3.1.3).
    package static let bytesMax = 254
    /// The longest label of a domain in bytes (RFC 1035 §2.3.4).
    package static let labelBytesMax = 63

    /// Reads `text` as an address. Nothing is trimmed and nothing is repaired.
    package init(parsing text: String) throws(AddressFault) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw AddressFault(.empty, at: 0) }
        if let offset = bytes.firstIndex(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw AddressFault(.control, at: offset)
        }
        guard bytes.count <= Self.bytesMax else { throw AddressFault(.tooLong, at: Self.bytesMax) }
        if bytes[0] == UInt8(ascii: "\"") { throw AddressFault(.quotedLocalPart, at: 0) }
        guard let at = bytes.firstIndex(of: UInt8(ascii: "@")) else {
            throw AddressFault(.atSignMissing, at: bytes.count)
        }
        try Self.checkLocalPart(bytes[..<at])
        try Self.checkDomain(bytes[(at + 1)...])
        localPart = String(decoding: bytes[..<at], as: UTF8.self)
        domain = String(decoding: bytes[(at + 1)...].map(\.asciiLowercased), as: UTF8.self)
    }

    /// Whether `text` can stand as a domain: labels of letters, digits and inner hyphens, and no address literal.
    package static func isDomain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= bytesMax - 2 else { return false }
        do throws(AddressFault) {
            try checkDomain(bytes[...])
            return true
        } catch {
            return false
        }
    }

    private static func checkLocalPart(_ bytes: ArraySlice<UInt8>) throws(AddressFault) {
        guard !bytes.isEmpty else { throw AddressFault(.localPartEmpty, at: bytes.startIndex) }
        guard bytes.count <= localPartBytesMax else {
            throw AddressFault(.localPartTooLong, at: bytes.startIndex + localPartBytesMax)
        }
        var previous = UInt8(ascii: ".")
        for (offset, byte) in zip(bytes.indices, bytes) {
            guard byte < 0x80 else { throw AddressFault(.localPartNotASCII, at: offset) }
            guard byte.isAtomText || byte == UInt8(ascii: ".") else {
                throw AddressFault(.localPartCharacter, at: offset)
            }
            guard byte != UInt8(ascii: ".") || previous != UInt8(ascii: ".") else {
                throw AddressFault(.localPartDot, at: offset)
            }
            previous = byte
        }
        guard previous != UInt8(ascii: ".") else { throw AddressFault(.localPartDot, at: bytes.endIndex - 1) }
    }

    private static func checkDomain(_ bytes: ArraySlice<UInt8>) throws(AddressFault) {
        guard !bytes.isEmpty else { throw AddressFault(.domainEmpty, at: bytes.startIndex) }
        if let offset = bytes.firstIndex(where: { $0 >= 0x80 }) { throw AddressFault(.domainNotASCII, at: offset) }
        if bytes.first == UInt8(ascii: "[") { throw AddressFault(.domainLiteral, at: bytes.startIndex) }
        var isNumeric = true
        for label in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard let first = label.first, let last = label.last else {
                throw AddressFault(.domainDot, at: label.startIndex)
            }
            guard label.count <= labelBytesMax else { throw AddressFault(.labelTooLong, at: label.startIndex) }
            if let offset = label.firstIndex(where: { !$0.isLetterOrDigit && $0 != UInt8(ascii: "-") }) {
                throw AddressFault(.domainCharacter, at: offset)
            }
            guard first != UInt8(ascii: "-"), last != UInt8(ascii: "-") else {
                throw AddressFault(.labelHyphen, at: label.startIndex)
            }
            isNumeric = label.allSatisfy(\.isDigit)
        }
        guard !isNumeric else { throw AddressFault(.domainLiteral, at: bytes.startIndex) }
    }
}

extension Address: CustomStringConvertible {
    package var description: String { "\(localPart)@\(domain)" }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
    var isLetterOrDigit: Bool { isDigit || isLetter }
    var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// `atext` of RFC 5322 §3.2.3.
    var isAtomText: Bool {
        if isLetterOrDigit { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
            UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }
}
