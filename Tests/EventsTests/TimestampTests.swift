import Events
import Foundation
import TestSupport
import Testing

struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999999Z", -1), ("2000-02-29T12:00:00Z", 951_825_600_000_000),
        ("2026-02-11T08:01:47.899029Z", 1_770_796_907_899_029), ("2026-02-11t08:01:47.899029z", 1_770_796_907_899_029),
        ("2026-02-11 10:01:47.8990299+02:00", 1_770_796_907_899_029),
        ("2026-02-11T03:31:47.899029-04:30", 1_770_796_907_899_029), ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999), ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
    ])
    func dateIsRead(text: String, microseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026-02-11", "2026-02-11T08:01:47", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Z ", "26-01-01T00:00:00Z",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+0100", "+2026-01-01T00:00:00Z", "2026-01-01T00:00:0٠Z",
    ])
    func otherTextsAreNoDate(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func writtenDateReadsBackTheSame() {
        var generator = SeededRandom.announced(for: "writtenDateReadsBackTheSame")
        for _ in 0..<2_000 {
            let instant = Timestamp(
                microseconds: Int64.random(in: -62_167_219_200_000_000...253_402_300_799_999_999, using: &generator))
            #expect(Timestamp(rfc3339: instant.rfc3339) == instant)
        }
    }

    @Test func microsecondsAreWrittenOnlyWhereThereAreSome() {
        #expect(Timestamp(seconds: 1_770_796_907).rfc3339 == "2026-02-11T08:01:47Z")
        #expect(Timestamp(microseconds: 1_770_796_907_000_040).rfc3339 == "2026-02-11T08:01:47.000040Z")
    }

    @Test func mailDateNamesDayAndZone() {
        let instant = Timestamp(microseconds: 1_770_796_907_899_029)
        #expect(instant.rfc5322() == "Wed, 11 Feb 2026 08:01:47 +0000")
        #expect(instant.rfc5322(offsetMinutes: 330) == "Wed, 11 Feb 2026 13:31:47 +0530")
        #expect(instant.rfc5322(offsetMinutes: -570) == "Tue, 10 Feb 2026 22:31:47 -0930")
        #expect(Timestamp(seconds: 0).rfc5322() == "Thu, 01 Jan 1970 00:00:00 +0000")
    }

    @Test func endOfDayIsItsLastMicrosecond() {
        #expect(Timestamp.endOfDay(utcYear: 2026, month: 12, day: 31)?.rfc3339 == "2026-12-31T23:59:59.999999Z")
        #expect(Timestamp.endOfDay(utcYear: 2026, month: 2, day: 29) == nil)
        #expect(Timestamp.endOfDay(utcYear: 10_000, month: 1, day: 1) == nil)
    }

    @Test func daysAgreeWithTheCalendarOfFoundation() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for days in stride(from: Int64(0), to: 80_000, by: 97) {
            let date = CivilDate(daysSinceEpoch: days)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(days) * 86_400))
            #expect(Int(date.year) == parts.year && date.month == parts.month && date.day == parts.day)
            #expect((date.weekday + 1) % 7 + 1 == parts.weekday)
            #expect(date.daysSinceEpoch == days)
        }
    }

    @Test func endsOfTheRangeAreWritten() {
        #expect(Timestamp(microseconds: .min).rfc3339.hasPrefix("-290308-"))
        #expect(Timestamp(microseconds: .max).rfc3339.hasPrefix("294247-"))
    }
}
