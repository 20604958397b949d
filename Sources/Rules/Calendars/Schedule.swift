package import Events

/// When something happens again and again: `every 15m`, `daily at 09:00 Europe/Berlin`,
/// `weekly on mon at 09:00 Europe/Berlin`, `cron "0 9 * * 1-5" Europe/Berlin`.
///
/// A time that a clock skips is the first instant after the gap, several of them the same one; a time that comes twice
/// counts when it comes first.
package struct Schedule: Sendable, Equatable {
    /// The spans that `every` may have.
    package static let spans: ClosedRange<Duration> = .seconds(60) ... .seconds(31 * 86_400)

    private enum Plan: Equatable {
        /// The multiples of a span since 1970-01-01T00:00:00Z, so that `every 1h` is the full hour in UTC.
        case every(Duration)
        case calendar(CronFields, CivilZone)
    }

    private let plan: Plan
    /// The schedule as people write it, in one spelling.
    package let text: String

    /// The first time of the schedule after an instant; `nil` only where the time of 64 bits ends.
    package func next(after instant: Timestamp) -> Timestamp? {
        switch plan {
        case .every(let span):
            let length = span.wholeMicroseconds
            let rest = instant.microseconds % length
            let step = rest < 0 ? -rest : length - rest
            let (sum, overflow) = instant.microseconds.addingReportingOverflow(step)
            return overflow ? nil : Timestamp(microseconds: sum)
        case .calendar(let fields, let zone):
            return fields.next(after: instant, in: zone)
        }
    }

    /// The last time of the schedule that is not after an instant; `nil` where there was none in the 15 years before.
    package func latest(upTo instant: Timestamp) -> Timestamp? {
        // Twice as far back each time, until the schedule comes between; then halved down to the one minute that no
        // two of its times share.
        var back = Duration.seconds(60)
        var (low, high) = (instant.advanced(by: .zero - back), instant)
        while !comes(after: low, upTo: instant) {
            guard back < .seconds(15 * 366 * 86_400) else { return nil }
            back *= 2
            (low, high) = (instant.advanced(by: .zero - back), low)
        }
        while high - low > .seconds(60) {
            let half = low.advanced(by: .microseconds((high.microseconds - low.microseconds) / 2))
            if comes(after: half, upTo: instant) { low = half } else { high = half }
        }
        return next(after: low)
    }

    private func comes(after low: Timestamp, upTo instant: Timestamp) -> Bool {
        next(after: low).map { $0 <= instant } ?? false
    }

    /// The zone whose clock is meant, or `nil` for `every`.
    package var zone: CivilZone? {
        if case .calendar(_, let zone) = plan { return zone }
        return nil
    }

    /// Reads a schedule.
    package static func read(
        _ text: String, zones: ZoneDirectory = .system
    ) throws(CalendarFault) -> Schedule {
        var words = CalendarText(text)
        let first = words.next() ?? words.end
        switch first.text {
        case "every": return try every(&words)
        case "daily":
            let minutes = try time(&words, after: first)
            let zone = try words.zone(in: zones, example: "daily at \(MinuteOfDay.text(minutes)) Europe/Berlin")
            return Schedule(
                plan: .calendar(CronFields(minuteOfDay: minutes, weekdays: 0x7F), zone),
                text: "daily at \(MinuteOfDay.text(minutes)) \(zone.name)")
        case "weekly":
            guard words.take("on"), let named = words.next() else {
                throw CalendarFault(
                    "'weekly' names no day", hint: "write `weekly on mon at 09:00 Europe/Berlin`", at: first)
            }
            let days = try WeekdayName.readSet(named)
            let minutes = try time(&words, after: named)
            let begin = "weekly on \(WeekdayName.text(days)) at \(MinuteOfDay.text(minutes))"
            let zone = try words.zone(in: zones, example: "\(begin) Europe/Berlin")
            return Schedule(
                plan: .calendar(CronFields(minuteOfDay: minutes, weekdays: days), zone), text: "\(begin) \(zone.name)")
        case "cron": return try cron(words, zones)
        default:
            throw CalendarFault(
                first.text.isEmpty ? "the schedule is empty" : "no schedule begins with '\(first.text)'",
                hint: "write `every 15m`, `daily at 09:00 ZONE`, `weekly on mon at 09:00 ZONE` "
                    + "or `cron \"0 9 * * 1-5\" ZONE`", at: first)
        }
    }

    private static func every(_ words: inout CalendarText) throws(CalendarFault) -> Schedule {
        let word = words.rest() ?? words.end
        guard let span = Duration(written: word.text) else {
            throw CalendarFault(
                word.text.isEmpty ? "the span is missing" : "'\(word.text)' is no span of time",
                hint:
                    "write a whole number and a unit, as in `every 15m`, 1h or 1d; `daily at` takes a time and a zone",
                at: word)
        }
        guard spans.contains(span) else {
            throw CalendarFault(
                "a schedule comes between every \(spans.lowerBound.written) and every \(spans.upperBound.written)",
                hint: "a rule without digest sends at once", at: word)
        }
        return Schedule(plan: .every(span), text: "every \(span.written)")
    }

    private static func time(
        _ words: inout CalendarText, after word: CalendarText.Word
    ) throws(CalendarFault) -> Int {
        guard words.take("at") else {
            throw CalendarFault(
                "'at' and a time of the day are missing behind '\(word.text)'", hint: "write `\(word.text) at 09:00`",
                at: words.words.first ?? word)
        }
        return try MinuteOfDay.read(words.next() ?? words.end)
    }

    /// `cron`, the fields in quotes of either kind, and the zone.
    private static func cron(_ words: CalendarText, _ zones: ZoneDirectory) throws(CalendarFault) -> Schedule {
        let example = "cron \"0 9 * * 1-5\" Europe/Berlin"
        let scalars = Array(words.all.text.unicodeScalars)
        guard let start = words.words.first?.offset, scalars[start] == "\"" || scalars[start] == "'",
            let end = scalars[(start + 1)...].firstIndex(of: scalars[start])
        else {
            throw CalendarFault(
                "the five fields of cron must stand in quotes", hint: "write `\(example)`",
                at: words.words.first ?? words.end)
        }
        let text = CalendarText.Word(text: SourceText.string(scalars[(start + 1)..<end]), offset: start + 1)
        let fields = try CronFields.read(text)
        var rest = CalendarText(SourceText.string(scalars[(end + 1)...]), offset: end + 1)
        let normal = CalendarText(text.text).words.map(\.text).joined(separator: " ")
        let zone = try rest.zone(in: zones, example: "cron \"\(normal)\" Europe/Berlin")
        return Schedule(plan: .calendar(fields, zone), text: "cron \"\(normal)\" \(zone.name)")
    }
}
