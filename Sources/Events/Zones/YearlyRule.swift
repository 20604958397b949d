/// The footer of a zone file: what holds after its last change, for ever.
///
/// The text is that of POSIX's `TZ` variable with the extensions of RFC 9636 §3.3.1: hours of a change from −167 to
/// 167, as in `<-02>2<-01>,M3.5.0/-1,M10.5.0/0`.
struct YearlyRule: Sendable, Equatable {
    /// A day of the year at which clocks are moved.
    enum Day: Sendable, Equatable {
        /// `Jn`: 1 to 365, 29 February never counted.
        case julian(Int)
        /// `n`: 0 to 365, 29 February counted.
        case zeroBased(Int)
        /// `Mm.w.d`: the `week`th (5 is the last) `weekday` (0 is Sunday) of `month`.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    /// When clocks are moved, by the clock that showed until then.
    struct Change: Sendable, Equatable {
        let day: Day
        /// Seconds after that day's midnight; may be negative or beyond the day's end.
        let second: Int64
    }

    /// Seconds east of UTC in standard time.
    let standard: Int64
    /// Seconds east of UTC in daylight saving time, and its beginning and end; `nil` where there is none.
    let daylight: (offset: Int64, start: Change, end: Change)?

    static func == (lhs: YearlyRule, rhs: YearlyRule) -> Bool {
        guard lhs.standard == rhs.standard else { return false }
        switch (lhs.daylight, rhs.daylight) {
        case (nil, nil): return true
        case (let left?, let right?): return left == right
        default: return false
        }
    }

    /// The offset that holds at a second since the epoch.
    func offset(atSecond second: Int64) -> Int64 {
        guard daylight != nil else { return standard }
        return changes(around: second).last { $0.second <= second }?.offset ?? standard
    }

    /// The next second at which clocks are moved, or `nil` where they never are.
    func nextChange(afterSecond second: Int64) -> Int64? {
        guard daylight != nil else { return nil }
        return changes(around: second).first { $0.second > second }?.second
    }

    /// The changes of the year before, the year and the year after, in order. Where daylight saving time ends and
    /// begins in the same instant (it holds all year), the beginning stands last.
    private func changes(around second: Int64) -> [(second: Int64, offset: Int64)] {
        guard let daylight else { return [] }
        let year = CivilTime(wallSeconds: second).date.year
        var changes: [(second: Int64, offset: Int64)] = []
        changes.reserveCapacity(6)
        for year in year - 1...year + 1 {
            changes.append((Self.wall(daylight.end, year) - daylight.offset, standard))
            changes.append((Self.wall(daylight.start, year) - standard, daylight.offset))
        }
        // Few and nearly in order; equal instants keep their places.
        for index in changes.indices.dropFirst() {
            var place = index
            while place > 0, changes[place - 1].second > changes[place].second {
                changes.swapAt(place - 1, place)
                place -= 1
            }
        }
        return changes
    }

    /// Seconds after 1970-01-01T00:00:00 on the wall, for a change in a year.
    private static func wall(_ change: Change, _ year: Int64) -> Int64 {
        days(change.day, year) * 86_400 + change.second
    }

    private static func days(_ day: Day, _ year: Int64) -> Int64 {
        switch day {
        case .julian(let day):
            let isBehindLeapDay = day >= 60 && CivilDate.isLeap(year)
            return CivilDate.daysSinceEpoch(year: year, month: 1, day: 1) + Int64(day - 1 + (isBehindLeapDay ? 1 : 0))
        case .zeroBased(let day):
            return CivilDate.daysSinceEpoch(year: year, month: 1, day: 1) + Int64(day)
        case .weekday(let month, let week, let weekday):
            let first = CivilDate.daysSinceEpoch(year: year, month: month, day: 1)
            // 1970-01-01 was a Thursday, which is 4 where Sunday is 0.
            let firstWeekday = Int(((first + 4) % 7 + 7) % 7)
            let ahead = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            let length = CivilDate.days(inMonth: month, of: year)
            return first + Int64(ahead < length ? ahead : ahead - 7)
        }
    }
}

extension YearlyRule {
    /// Reads a footer's text, or gives `nil` when it is none.
    init?(_ text: [UInt8]) {
        var reader = YearlyRuleReader(bytes: text)
        guard reader.name(), let west = reader.clock(hoursMax: 24) else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            daylight = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = standard + 3_600
        if !reader.isNext(",") {
            guard let west = reader.clock(hoursMax: 24) else { return nil }
            offset = -west
        }
        guard reader.skip(","), let start = reader.change(), reader.skip(","), let end = reader.change(),
            reader.isAtEnd
        else { return nil }
        daylight = (offset, start, end)
    }
}

/// Walks over the text of a footer.
private struct YearlyRuleReader {
    let bytes: [UInt8]
    var at = 0

    var isAtEnd: Bool { at == bytes.count }

    func isNext(_ character: Unicode.Scalar) -> Bool {
        at < bytes.count && bytes[at] == UInt8(truncatingIfNeeded: character.value)
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard isNext(character) else { return false }
        at += 1
        return true
    }

    /// An abbreviation: letters, or letters, digits and signs between `<` and `>`.
    mutating func name() -> Bool {
        if skip("<") {
            while at < bytes.count, bytes[at] != UInt8(ascii: ">") { at += 1 }
            return skip(">")
        }
        let start = at
        while at < bytes.count, bytes[at].isLetter { at += 1 }
        return at > start
    }

    /// A number of at most three digits.
    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let start = at
        var value = 0
        while at < bytes.count, at - start < 3, bytes[at].isDigit {
            value = value * 10 + Int(bytes[at] - 0x30)
            at += 1
        }
        return at > start && range.contains(value) ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func clock(hoursMax: Int) -> Int64? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard let hours = number(0...hoursMax) else { return nil }
        var seconds = hours * 3_600
        if skip(":") {
            guard let minutes = number(0...59) else { return nil }
            seconds += minutes * 60
            if skip(":") {
                guard let rest = number(0...59) else { return nil }
                seconds += rest
            }
        }
        return Int64(isNegative ? -seconds : seconds)
    }

    /// A day and, behind a slash, the time of a change; 02:00 without.
    mutating func change() -> YearlyRule.Change? {
        guard let day = day() else { return nil }
        guard skip("/") else { return YearlyRule.Change(day: day, second: 7_200) }
        return clock(hoursMax: 167).map { YearlyRule.Change(day: day, second: $0) }
    }

    private mutating func day() -> YearlyRule.Day? {
        if skip("J") { return number(1...365).map { .julian($0) } }
        guard skip("M") else { return number(0...365).map { .zeroBased($0) } }
        guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
            let weekday = number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}
