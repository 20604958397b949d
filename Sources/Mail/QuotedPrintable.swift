/// The quoted-printable transfer encoding (RFC 2045 §6.7), stricter than it must be: besides what the standard asks
/// for, a dot and the word `From ` at the beginning of a line are encoded, so that no line needs dot-stuffing (RFC 5321
/// §4.5.2) or the mbox escape on its way.
package enum QuotedPrintable {
    /// The longest line in bytes without its CRLF, the `=` of a soft break included.
    package static let lineBytesMax = 76

    /// `text` encoded, ending with CRLF. CR LF, CR and LF each are one line break.
    package static func encoded(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        var lineStart = 0
        while lineStart < bytes.count {
            let end = bytes[lineStart...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
            append(bytes[lineStart..<end], to: &result)
            result += [0x0D, 0x0A]
            lineStart = end + (end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A ? 2 : 1)
        }
        return result.isEmpty ? [0x0D, 0x0A] : result
    }

    /// Appends one line without its end, broken softly.
    private static func append(_ line: ArraySlice<UInt8>, to result: inout [UInt8]) {
        var column = 0
        for (offset, byte) in zip(line.indices, line) {
            let isLast = offset == line.endIndex - 1
            // A unit must leave room for the soft break's `=`, unless it ends the line.
            func width(_ unit: Int) -> Bool { column + unit <= (isLast ? lineBytesMax : lineBytesMax - 1) }
            var isEncoded = mustEncode(byte, isLast: isLast)
            if !width(isEncoded ? 3 : 1) {
                result += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
            }
            if column == 0, !isEncoded { isEncoded = isRiskyAtLineStart(line[offset...]) }
            if isEncoded {
                result += [UInt8(ascii: "="), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
                column += 3
            } else {
                result.append(byte)
                column += 1
            }
        }
    }

    private static func mustEncode(_ byte: UInt8, isLast: Bool) -> Bool {
        if byte == UInt8(ascii: "=") { return true }
        if byte == 0x20 || byte == 0x09 { return isLast }
        return byte < 0x21 || byte > 0x7E
    }

    private static func isRiskyAtLineStart(_ rest: ArraySlice<UInt8>) -> Bool {
        rest.first == UInt8(ascii: ".") || rest.starts(with: Array("From ".utf8))
    }

    static let hexDigits = Array("0123456789ABCDEF".utf8)
}
