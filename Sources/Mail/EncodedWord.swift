/// Encoded-words (RFC 2047): text beyond ASCII in a header field.
enum EncodedWord {
    /// The longest encoded-word in bytes (RFC 2047 §2).
    static let bytesMax = 75
    private static let overhead = "=?utf-8?q?".utf8.count + "?=".utf8.count

    /// `bytes`, whole UTF-8 sequences, as encoded-words each of which holds whole sequences; a decoder joins them
    /// without the space between. The first one takes at most `firstBytesMax` bytes where that leaves room for
    /// anything.
    static func words(for bytes: ArraySlice<UInt8>, firstBytesMax: Int) -> [String] {
        let isMostlyASCII = bytes.count { needsEscape($0) } * 3 <= bytes.count
        var result: [String] = []
        var chunk: [UInt8] = []
        var budget = max(min(firstBytesMax, bytesMax), overhead + 12)
        var offset = bytes.startIndex
        while offset < bytes.endIndex {
            let end = min(offset + HeaderText.sequenceLength(bytes[offset]), bytes.endIndex)
            let longer = chunk + bytes[offset..<end]
            if !chunk.isEmpty, overhead + length(longer, isMostlyASCII) > budget {
                result.append(word(chunk, isMostlyASCII))
                chunk = Array(bytes[offset..<end])
                budget = bytesMax
            } else {
                chunk = longer
            }
            offset = end
        }
        if !chunk.isEmpty { result.append(word(chunk, isMostlyASCII)) }
        return result
    }

    private static func length(_ bytes: [UInt8], _ isQ: Bool) -> Int {
        isQ ? bytes.reduce(0) { $0 + (needsEscape($1) ? 3 : 1) } : (bytes.count + 2) / 3 * 4
    }

    private static func word(_ bytes: [UInt8], _ isQ: Bool) -> String {
        isQ ? "=?utf-8?q?\(quoted(bytes))?=" : "=?utf-8?b?\(Base64.encoded(bytes))?="
    }

    /// Everything but what may stand in a phrase (RFC 2047 §5 (3)) is escaped, a space becomes `_`.
    private static func quoted(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            if byte == 0x20 {
                result.append(UInt8(ascii: "_"))
            } else if needsEscape(byte) {
                result += [
                    UInt8(ascii: "="), QuotedPrintable.hexDigits[Int(byte >> 4)],
                    QuotedPrintable.hexDigits[Int(byte & 15)],
                ]
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        if byte.isLetterOrDigit || byte == 0x20 { return false }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"): return false
        default: return true
        }
    }
}

/// Base64 (RFC 4648 §4), with padding and without line breaks.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encoded(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let padded = Array(group) + [UInt8](repeating: 0, count: 3 - group.count)
            let sextets = [
                padded[0] >> 2, (padded[0] & 3) << 4 | padded[1] >> 4, (padded[1] & 15) << 2 | padded[2] >> 6,
                padded[2] & 63,
            ]
            for (index, sextet) in sextets.enumerated() {
                result.append(index <= group.count ? digits[Int(sextet)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
