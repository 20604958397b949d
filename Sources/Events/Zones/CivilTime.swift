/// What a calendar and a clock on the wall show: a day and a second of it, in some zone.
package struct CivilTime: Hashable, Sendable {
    package let date: CivilDate
    /// 0 to 86,399.
    package let secondOfDay: Int

    /// The second is brought into its range; 86,400 and more are no part of a day.
    package init(date: CivilDate, secondOfDay: Int) {
        self.date = date
        self.secondOfDay = min(max(secondOfDay, 0), 86_399)
    }

    /// Seconds since 1970-01-01T00:00:00 on the same wall.
    package var wallSeconds: Int64 { date.daysSinceEpoch * 86_400 + Int64(secondOfDay) }

    /// What stands so many seconds after 1970-01-01T00:00:00 on the same wall.
    package init(wallSeconds: Int64) {
        let days = wallSeconds >= 0 ? wallSeconds / 86_400 : (wallSeconds - 86_399) / 86_400
        date = CivilDate(daysSinceEpoch: days)
        secondOfDay = Int(wallSeconds - days * 86_400)
    }
}
