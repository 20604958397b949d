/// An instant: whole microseconds since 1970-01-01T00:00:00Z, without leap seconds (POSIX time).
///
/// Everything stored, signed, compared or mailed uses this one type, so no two rooms disagree about rounding.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since the epoch; negative before 1970.
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Whole seconds since the epoch.
    package init(seconds: Int64) {
        self.microseconds = seconds &* 1_000_000
    }

    /// Earlier instants come first.
    package static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        lhs.microseconds < rhs.microseconds
    }

    /// The instant `duration` later (earlier when negative), saturating at the ends of the range.
    package func advanced(by duration: Duration) -> Timestamp {
        let (sum, overflow) = microseconds.addingReportingOverflow(duration.wholeMicroseconds)
        guard overflow else { return Timestamp(microseconds: sum) }
        return Timestamp(microseconds: duration < .zero ? .min : .max)
    }

    /// The time from `start` to `end`.
    package static func - (end: Timestamp, start: Timestamp) -> Duration {
        .microseconds(end.microseconds.subtractingReportingOverflow(start.microseconds).partialValue)
    }
}

extension Duration {
    /// The duration in microseconds, rounded towards zero and saturating.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return carry ? (seconds < 0 ? .min : .max) : sum
    }
}
