/// Free text made fit for a header field. All work is on bytes: in Swift CR LF is one `Character`, and searches for
/// either half do not find it.
package enum HeaderText {
    /// The longest text of a field in bytes (UTF-8); the rest is cut at a character's boundary.
    package static let bytesMax = 1_000

    /// `text` with every control character (C0, DEL, C1) and U+2028 and U+2029 turned into a space, cut to `bytesMax`.
    package static func cleaned(_ text: String) -> String {
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let length = sequenceLength(bytes[offset])
            let end = min(offset + length, bytes.count)
            guard result.count + (end - offset) <= bytesMax else { break }
            if isControl(bytes[offset..<end]) {
                result.append(0x20)
            } else {
                result += bytes[offset..<end]
            }
            offset = end
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether the bytes of one scalar are a control character or a line or paragraph separator.
    private static func isControl(_ bytes: ArraySlice<UInt8>) -> Bool {
        let first = bytes[bytes.startIndex]
        if first < 0x20 || first == 0x7F { return true }
        if first == 0xC2 { return bytes[bytes.startIndex + 1] < 0xA0 }
        return bytes.elementsEqual([0xE2, 0x80, 0xA8]) || bytes.elementsEqual([0xE2, 0x80, 0xA9])
    }

    /// The length of the UTF-8 sequence that begins with `first`; a `String` holds whole sequences only.
    static func sequenceLength(_ first: UInt8) -> Int {
        switch first {
        case ..<0xC0: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }
}
