package import Events
import Mail

/// Times as people read them, always in UTC and with the weekday: `Thu 19 Nov 2026, 08:01:02 UTC`.
package enum TimeText {
    /// Weekday, date and time to the second.
    package static func full(_ time: Timestamp) -> String {
        let date = MailDate(time)
        return "\(date.weekdayName) \(date.day) \(date.monthName) \(date.year), \(date.clockText) UTC"
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
