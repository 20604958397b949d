/// CEL's duration: nanoseconds within about ±10,000 years (protobuf's Duration, ±315,576,000,000 s).
package struct DurationValue: Sendable, Hashable, Comparable {
    /// Whole seconds, rounded down.
    package let seconds: Int64
    /// Nanoseconds after `seconds`, 0 to 999,999,999, also for a negative duration.
    package let nanoseconds: Int32

    private static let nanosecondsMax: Int128 = 315_576_000_000 * 1_000_000_000

    /// A duration of `total` nanoseconds, or `nil` outside of the range.
    package init?(totalNanoseconds total: Int128) {
        guard total.magnitude <= Self.nanosecondsMax.magnitude else { return nil }
        let (quotient, remainder) = total.flooredDivision(by: 1_000_000_000)
        seconds = Int64(truncatingIfNeeded: quotient)
        nanoseconds = Int32(truncatingIfNeeded: remainder)
    }

    /// The whole length in nanoseconds.
    package var totalNanoseconds: Int128 { Int128(seconds) * 1_000_000_000 + Int128(nanoseconds) }

    /// Shorter before longer, negative before positive.
    package static func < (lhs: DurationValue, rhs: DurationValue) -> Bool {
        (lhs.seconds, lhs.nanoseconds) < (rhs.seconds, rhs.nanoseconds)
    }

    /// Reads `1h30m`, `-1.5s`, `250ms`: a sign and numbers with the units h, m, s, ms, us, ns.
    package init?(parsing text: String) {
        var reader = TimeReader(text)
        let isNegative = reader.take("-")
        if !isNegative { _ = reader.take("+") }
        if reader.rest == [0x30] {
            self.init(totalNanoseconds: 0)
            return
        }
        var total: Int128 = 0
        repeat {
            guard let part = reader.decimal(), let unit = reader.unitNanoseconds() else { return nil }
            let scaled = part.digits.multipliedReportingOverflow(by: unit)
            guard !scaled.overflow else { return nil }
            let sum = total.addingReportingOverflow(scaled.partialValue / part.scale)
            guard !sum.overflow else { return nil }
            total = sum.partialValue
        } while !reader.isAtEnd
        self.init(totalNanoseconds: isNegative ? -total : total)
    }

    /// Seconds with as many digits of the fraction as are needed, such as `1.5s`.
    package var text: String { text(fraction: TimeValue.fraction) }

    /// The text that `string()` gives: as `text`, but with no, three, six or nine digits of the fraction, as protobuf's
    /// JSON has it.
    var protobufText: String { text(fraction: TimeValue.groupedFraction) }

    private func text(fraction: (Int32) -> String) -> String {
        let magnitude = totalNanoseconds.magnitude
        let sign = totalNanoseconds < 0 ? "-" : ""
        return "\(sign)\(magnitude / 1_000_000_000)\(fraction(Int32(truncatingIfNeeded: magnitude % 1_000_000_000)))s"
    }
}
