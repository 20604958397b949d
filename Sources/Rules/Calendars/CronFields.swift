import Events

/// The five fields of a line of cron(5): the minutes of a calendar at which something is to happen.
///
/// As in Vixie cron a day must match both day fields where one of them begins with `*`, and either of them otherwise:
/// `0 9 1 * mon` is the first of the month and every Monday.
struct CronFields: Sendable, Equatable {
    /// Which values a field takes; bit n stands for the value n.
    let minutes: UInt64
    let hours: UInt64
    let days: UInt64
    let months: UInt64
    /// Bit 0 is Sunday.
    let weekdays: UInt64
    /// Whether a day must match both day fields.
    let needsBothDays: Bool

    init(minutes: UInt64, hours: UInt64, days: UInt64, months: UInt64, weekdays: UInt64, needsBothDays: Bool) {
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        self.weekdays = weekdays
        self.needsBothDays = needsBothDays
    }

    /// One time on some days of the week.
    ///
    /// - Parameter weekdays: Bit 0 is Monday.
    init(minuteOfDay: Int, weekdays: UInt8) {
        var turned: UInt64 = 0
        for day in 0..<7 where weekdays & 1 << UInt8(day) != 0 { turned |= 1 << UInt64((day + 1) % 7) }
        self.init(
            minutes: 1 << UInt64(minuteOfDay % 60), hours: 1 << UInt64(minuteOfDay / 60), days: ~1, months: ~1,
            weekdays: turned, needsBothDays: true)
    }

    /// Whether something happens on a day.
    func matches(_ date: CivilDate) -> Bool {
        guard months >> UInt64(date.month) & 1 != 0 else { return false }
        let isDay = days >> UInt64(date.day) & 1 != 0
        let isWeekday = weekdays >> UInt64((date.weekday + 1) % 7) & 1 != 0
        return needsBothDays ? isDay && isWeekday : isDay || isWeekday
    }

    /// Whether there is any such day: 31 February never comes, and 29 February is every day of the week at times.
    var everComes: Bool {
        guard needsBothDays else { return true }
        return (1...12).contains { month in
            months >> UInt64(month) & 1 != 0
                && (1...CivilDate.days(inMonth: month, of: 2_000)).contains { days >> UInt64($0) & 1 != 0 }
        }
    }

    /// The farthest that two days in a row lie apart: a 29 February on one day of the week, over a year like 2100.
    private static let daysAheadMax: Int64 = 41 * 366

    /// The first instant after another at which the zone's clock comes to one of the minutes.
    ///
    /// - Returns: `nil` only where the time of 64 bits ends.
    func next(after instant: Timestamp, in zone: CivilZone) -> Timestamp? {
        // What the clock shows later comes later, so nothing at or before what it shows now is still to come.
        let shown = zone.civil(at: instant)
        let today = shown.date.daysSinceEpoch
        var day = today
        while day <= today + Self.daysAheadMax {
            let date = CivilDate(daysSinceEpoch: day)
            guard months >> UInt64(date.month) & 1 != 0 else {
                day += Int64(CivilDate.days(inMonth: date.month, of: date.year) - date.day + 1)
                continue
            }
            if matches(date) {
                for hour in 0..<24 where hours >> UInt64(hour) & 1 != 0 {
                    for minute in 0..<60 where minutes >> UInt64(minute) & 1 != 0 {
                        let wall = day * 86_400 + Int64(hour * 3_600 + minute * 60)
                        guard wall > shown.wallSeconds else { continue }
                        let found = zone.instant(ofWall: wall)
                        if found > instant { return found }
                    }
                }
            }
            day += 1
        }
        return nil
    }
}
