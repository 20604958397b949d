import Events
import Rules
import TestSupport
import Testing

@Suite struct ScheduleTests {
    /// A schedule, an instant, and the times that follow it.
    @Test(arguments: [
        ("every 15m", "2026-01-01T00:00:00Z", ["2026-01-01T00:15:00Z", "2026-01-01T00:30:00Z"]),
        ("every 15m", "2026-01-01T00:14:59.999999Z", ["2026-01-01T00:15:00Z"]),
        ("every 15m", "1969-12-31T23:59:00Z", ["1970-01-01T00:00:00Z"]),
        ("daily at 09:00 Europe/Berlin", "2026-03-28T07:59:59Z", ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z"]),
        ("daily at 09:00 Europe/Berlin", "2026-03-28T08:00:00Z", ["2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"]),
        // Skipped: the first instant after the gap. Twice: the first of the two.
        ("daily at 02:30 Europe/Berlin", "2026-03-28T12:00:00Z", ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]),
        ("daily at 02:30 Europe/Berlin", "2026-10-24T12:00:00Z", ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
        ("daily at 02:30 Europe/Berlin", "2026-10-25T00:30:00Z", ["2026-10-26T01:30:00Z"]),
        (
            "daily at 01:45 Australia/Lord_Howe", "2026-04-04T00:00:00Z",
            ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]
        ),
        // 30 December 2011 was skipped in Samoa.
        (
            "daily at 09:00 Pacific/Apia", "2011-12-29T12:00:00Z",
            ["2011-12-29T19:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"]
        ),
        ("daily at 00:00 Asia/Kathmandu", "2026-01-01T00:00:00Z", ["2026-01-01T18:15:00Z"]),
        ("weekly on mon at 09:00 America/New_York", "2026-03-02T14:00:00Z", ["2026-03-09T13:00:00Z"]),
        (
            "weekly on sat,mon-tue at 09:00 UTC", "2026-03-02T09:00:00Z",
            ["2026-03-03T09:00:00Z", "2026-03-07T09:00:00Z"]
        ),
        ("weekly on sat-mon at 9:00 UTC", "2026-03-02T09:00:00Z", ["2026-03-07T09:00:00Z", "2026-03-08T09:00:00Z"]),
        (#"cron "0 9 * * 1-5" Europe/Berlin"#, "2026-03-27T08:00:00Z", ["2026-03-30T07:00:00Z"]),
        (#"cron "0 0 29 2 *" UTC"#, "2096-03-01T00:00:00Z", ["2104-02-29T00:00:00Z"]),
        // Either day field, but both where one begins with a star.
        (#"cron "0 0 13 * fri" UTC"#, "2026-03-01T00:00:00Z", ["2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z"]),
        (#"cron "0 0 */13 * fri" UTC"#, "2026-02-01T00:00:00Z", ["2026-02-27T00:00:00Z", "2026-03-27T00:00:00Z"]),
        (#"cron "0 0 * 2 */7" UTC"#, "2026-03-01T00:00:00Z", ["2027-02-07T00:00:00Z"]),
        ("cron '5-10/5,59 23 31 dec SUN,7' -03:30", "2026-12-31T03:00:00Z", ["2027-01-01T02:35:00Z"]),
        (#"cron "0 0 29 2 */6" UTC"#, "2072-03-01T00:00:00Z", ["2076-02-29T00:00:00Z"]),
    ])
    func timesFollow(text: String, after: String, expected: [String]) throws {
        let schedule = try Schedule.read(text)
        var instant = try #require(Timestamp(rfc3339: after))
        for next in expected {
            instant = try #require(schedule.next(after: instant))
            #expect(instant.rfc3339 == next)
            #expect(schedule.latest(upTo: instant) == instant)
            #expect(schedule.latest(upTo: instant.advanced(by: .microseconds(1))) == instant)
        }
        // What comes after the instant before the last one is the last one, wherever one looks between the two.
        guard let before = schedule.latest(upTo: instant.advanced(by: .microseconds(-1))) else {
            #expect(text.contains(" 29 2 "), "only a leap day may be further than 15 years apart")
            return
        }
        #expect(schedule.next(after: before) == instant && before < instant)
    }

    @Test func theLatestTimeIsNeverLaterThanTheInstant() throws {
        let schedule = try Schedule.read("daily at 09:00 UTC")
        let early = try #require(Timestamp(rfc3339: "2026-03-28T08:59:59Z"))
        #expect(schedule.latest(upTo: early)?.rfc3339 == "2026-03-27T09:00:00Z")
    }

    @Test(arguments: [
        "every 15m", "every 1h", "daily at 09:00 Europe/Berlin", "weekly on mon,tue,sat at 23:59 UTC",
        "weekly on mon-fri at 00:00 +05:30", #"cron "*/15 0-6,22 * jan-mar 1-5" America/New_York"#,
    ])
    func theSpellingReadsBackTheSame(text: String) throws {
        let schedule = try Schedule.read(text)
        #expect(schedule.text == text)
        #expect(try Schedule.read(schedule.text) == schedule)
    }

    @Test func thereIsOneSpelling() throws {
        #expect(
            try Schedule.read("weekly  on sun,mon,tue,wed at 9:05   UTC").text == "weekly on mon-wed,sun at 09:05 UTC")
        #expect(try Schedule.read("every 60m").text == "every 1h")
        #expect(try Schedule.read("cron '0  9 * *  1' GMT").text == #"cron "0 9 * * 1" UTC"#)
    }

    /// Random schedules over days on which clocks change, against a look at the wall every minute.
    @Test(.timeLimit(.minutes(5))) func schedulesAgreeWithAWalkMinuteByMinute() throws {
        var random = seededRandom()
        for round in 0..<52 {
            let day = WallWalk.days[round % WallWalk.days.count]
            let zone = try ZoneDirectory.system.zone(named: day.zone)
            let fields = CronModel.random(&random)
            guard let schedule = try? Schedule.read("cron \"\(fields.text)\" \(day.zone)") else { continue }
            let start = try #require(Timestamp(rfc3339: day.start))
            var walk = WallWalk(zone, from: start)
            var expected: [Timestamp] = []
            for _ in 0..<5 * 1_440 {
                walk.step()
                if walk.arrived?.contains(where: fields.matches) ?? false { expected.append(walk.instant) }
            }
            var found: [Timestamp] = []
            var instant = start
            while let next = schedule.next(after: instant), next <= walk.instant {
                found.append(next)
                instant = next
            }
            #expect(found == expected, "\(schedule.text) from \(day.start)")
            // From between two times, too.
            for _ in 0..<20 {
                let after = start.advanced(by: .microseconds(Int64.random(in: 0..<432_000_000_000, using: &random)))
                let next = schedule.next(after: after).flatMap { $0 <= walk.instant ? $0 : nil }
                #expect(next == expected.first { $0 > after }, "\(schedule.text) after \(after.rfc3339)")
            }
        }
    }
}

/// Fields of cron, matched by their text anew each time.
private struct CronModel {
    let fields: [String]

    var text: String { fields.joined(separator: " ") }

    static func random(_ random: inout SeededRandom) -> CronModel {
        let ranges = [0...59, 0...23, 1...31, 1...12, 0...7]
        return CronModel(
            fields: ranges.enumerated().map { index, range in
                // Months and days mostly any, or hardly a schedule would come in five days.
                if index >= 2, Int.random(in: 0..<3, using: &random) > 0 { return "*" }
                return (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    item(range, &random)
                }.joined(separator: ",")
            })
    }

    private static func item(_ range: ClosedRange<Int>, _ random: inout SeededRandom) -> String {
        let first = Int.random(in: range, using: &random)
        let last = Int.random(in: first...range.upperBound, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "*"
        case 1: return "*/\(Int.random(in: 1...7, using: &random))"
        case 2: return "\(first)-\(last)"
        case 3: return "\(first)-\(last)/\(Int.random(in: 1...(last - first + 1), using: &random))"
        default: return "\(first)"
        }
    }

    /// Whether a minute since 1970 on the wall is one of the schedule.
    func matches(_ minute: Int64) -> Bool {
        let time = CivilTime(wallSeconds: minute * 60)
        guard Self.has(fields[0], time.secondOfDay / 60 % 60, least: 0),
            Self.has(fields[1], time.secondOfDay / 3_600, least: 0), Self.has(fields[3], time.date.month, least: 1)
        else { return false }
        let weekday = (time.date.weekday + 1) % 7
        let isDay = Self.has(fields[2], time.date.day, least: 1)
        let isWeekday =
            Self.has(fields[4], weekday, least: 0) || (weekday == 0 && Self.has(fields[4], 7, least: 0))
        return fields[2].first == "*" || fields[4].first == "*" ? isDay && isWeekday : isDay || isWeekday
    }

    private static func has(_ field: String, _ value: Int, least: Int) -> Bool {
        field.split(separator: ",").contains { item in
            let parts = item.split(separator: "/")
            let step = parts.count == 2 ? Int(parts[1]) ?? 1 : 1
            let ends = parts[0].split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first else { return (value - least) % step == 0 }
            return value >= first && value <= ends[ends.count - 1] && (value - first) % step == 0
        }
    }
}
