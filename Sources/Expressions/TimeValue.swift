package import Events

/// CEL's timestamp: a point in time with nanoseconds, from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
package struct TimeValue: Sendable, Hashable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    package let seconds: Int64
    /// Nanoseconds after `seconds`, 0 to 999,999,999.
    package let nanoseconds: Int32

    /// The first and last second of the range (protobuf's Timestamp).
    private static let secondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// A point in time, or `nil` outside of the range.
    package init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard Self.secondsRange.contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The point in time `total` nanoseconds after 1970, or `nil` outside of the range.
    init?(totalNanoseconds total: Int128) {
        let (quotient, remainder) = total.flooredDivision(by: 1_000_000_000)
        guard let seconds = Int64(exactly: quotient) else { return nil }
        self.init(seconds: seconds, nanoseconds: Int32(truncatingIfNeeded: remainder))
    }

    /// A time of an event; what lies beyond year 1 or 9999 is moved to the nearest end.
    package init(_ timestamp: Timestamp) {
        let (quotient, remainder) = Int128(timestamp.microseconds).flooredDivision(by: 1_000_000)
        let seconds = Int64(truncatingIfNeeded: quotient)
        self.seconds = min(max(seconds, Self.secondsRange.lowerBound), Self.secondsRange.upperBound)
        self.nanoseconds = self.seconds == seconds ? Int32(truncatingIfNeeded: remainder) * 1_000 : 0
    }

    var totalNanoseconds: Int128 { Int128(seconds) * 1_000_000_000 + Int128(nanoseconds) }

    /// Earlier before later.
    package static func < (lhs: TimeValue, rhs: TimeValue) -> Bool {
        (lhs.seconds, lhs.nanoseconds) < (rhs.seconds, rhs.nanoseconds)
    }

    /// Reads RFC 3339 §5.6, whose `T` and `Z` may be small letters. More than nine digits of a second's fraction are
    /// cut, and a leap second (`:60`) is the first one of the next minute, as in events.
    package init?(rfc3339 text: String) {
        var reader = TimeReader(text)
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), reader.take("T") || reader.take("t"), let hour = reader.digits(2),
            reader.take(":"),
            let minute = reader.digits(2), reader.take(":"), let second = reader.digits(2),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        guard let date = CivilDate(year: year, month: Int(month), day: Int(day)) else { return nil }
        var nanoseconds: Int32 = 0
        if reader.take(".") {
            guard let fraction = reader.fraction() else { return nil }
            nanoseconds = fraction
        }
        guard let offset = reader.take("Z") || reader.take("z") ? 0 : reader.offsetSeconds(isSignRequired: true),
            reader.isAtEnd
        else { return nil }
        let local = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second
        self.init(seconds: local - offset, nanoseconds: nanoseconds)
    }

    /// UTC with `Z`, and as many digits of the fraction as are needed.
    package var rfc3339: String { text(fraction: Self.fraction(nanoseconds)) }

    /// The text that `string()` gives: as `rfc3339`, but with no, three, six or nine digits of the fraction, as
    /// protobuf's JSON has it.
    var protobufText: String { text(fraction: Self.groupedFraction(nanoseconds)) }

    private func text(fraction: String) -> String {
        let parts = TimeParts(self, offsetSeconds: 0)
        let (month, day) = (Int64(parts.date.month), Int64(parts.date.day))
        var text = "\(Self.padded(parts.date.year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
        text += "\(Self.padded(parts.hour, 2)):\(Self.padded(parts.minute, 2)):\(Self.padded(parts.second, 2))"
        return text + fraction + "Z"
    }

    /// `.500` for half a second, nothing for none: no, three, six or nine digits.
    static func groupedFraction(_ nanoseconds: Int32) -> String {
        guard nanoseconds != 0 else { return "" }
        let digits = padded(Int64(nanoseconds), 9)
        let count = nanoseconds % 1_000_000 == 0 ? 3 : nanoseconds % 1_000 == 0 ? 6 : 9
        return "." + digits.prefix(count)
    }

    /// `.5` for half a second, nothing for none.
    static func fraction(_ nanoseconds: Int32) -> String {
        guard nanoseconds != 0 else { return "" }
        var digits = padded(Int64(nanoseconds), 9)
        while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
        return "." + digits
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// A point in time on the clock and calendar of a fixed offset from UTC.
struct TimeParts: Sendable {
    let date: CivilDate
    let hour: Int64
    let minute: Int64
    let second: Int64

    init(_ time: TimeValue, offsetSeconds: Int64) {
        let local = time.seconds + offsetSeconds
        let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        let secondOfDay = local - days * 86_400
        date = CivilDate(daysSinceEpoch: days)
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
    }
}

extension Int128 {
    /// Quotient rounded down and the remainder that is never negative.
    func flooredDivision(by divisor: Int128) -> (quotient: Int128, remainder: Int128) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
