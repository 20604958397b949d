/// Why a text is no address or mailbox. The text of the fault names the place, never the address itself.
package struct AddressFault: Error, Sendable, Equatable {
    /// What is wrong.
    package enum Reason: String, Sendable, CaseIterable {
        case empty = "the address is empty"
        case control = "the address holds a control character or a line break"
        case tooLong = "the address is longer than 254 bytes"
        case atSignMissing = "the @ is missing"
        case quotedLocalPart = "quoted parts before the @ are not supported"
        case localPartEmpty = "nothing stands before the @"
        case localPartTooLong = "the part before the @ is longer than 64 bytes"
        case localPartInvisible = "the part before the @ holds a character that cannot be seen or is none yet"
        case localPartMark = "the part before the @ begins with a mark that belongs to a letter, or has one after a dot"
        case localPartCharacter = "the part before the @ holds a character that may not stand there"
        case localPartDot = "the part before the @ begins or ends with a dot or holds two in a row"
        case domainEmpty = "nothing stands after the @"
        case domainNotASCII = "the domain holds a character beyond ASCII"
        case domainLiteral = "an IP address stands where a domain must"
        case domainCharacter = "the domain holds a character other than letters, digits, hyphens and dots"
        case domainDot = "the domain begins or ends with a dot or holds two in a row"
        case labelTooLong = "a part of the domain is longer than 63 bytes"
        case labelHyphen = "a part of the domain begins or ends with a hyphen"
        case angleBracketMissing = "the address after a display name must stand in < and >"
        case displayNameQuote = "the quotes of the display name do not match"
        case displayNameTooLong = "the display name is longer than 256 bytes"
    }

    package let reason: Reason
    /// Where the fault was found: the number of bytes (UTF-8) before it.
    package let offset: Int

    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// What to write instead, when that can be said.
    package var hint: String? {
        switch reason {
        case .domainNotASCII:
            "write the domain in its ASCII form, each such part beginning with xn-- (`idn2 DOMAIN` prints it)"
        case .localPartInvisible: "write the address anew by hand: copied text can hold what is not shown"
        case .localPartCharacter, .atSignMissing, .angleBracketMissing:
            "write name@example.com or Name <name@example.com>"
        case .domainLiteral: "write the mail domain or the host's name"
        default: nil
        }
    }
}

extension AddressFault: CustomStringConvertible {
    package var description: String {
        let place = "\(reason.rawValue) (at byte \(offset + 1))"
        return hint.map { "\(place): \($0)" } ?? place
    }
}
