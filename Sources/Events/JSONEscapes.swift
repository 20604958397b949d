/// The backslash escapes of JSON strings (RFC 8259 §7). Input has passed the reader, so every escape is well formed.
enum JSONEscapes {
    /// What becomes of half a surrogate pair, which JSON can write and UTF-8 cannot.
    enum LoneSurrogate {
        /// U+FFFD: for texts that people and rules see.
        case replaced
        /// Three bytes as if it were a character: keeps different strings different, for comparing keys.
        case kept
        /// Its `\u` escape: for a string that is itself JSON.
        case escaped
    }

    /// Appends the unescaped bytes of the inside of a string, and stops once `text` has `bytesMax` bytes.
    static func unescape(
        _ span: UnsafeBufferPointer<UInt8>, into text: inout [UInt8], loneSurrogates: LoneSurrogate,
        bytesMax: Int = .max
    ) {
        var at = 0
        while at < span.count, text.count < bytesMax {
            let byte = span[at]
            guard byte == UInt8(ascii: "\\") else {
                let end = WordScan.nextBackslash(span, from: at)
                text.append(contentsOf: UnsafeBufferPointer(rebasing: span[at..<end]))
                at = end
                continue
            }
            let escape = span[at + 1]
            guard escape == UInt8(ascii: "u") else {
                text.append(character(of: escape))
                at += 2
                continue
            }
            var unit = codeUnit(span, at: at + 2)
            at += 6
            if unit & 0xFC00 == 0xD800, let low = lowSurrogate(span, at: at) {
                unit = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
                at += 6
            }
            append(unit, to: &text, loneSurrogates: loneSurrogates)
        }
    }

    /// The code unit of four hexadecimal digits.
    @inline(__always)
    static func codeUnit(_ span: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32 {
        var unit: UInt32 = 0
        for digit in 0..<4 { unit = unit << 4 | UInt32(span[index + digit].hexValue ?? 0) }
        return unit
    }

    /// The low surrogate that is escaped at `index`, or `nil` when something else stands there.
    static func lowSurrogate(_ span: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32? {
        guard index + 6 <= span.count, span[index] == UInt8(ascii: "\\"), span[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        let unit = codeUnit(span, at: index + 2)
        return unit & 0xFC00 == 0xDC00 ? unit : nil
    }

    /// The byte that a two-character escape stands for.
    @inline(__always)
    static func character(of escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: escape
        }
    }

    private static func append(_ scalar: UInt32, to text: inout [UInt8], loneSurrogates: LoneSurrogate) {
        if scalar & 0xFFFF_F800 == 0xD800 {
            switch loneSurrogates {
            case .replaced: text += [0xEF, 0xBF, 0xBD]
            case .kept: appendUTF8(scalar, to: &text)
            case .escaped:
                let unit = Hex.encode([UInt8(scalar >> 8), UInt8(scalar & 0xFF)])
                text += Array("\\u\(unit)".utf8)
            }
        } else {
            appendUTF8(scalar, to: &text)
        }
    }

    private static func appendUTF8(_ scalar: UInt32, to text: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift & 0x3F) }
        switch scalar {
        case 0..<0x80:
            text.append(UInt8(scalar))
        case 0x80..<0x800:
            text.append(0xC0 | UInt8(scalar >> 6))
            text.append(continuation(0))
        case 0x800..<0x10000:
            text.append(0xE0 | UInt8(scalar >> 12))
            text.append(continuation(6))
            text.append(continuation(0))
        default:
            text.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
            text.append(continuation(12))
            text.append(continuation(6))
            text.append(continuation(0))
        }
    }
}
