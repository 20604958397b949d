/// A calendar date and time of day with its distance from UTC, for the `Date` field and for texts.
package struct MailDate: Sendable, Hashable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int
    /// 0 for Sunday to 6 for Saturday.
    package let weekday: Int
    /// The zone: minutes east of UTC.
    package let offsetMinutes: Int

    /// The earliest second that can be shown, 0000-03-01 UTC; earlier ones become this one.
    package static let secondsMin: Int64 = -62_162_208_000
    /// The latest second that can be shown, 9999-12-31T00:00:00 UTC; later ones become this one.
    package static let secondsMax: Int64 = 253_402_214_400
    /// The largest distance from UTC, in minutes.
    package static let offsetMinutesMax = 14 * 60

    /// The date of the given second since 1970-01-01T00:00:00Z in the zone `offsetMinutes` east of UTC.
    package init(secondsSinceEpoch: Int64, offsetMinutes: Int = 0) {
        let offset = min(max(offsetMinutes, -Self.offsetMinutesMax), Self.offsetMinutesMax)
        let clamped = min(max(secondsSinceEpoch, Self.secondsMin + 86_400), Self.secondsMax - 86_400)
        let local = clamped + Int64(offset) * 60
        var days = local / 86_400
        var rest = local % 86_400
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        // Howard Hinnant's days-to-civil: years begin in March, eras have 400 years or 146,097 days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let civilMonth = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = Int(yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0))
        month = Int(civilMonth)
        day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
        hour = Int(rest / 3_600)
        minute = Int(rest / 60 % 60)
        second = Int(rest % 60)
        weekday = Int(((days % 7) + 11) % 7)
        self.offsetMinutes = offset
    }

    /// The weekday in English, three letters.
    package var weekdayName: String { ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][weekday] }
    /// The month in English, three letters.
    package var monthName: String {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
    }
    /// The time of day as `08:01:02`.
    package var clockText: String { "\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second))" }

    /// The `date-time` of RFC 5322 §3.3, such as `Thu, 19 Nov 2026 08:01:02 +0000`.
    package var rfc5322: String {
        let sign = offsetMinutes < 0 ? "-" : "+"
        let zone = sign + Self.padded(abs(offsetMinutes) / 60) + Self.padded(abs(offsetMinutes) % 60)
        return "\(weekdayName), \(day) \(monthName) \(Self.padded(year, to: 4)) \(clockText) \(zone)"
    }

    private static func padded(_ number: Int, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
