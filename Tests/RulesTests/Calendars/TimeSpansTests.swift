import Events
import Rules
import TestSupport
import Testing

@Suite struct TimeSpansTests {
    /// Spans, an instant, whether it lies in them, and when that changes.
    @Test(arguments: [
        (["22:00-07:00 Europe/Berlin"], "2026-01-15T20:59:59.999999Z", false, "2026-01-15T21:00:00Z"),
        (["22:00-07:00 Europe/Berlin"], "2026-01-15T21:00:00Z", true, "2026-01-16T06:00:00Z"),
        (["22:00-07:00 Europe/Berlin"], "2026-01-16T05:59:59Z", true, "2026-01-16T06:00:00Z"),
        (["22:00-07:00 Europe/Berlin"], "2026-01-16T06:00:00Z", false, "2026-01-16T21:00:00Z"),
        // A night that is an hour shorter, and one that is an hour longer.
        (["22:00-07:00 Europe/Berlin"], "2026-03-28T21:00:00Z", true, "2026-03-29T05:00:00Z"),
        (["22:00-07:00 Europe/Berlin"], "2026-10-24T20:00:00Z", true, "2026-10-25T06:00:00Z"),
        // The end comes twice: it is the first of the two. Hours that are skipped are none.
        (["22:00-02:30 Europe/Berlin"], "2026-10-25T00:29:59Z", true, "2026-10-25T00:30:00Z"),
        (["22:00-02:30 Europe/Berlin"], "2026-10-25T01:10:00Z", false, "2026-10-25T21:00:00Z"),
        (["02:15-02:45 Europe/Berlin"], "2026-03-29T00:00:00Z", false, "2026-03-30T00:15:00Z"),
        (["22:00-02:30 Europe/Berlin"], "2026-03-29T00:59:59Z", true, "2026-03-29T01:00:00Z"),
        // Two days in a row are one span, from midnight to midnight.
        (["sat,sun 00:00-24:00 Europe/Berlin"], "2026-01-17T12:00:00Z", true, "2026-01-18T23:00:00Z"),
        (["sat,sun 00:00-24:00 Europe/Berlin"], "2026-01-19T00:00:00Z", false, "2026-01-23T23:00:00Z"),
        // The day is the one on which they begin.
        (["mon-fri 18:00-08:00 UTC"], "2026-01-17T07:59:59Z", true, "2026-01-17T08:00:00Z"),
        (["mon-fri 18:00-08:00 UTC"], "2026-01-18T19:00:00Z", false, "2026-01-19T18:00:00Z"),
        (["mon-fri 18:00-08:00 UTC"], "2026-01-19T07:00:00Z", false, "2026-01-19T18:00:00Z"),
        (["fri-mon 12:00-13:00 UTC"], "2026-01-20T12:30:00Z", false, "2026-01-23T12:00:00Z"),
        (["18:00-09:00 UTC", "sat,sun 00:00-24:00 UTC"], "2026-01-16T18:00:00Z", true, "2026-01-19T09:00:00Z"),
        // 30 December 2011 was skipped in Samoa: the hours of its day are none.
        (["fri 10:00-12:00 Pacific/Apia"], "2011-12-30T00:00:00Z", false, "2012-01-05T20:00:00Z"),
        (["22:00-09:00 Pacific/Apia"], "2011-12-30T09:00:00Z", true, "2011-12-30T19:00:00Z"),
        (["22:00-24:00 America/New_York"], "2100-06-02T03:59:59Z", true, "2100-06-02T04:00:00Z"),
    ])
    func boundariesFollow(texts: [String], at: String, isIn: Bool, boundary: String) throws {
        let spans = try TimeSpans.read(texts)
        let instant = try #require(Timestamp(rfc3339: at))
        #expect(spans.contains(instant) == isIn)
        #expect(spans.nextBoundary(after: instant)?.rfc3339 == boundary)
    }

    @Test func hoursThatCoverEverythingHaveNoBoundary() throws {
        let now = Timestamp(seconds: 1_800_000_000)
        for texts in [["00:00-24:00 Europe/Berlin"], ["06:00-18:00 UTC", "18:00-06:00 UTC"]] {
            let spans = try TimeSpans.read(texts)
            #expect(spans.contains(now) && spans.nextBoundary(after: now) == nil)
        }
    }

    /// Two zones may cover the day in winter and leave an hour in summer.
    @Test func aBoundaryMonthsAwayIsFound() throws {
        let spans = try TimeSpans.read(["08:00-20:00 Europe/Berlin", "19:00-07:00 UTC"])
        let winter = try #require(Timestamp(rfc3339: "2026-11-15T00:00:00Z"))
        #expect(spans.nextBoundary(after: winter)?.rfc3339 == "2027-03-28T18:00:00Z")
    }

    @Test func thereIsOneSpelling() throws {
        let texts = ["mon,tue,wed,sun 9:00-17:30  UTC", "mon-sun 22:00-00:00 GMT", "sun-mon 00:00-24:00 +02:00"]
        let spans = try TimeSpans.read(texts)
        #expect(spans.texts == ["mon-wed,sun 09:00-17:30 UTC", "22:00-24:00 UTC", "mon,sun 00:00-24:00 +02:00"])
        #expect(try TimeSpans.read(spans.texts) == spans)
    }

    /// Random lists over days on which clocks change, against a look at the wall every minute.
    @Test(.timeLimit(.minutes(5))) func spansAgreeWithAWalkMinuteByMinute() throws {
        var random = seededRandom()
        for round in 0..<26 {
            let day = WallWalk.days[round % WallWalk.days.count]
            let zone = try ZoneDirectory.system.zone(named: day.zone)
            let models = (0..<Int.random(in: 1...3, using: &random)).map { _ in SpanModel.random(&random) }
            let spans = try TimeSpans.read(models.map { "\($0.text) \(day.zone)" })
            let start = try #require(Timestamp(rfc3339: day.start))
            var walk = WallWalk(zone, from: start)
            var isIn = spans.contains(start)
            var boundary = spans.nextBoundary(after: start)
            for _ in 0..<5 * 1_440 {
                walk.step()
                let expected = models.contains { $0.contains(walk.wall) }
                #expect(spans.contains(walk.instant) == expected, "\(spans.texts) at \(walk.instant.rfc3339)")
                #expect((expected != isIn) == (boundary == walk.instant), "\(spans.texts) at \(walk.instant.rfc3339)")
                guard expected != isIn else { continue }
                isIn = expected
                boundary = spans.nextBoundary(after: walk.instant)
            }
        }
    }
}

/// Hours as their text says them, looked up anew for each minute.
private struct SpanModel {
    let weekdays: [Int]
    let from: Int64
    let to: Int64

    var text: String {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        return weekdays.map { names[$0] }.joined(separator: ",") + " \(Self.clock(from))-\(Self.clock(to))"
    }

    static func random(_ random: inout SeededRandom) -> SpanModel {
        let from = Int64.random(in: 0..<1_440, using: &random)
        // Often within the hours when clocks change.
        let early = Int64.random(in: 0..<240, using: &random)
        let to = Int64.random(in: 1...1_440, using: &random)
        let begin = Bool.random(using: &random) ? from : early
        return SpanModel(
            weekdays: (0..<7).filter { _ in Int.random(in: 0..<4, using: &random) > 0 } + [6],
            from: begin, to: to == begin ? 1_440 : to)
    }

    private static func clock(_ minutes: Int64) -> String {
        "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)"
    }

    /// Whether a minute since 1970 on the wall lies in them.
    func contains(_ wall: Int64) -> Bool {
        let today = CivilTime(wallSeconds: wall * 60).date.daysSinceEpoch
        return (today - 2...today).contains { day in
            guard weekdays.contains(CivilDate(daysSinceEpoch: day).weekday) else { return false }
            return wall >= day * 1_440 + from && wall < (to <= from ? day + 1 : day) * 1_440 + to
        }
    }
}
