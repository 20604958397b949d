/// Cuts UTF-8 without tearing a character's bytes apart.
package enum UTF8Cut {
    /// The longest beginning of `text` that has at most `bytesMax` bytes and ends between scalars.
    package static func prefix(_ text: [UInt8], bytesMax: Int) -> ArraySlice<UInt8> {
        guard text.count > bytesMax else { return text[...] }
        var end = bytesMax
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return text[..<end]
    }
}
