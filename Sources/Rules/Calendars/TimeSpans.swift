package import Events

/// Hours that come every day or on some days of the week: quiet hours, maintenance windows.
///
/// `22:00-07:00 Europe/Berlin` · `sat,sun 00:00-24:00 Europe/Berlin` · `mon-fri 18:00-08:00 UTC`. Hours that end at
/// or before the time they begin at go on into the next day; the days named are those on which they begin. The end
/// does not belong to them.
package struct TimeSpans: Sendable, Equatable {
    /// The most spans of a list.
    package static let spansMax = 50

    /// One line of the list.
    struct Span: Sendable, Equatable {
        /// On which days they begin; bit 0 is Monday.
        let weekdays: UInt8
        /// In minutes of the day, 0 to 1,439.
        let from: Int
        /// In minutes of the day, 1 to 1,440; at most `from` for the next day.
        let to: Int
        let zone: CivilZone

        var text: String {
            (weekdays == 0x7F ? "" : WeekdayName.text(weekdays) + " ")
                + "\(MinuteOfDay.text(from))-\(MinuteOfDay.text(to)) \(zone.name)"
        }

        /// The instants of the hours that begin on a day, or `nil` where none do. A clock that is set forward over all
        /// of them leaves none.
        func hours(onDay day: Int64) -> Range<Timestamp>? {
            guard weekdays & 1 << UInt8(CivilDate(daysSinceEpoch: day).weekday) != 0 else { return nil }
            let start = zone.instant(ofWall: day * 86_400 + Int64(from) * 60)
            let end = zone.instant(ofWall: (to <= from ? day + 1 : day) * 86_400 + Int64(to) * 60)
            return start < end ? start..<end : nil
        }

        /// The hours that an instant lies in.
        func hours(around instant: Timestamp) -> Range<Timestamp>? {
            let today = zone.civil(at: instant).date.daysSinceEpoch
            // Those of yesterday may go on; those of tomorrow may have begun before clocks went back over midnight.
            return (today - 1...today + 1).lazy.compactMap(hours(onDay:)).first { $0.contains(instant) }
        }

        /// When hours begin next.
        func nextStart(after instant: Timestamp) -> Timestamp? {
            let today = zone.civil(at: instant).date.daysSinceEpoch
            return (today...today + TimeSpans.daysAheadMax).lazy.compactMap(hours(onDay:)).map(\.lowerBound)
                .first { $0 > instant }
        }
    }

    let spans: [Span]

    /// How far ahead a boundary is looked for: hours of two zones may cover all the day in winter and not in summer.
    static let daysAheadMax: Int64 = 400

    /// The spans as people write them, in one spelling.
    package var texts: [String] { spans.map(\.text) }

    /// The zone whose clock is meant first.
    package var zone: CivilZone? { spans.first?.zone }

    /// Whether an instant lies in any of the spans.
    package func contains(_ instant: Timestamp) -> Bool {
        spans.contains { $0.hours(around: instant) != nil }
    }

    /// The next instant at which `contains` changes, or `nil` when it does not within 400 days.
    package func nextBoundary(after instant: Timestamp) -> Timestamp? {
        guard contains(instant) else { return spans.compactMap { $0.nextStart(after: instant) }.min() }
        let last = instant.advanced(by: .seconds(Self.daysAheadMax * 86_400))
        var place = instant
        while place < last {
            guard let end = spans.compactMap({ $0.hours(around: place)?.upperBound }).max() else { return place }
            place = end
        }
        return nil
    }

    /// Reads a list of spans.
    package static func read(_ texts: [String], zones: ZoneDirectory = .system) throws(CalendarFault) -> TimeSpans {
        var spans: [Span] = []
        for text in texts { spans.append(try span(text, zones)) }
        return TimeSpans(spans: spans)
    }

    /// Reads one span.
    static func span(_ text: String, _ zones: ZoneDirectory) throws(CalendarFault) -> Span {
        var words = CalendarText(text)
        var word = words.next() ?? words.end
        var days: UInt8 = 0x7F
        if !word.text.contains(":"), !word.text.isEmpty {
            days = try WeekdayName.readSet(word)
            word = words.next() ?? words.end
        }
        let ends = word.split("-")
        guard ends.count == 2 else {
            throw CalendarFault(
                word.text.isEmpty ? "the hours are missing" : "'\(word.text)' are no hours",
                hint: "write from and to without spaces, as in `22:00-07:00 Europe/Berlin`", at: word)
        }
        let from = try MinuteOfDay.read(ends[0])
        let to = try MinuteOfDay.read(ends[1], mayBeEnd: true)
        guard from != to else {
            throw CalendarFault(
                "'\(word.text)' begins and ends at the same time", hint: "write 00:00-24:00 for a whole day", at: word)
        }
        let zone = try words.zone(in: zones, example: "\(text) Europe/Berlin")
        // The end of a day is the beginning of the next one.
        return Span(weekdays: days, from: from, to: to == 0 ? 1_440 : to, zone: zone)
    }
}
