package import Events
import Mail

/// Times as people read them, always in UTC and with the weekday: `Thu 19 Nov 2026, 08:01:02 UTC`.
package enum TimeText {
    /// Weekday, date and time to the second.
    package static func full(_ time: Timestamp) -> String {
        let date = MailDate(time)
        return "\(date.weekdayName) \(date.day) \(date.monthName) \(date.year), \(date.clockText) UTC"
    }

    /// The day alone: `14 Nov`.
    static func day(_ time: Timestamp) -> String {
        let date = MailDate(time)
        return "\(date.day) \(date.monthName)"
    }

    /// The time of day, with the day before it unless that is the day of `reference`: `08:01:02`, `14 Nov 08:01`.
    static func clock(_ time: Timestamp, near reference: Timestamp, showsSeconds: Bool) -> String {
        let clock = MailDate(time).clockText.dropLast(showsSeconds ? 0 : 3)
        return isSameDay(time, reference) ? String(clock) : "\(day(time)) \(clock)"
    }

    /// From one minute to another one: `08:01 to 08:40 UTC`, with their days unless both are on that of `reference`;
    /// `08:01 UTC` where both are the same.
    static func range(_ from: Timestamp, _ to: Timestamp, near reference: Timestamp) -> String {
        let start = clock(from, near: reference, showsSeconds: false)
        let end = clock(to, near: reference, showsSeconds: false)
        return start == end ? "\(start) UTC" : "\(start) to \(end) UTC"
    }

    private static func isSameDay(_ one: Timestamp, _ other: Timestamp) -> Bool {
        let (one, other) = (MailDate(one), MailDate(other))
        return (one.year, one.month, one.day) == (other.year, other.month, other.day)
    }
}

extension MailDate {
    /// The whole second of `time`, in UTC.
    init(_ time: Timestamp) {
        let seconds = time.microseconds / 1_000_000
        self.init(
            secondsSinceEpoch: time.microseconds < 0 && time.microseconds % 1_000_000 != 0 ? seconds - 1 : seconds)
    }
}
