/// The numbers of stored rows: LEB128, which takes a byte for each seven bits, signed ones zigzag, so that small steps
/// take one byte in either direction.
extension [UInt8] {
    /// Appends a number as LEB128, of one to ten bytes.
    mutating func appendUnsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// Appends a number as zigzag LEB128: 0, −1, 1, −2 become 0, 1, 2, 3.
    mutating func appendSigned(_ value: Int64) {
        appendUnsigned(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// Appends the eight bytes of a word, the lowest first.
    mutating func appendWord(_ word: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
    }

    /// Appends a number with a fraction as a word.
    mutating func appendNumber(_ value: Double) { appendWord(value.bitPattern) }
}

/// Reads the numbers of a row. What it gives out is as untrusted as the bytes: callers check counts and ranges.
struct RowReader {
    private var rest: ArraySlice<UInt8>

    /// Reads from the first byte of `bytes` on.
    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// Whether every byte was read.
    var isAtEnd: Bool { rest.isEmpty }

    /// How many bytes are left: no list in them is longer.
    var bytesLeft: Int { rest.count }

    /// The next byte, or `nil` at the end.
    mutating func byte() -> UInt8? { rest.popFirst() }

    /// A LEB128 number of at most ten bytes.
    mutating func unsigned() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        return nil
    }

    /// A number that `appendSigned` wrote.
    mutating func signed() -> Int64? {
        unsigned().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
    }

    /// A word that `appendWord` wrote.
    mutating func word() -> UInt64? {
        guard rest.count >= 8 else { return nil }
        var word: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 8) { word |= UInt64(rest.removeFirst()) << shift }
        return word
    }

    /// A number that `appendNumber` wrote; `nil` for infinities and for what is no number.
    mutating func number() -> Double? {
        word().map { Double(bitPattern: $0) }.flatMap { $0.isFinite ? $0 : nil }
    }

    /// The next `count` bytes, or `nil` where fewer are left.
    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// How many things of at least `size` bytes each follow; `nil` when so many cannot be left.
    mutating func count(ofSize size: Int = 1) -> Int? {
        guard let count = unsigned(), count <= UInt64(rest.count / size) else { return nil }
        return Int(count)
    }
}
