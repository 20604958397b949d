/// The classes of ASCII that the protocols here speak of; other bytes belong to none.
extension UInt8 {
    /// `0` to `9`.
    var isDigit: Bool { self &- 0x30 < 10 }

    /// `A` to `Z` or `a` to `z`.
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    /// The value of a hexadecimal digit in either case, or `nil`.
    var hexValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }

    /// The byte with `A` to `Z` made small.
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// Space, tab, CR or LF: the white space of JSON (RFC 8259 §2).
    var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
