/// A mail address in the small grammar that is safe on the wire: `dot-atom@domain`, local part at most 64 bytes, 254
/// bytes in all, no quoted local parts, no comments, no address literals (RFC 5321 §4.1.2 allows more; libcurl does
/// not check what it is given, so everything else is refused here).
///
/// The local part may go beyond ASCII (RFC 6531 §3.3); such an address needs a server with SMTPUTF8.
package struct Address: Hashable, Sendable {
    /// The part before the `@`: a dot-atom (RFC 5322 §3.2.3, with the characters beyond ASCII of RFC 6531 §3.3), its
    /// bytes kept as they were given: only the server behind the domain knows which spellings of it are one.
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
            guard byte.isAtomText || byte == UInt8(ascii: ".") || byte >= 0x80 else {
                throw AddressFault(.localPartCharacter, at: offset)
            }
            guard byte != UInt8(ascii: ".") || previous != UInt8(ascii: ".") else {
                throw AddressFault(.localPartDot, at: offset)
            }
            previous = byte
        }
        guard previous != UInt8(ascii: ".") else { throw AddressFault(.localPartDot, at: bytes.endIndex - 1) }
        if bytes.contains(where: { $0 >= 0x80 }) { try checkScalars(bytes) }
    }

    /// What RFC 6531 leaves to good sense: a character beyond ASCII must be one that a person can see and name. A mark
    /// that combines belongs to a character before it, and what is before the first one is not the address's.
    private static func checkScalars(_ bytes: ArraySlice<UInt8>) throws(AddressFault) {
        var offset = bytes.startIndex
        var previous: Unicode.Scalar = "."
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if !scalar.isASCII {
                guard scalar.canBeSeen else { throw AddressFault(.localPartInvisible, at: offset) }
                guard !lookAlikesOfAt.contains(scalar) else { throw AddressFault(.localPartCharacter, at: offset) }
                guard !scalar.isMark || previous != "." else { throw AddressFault(.localPartMark, at: offset) }
            }
            previous = scalar
            offset += scalar.utf8.count
        }
    }

    /// Other forms of `@`: an address with one of them would seem to end elsewhere than it does.
    private static let lookAlikesOfAt: Set<Unicode.Scalar> = ["\u{FE6B}", "\u{FF20}"]

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

extension Address {
    /// Whether the address can cross the wire only where the server offers SMTPUTF8 (RFC 6531): the domain is ASCII
    /// always, so it is the local part that decides.
    package var needsSMTPUTF8: Bool { localPart.utf8.contains { $0 >= 0x80 } }
}

extension Unicode.Scalar {
    /// Whether a person can see the character, and it is one: no control or format character (which turn the direction
    /// of text or have no width), nothing that is drawn as nothing, no space, nothing unassigned, and nothing private.
    fileprivate var canBeSeen: Bool {
        guard !properties.isDefaultIgnorableCodePoint, !properties.isWhitespace else { return false }
        // What broken text is read as.
        guard self != "\u{FFFD}" else { return false }
        switch properties.generalCategory {
        case .control, .format, .unassigned, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    /// Whether the character combines with the one before it.
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
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
