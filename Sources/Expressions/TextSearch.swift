/// Searching in the bytes of texts. UTF-8 is self-synchronising: a valid text found byte by byte is found at the
/// border of a code point.
enum TextSearch {
    /// Whether `part` occurs in `text`; the empty text occurs in every text.
    static func contains(_ text: String, _ part: String) -> Bool {
        let fast = text.utf8.withContiguousStorageIfAvailable { textBytes in
            part.utf8.withContiguousStorageIfAvailable { partBytes in
                firstIndex(of: partBytes, in: textBytes) != nil
            }
        }
        return (fast ?? nil) ?? containsSlowly(Array(text.utf8), Array(part.utf8))
    }

    private static func containsSlowly(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { textBytes in
            part.withUnsafeBufferPointer { firstIndex(of: $0, in: textBytes) != nil }
        }
    }

    private static func firstIndex(of part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let first = part.first else { return 0 }
        guard text.count >= part.count else { return nil }
        for start in 0...(text.count - part.count) where text[start] == first {
            var length = 1
            while length < part.count, text[start + length] == part[length] { length += 1 }
            if length == part.count { return start }
        }
        return nil
    }

    /// The first place at or after `from` where `part` stands in `text`, both as code points.
    static func firstIndex(of part: [Unicode.Scalar], in text: [Unicode.Scalar], from: Int = 0) -> Int? {
        guard text.count >= part.count, from <= text.count - part.count else { return nil }
        return (from...(text.count - part.count)).first { text[$0..<$0 + part.count].elementsEqual(part) }
    }

    /// The last place at or before `upTo` where `part` stands in `text`, both as code points.
    static func lastIndex(of part: [Unicode.Scalar], in text: [Unicode.Scalar], upTo: Int) -> Int? {
        guard text.count >= part.count else { return nil }
        let last = min(upTo, text.count - part.count)
        guard last >= 0 else { return nil }
        return (0...last).last { text[$0..<$0 + part.count].elementsEqual(part) }
    }
}
