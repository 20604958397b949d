/// Tests on eight bytes in one register. In each mask the lowest set bit is exact (a borrow can only raise false bits
/// above a true one), so the first special byte of a little-endian word is at its trailing zeros divided by eight.
enum WordScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// High bits at the bytes that are no plain text: control characters, quote, backslash, DEL and beyond ASCII.
    @inline(__always)
    static func specials(_ word: UInt64) -> UInt64 {
        let controls = (word &- 0x20 &* ones) & ~word
        let quotes = zeros(word ^ 0x22 &* ones)
        let backslashes = zeros(word ^ 0x5C &* ones)
        let deletes = zeros(word ^ 0x7F &* ones)
        return (controls | quotes | backslashes | deletes | word) & highs
    }

    /// The index of the first byte from `start` on that is no plain text, or the end.
    @inline(__always)
    static func endOfPlain(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(text)
        var at = start
        while at + 8 <= raw.count {
            let special = specials(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
            if special != 0 { return at + special.trailingZeroBitCount >> 3 }
            at += 8
        }
        while at < raw.count, isPlain(raw[at]) { at += 1 }
        return at
    }

    /// The index of the first backslash from `start` on, or the end.
    @inline(__always)
    static func nextBackslash(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(text)
        var at = start
        while at + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let found = zeros(word ^ 0x5C &* ones) & highs
            if found != 0 { return at + found.trailingZeroBitCount >> 3 }
            at += 8
        }
        while at < raw.count, raw[at] != 0x5C { at += 1 }
        return at
    }

    /// The same test for one byte, turned round.
    @inline(__always)
    static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
    }

    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
}
