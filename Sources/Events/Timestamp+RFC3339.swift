extension Timestamp {
    /// Reads an RFC 3339 date and time such as `2026-02-11T08:01:47.899029Z` or `…+02:00`.
    ///
    /// `T` and `Z` may be lower case and `T` may be a space (RFC 3339 §5.6). Digits beyond microseconds are cut. A leap
    /// second (`:60`) is the first instant of the next minute, as POSIX time counts. Anything else is `nil`.
    package init?(rfc3339 text: some StringProtocol) {
        self.init(rfc3339Bytes: Array(text.utf8))
    }

    /// Reads the same from UTF-8 bytes.
    package init?(rfc3339Bytes bytes: [UInt8]) {
        var reader = DigitReader(bytes: bytes)
        guard let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.number(digits: 2), hour < 24, reader.skip(":"),
            let minute = reader.number(digits: 2), minute < 60, reader.skip(":"),
            let second = reader.number(digits: 2), second <= 60,
            let fraction = reader.fraction(),
            let offset = reader.offset(), reader.isAtEnd,
            let date = CivilDate(year: Int64(year), month: month, day: day)
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + Int64(hour * 3_600 + minute * 60 + second - offset * 60)
        self.init(microseconds: seconds * 1_000_000 + Int64(fraction))
    }

    /// RFC 3339 in UTC with `Z`; microseconds (six digits) only where they are not zero.
    package var rfc3339: String {
        let (date, secondOfDay, microsecond) = civil(offsetMinutes: 0)
        guard 0...9_999 ~= date.year else {
            // No calendar of ours shows such a year; it is written all the same.
            return Self.padded(date.year, 4) + "-" + Self.padded(Int64(date.month), 2) + "-"
                + Self.padded(Int64(date.day), 2) + "T" + Self.clock(secondOfDay)
                + (microsecond != 0 ? "." + Self.padded(microsecond, 6) : "") + "Z"
        }
        return String(unsafeUninitializedCapacity: 27) { text in
            var writer = DigitWriter(text: text)
            writer.put(date.year, digits: 4, then: "-")
            writer.put(Int64(date.month), digits: 2, then: "-")
            writer.put(Int64(date.day), digits: 2, then: "T")
            writer.put(secondOfDay / 3_600, digits: 2, then: ":")
            writer.put(secondOfDay / 60 % 60, digits: 2, then: ":")
            writer.put(secondOfDay % 60, digits: 2, then: microsecond == 0 ? "Z" : ".")
            if microsecond != 0 { writer.put(microsecond, digits: 6, then: "Z") }
            return writer.count
        }
    }

    /// The last microsecond of a day in UTC, or `nil` when the calendar has no such day. Something valid "until" a day
    /// is valid through it.
    package static func endOfDay(utcYear year: Int, month: Int, day: Int) -> Timestamp? {
        guard let date = CivilDate(year: Int64(year), month: month, day: day) else { return nil }
        return Timestamp(microseconds: (date.daysSinceEpoch + 1) * 86_400_000_000 - 1)
    }

    /// The day, the second of the day and the microsecond at a fixed offset east of UTC.
    func civil(offsetMinutes: Int) -> (date: CivilDate, secondOfDay: Int64, microsecond: Int64) {
        let seconds = Self.flooredQuotient(microseconds, 1_000_000)
        let remainder = microseconds % 1_000_000
        let microsecond = remainder < 0 ? remainder + 1_000_000 : remainder
        let local = seconds + Int64(offsetMinutes) * 60
        let days = Self.flooredQuotient(local, 86_400)
        return (CivilDate(daysSinceEpoch: days), local - days * 86_400, microsecond)
    }

    /// `hh:mm:ss` of a second of the day.
    static func clock(_ secondOfDay: Int64) -> String {
        let parts = [secondOfDay / 3_600, secondOfDay / 60 % 60, secondOfDay % 60]
        return parts.map { padded($0, 2) }.joined(separator: ":")
    }

    /// A number with zeros in front up to `width` digits; a minus sign stands before them.
    static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number.magnitude)
        let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
        return (number < 0 ? "-" : "") + zeros + digits
    }

    private static func flooredQuotient(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

/// Writes the fixed-width digits of a date, for which every event's instants are too many to be joined of texts.
private struct DigitWriter {
    let text: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    /// Puts a number that is not negative with zeros in front, and one character behind it.
    mutating func put(_ number: Int64, digits: Int, then character: Unicode.Scalar) {
        var rest = number
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            text[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        count += digits
        text[count] = UInt8(truncatingIfNeeded: character.value)
        count += 1
    }
}

/// Walks over the fixed-width digits of a date.
private struct DigitReader {
    let bytes: [UInt8]
    var at = 0

    var isAtEnd: Bool { at == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(truncatingIfNeeded: character.value) else { return false }
        at += 1
        return true
    }

    mutating func number(digits: Int) -> Int? {
        guard at + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[at..<at + digits] {
            guard byte.isDigit else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        at += digits
        return value
    }

    /// Microseconds of an optional fraction; `nil` for a point without digits.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        var value = 0
        var unit = 100_000
        let start = at
        while at < bytes.count, bytes[at].isDigit {
            value += Int(bytes[at] - 0x30) * unit
            unit /= 10
            at += 1
        }
        return at == start ? nil : value
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), hours < 24, skip(":"), let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
