/// Reads the fixed forms of times, offsets and durations from the front of a text.
struct TimeReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { index == bytes.count }
    var rest: [UInt8] { Array(bytes[index...]) }

    /// Takes one ASCII character if it is next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, UInt32(bytes[index]) == character.value else { return false }
        index += 1
        return true
    }

    /// Exactly `count` digits, at most 18, as a number.
    mutating func digits(_ count: Int) -> Int64? {
        guard index + count <= bytes.count else { return nil }
        var number: Int64 = 0
        for byte in bytes[index..<index + count] {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int64(byte - 0x30)
        }
        index += count
        return number
    }

    /// The digits after a decimal point as nanoseconds; digits beyond the ninth are read and cut.
    mutating func fraction() -> Int32? {
        var nanoseconds: Int32 = 0
        var count = 0
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
            if count < 9 { nanoseconds = nanoseconds * 10 + Int32(bytes[index] - 0x30) }
            count += 1
            index += 1
        }
        guard count > 0 else { return nil }
        for _ in 0..<max(0, 9 - count) { nanoseconds *= 10 }
        return nanoseconds
    }

    /// `+hh:mm` or `-hh:mm` in seconds, the sign optional where it is not required.
    mutating func offsetSeconds(isSignRequired: Bool) -> Int64? {
        let isNegative = take("-")
        guard isNegative || take("+") || !isSignRequired else { return nil }
        guard let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return isNegative ? -seconds : seconds
    }

    /// A decimal number as its digits and the power of ten they are to be divided by; at most 18 digits after the
    /// point are kept and at most 18 before it allowed.
    mutating func decimal() -> (digits: Int128, scale: Int128)? {
        var number: Int128 = 0
        var scale: Int128 = 1
        var (before, after) = (0, 0)
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
            guard before < 18 else { return nil }
            number = number * 10 + Int128(bytes[index] - 0x30)
            before += 1
            index += 1
        }
        if take(".") {
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
                if after < 9 {
                    number = number * 10 + Int128(bytes[index] - 0x30)
                    scale *= 10
                }
                after += 1
                index += 1
            }
        }
        return before + after > 0 ? (number, scale) : nil
    }

    /// A unit of time as nanoseconds; `µs` is known in both of its spellings (U+00B5 and U+03BC).
    mutating func unitNanoseconds() -> Int128? {
        let units: [(name: String, nanoseconds: Int128)] = [
            ("ns", 1), ("us", 1_000), ("\u{B5}s", 1_000), ("\u{3BC}s", 1_000), ("ms", 1_000_000),
            ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ]
        for unit in units where bytes[index...].starts(with: unit.name.utf8) {
            index += unit.name.utf8.count
            return unit.nanoseconds
        }
        return nil
    }
}
