import Events
import Expressions

/// Why a text is no schedule and no span of time, and which part of it is meant.
package struct CalendarFault: Error, Sendable, Equatable {
    /// What is wrong, in one sentence without a full stop.
    package let message: String
    /// What to write.
    package let hint: String
    /// How many Unicode scalars stand before the part that is meant.
    package let scalarOffset: Int
    /// How many scalars it has, at least 1.
    package let scalarLength: Int

    /// A fault in a part of a text.
    init(_ message: String, hint: String, at word: CalendarText.Word) {
        self.message = message
        self.hint = hint
        scalarOffset = word.offset
        scalarLength = max(1, word.text.unicodeScalars.count)
    }
}

/// The text of a schedule or a span of time, taken apart at its spaces.
struct CalendarText {
    /// A part of the text and how many Unicode scalars stand before it.
    struct Word: Equatable {
        let text: String
        let offset: Int

        /// The parts between separators, each with its place.
        func split(_ separator: Unicode.Scalar) -> [Word] {
            var words: [Word] = []
            var start = offset
            for part in text.unicodeScalars.split(separator: separator, omittingEmptySubsequences: false) {
                words.append(Word(text: String(part), offset: start))
                start += part.count + 1
            }
            return words
        }
    }

    private(set) var words: [Word]
    /// The whole of it.
    let all: Word

    init(_ text: String, offset: Int = 0) {
        all = Word(text: text, offset: offset)
        words = all.split(" ").filter { !$0.text.isEmpty }
    }

    var isAtEnd: Bool { words.isEmpty }

    /// The next word, taken.
    mutating func next() -> Word? {
        words.isEmpty ? nil : words.removeFirst()
    }

    /// Takes the next word if it is this one.
    mutating func take(_ word: String) -> Bool {
        guard words.first?.text == word else { return false }
        words.removeFirst()
        return true
    }

    /// All that is left as one word, taken.
    mutating func rest() -> Word? {
        guard let first = words.first else { return nil }
        defer { words = [] }
        return Word(text: words.map(\.text).joined(separator: " "), offset: first.offset)
    }

    /// The place behind the text, for what is missing there.
    var end: Word { Word(text: "", offset: all.offset + all.text.unicodeScalars.count) }

    /// The zone at the end of the text, which must be there.
    ///
    /// - Parameter example: The text with a zone, for the hint.
    mutating func zone(in zones: ZoneDirectory, example: String) throws(CalendarFault) -> CivilZone {
        guard let word = rest() else {
            throw CalendarFault(
                "the time zone is missing", hint: "write which clock is meant, as in `\(example)`, or UTC", at: end)
        }
        do {
            return try zones.zone(named: word.text)
        } catch {
            let (message, hint) = error.advice(about: word.text, in: zones)
            throw CalendarFault(message, hint: hint, at: word)
        }
    }
}

/// Names of the days of the week.
enum WeekdayName {
    /// From Monday on, as `CivilDate.weekday` counts.
    static let short = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// The day of a name, 0 for Monday.
    static func read(_ word: CalendarText.Word) throws(CalendarFault) -> Int {
        if let index = short.firstIndex(of: word.text) { return index }
        let meant = short.first { word.text.lowercased().hasPrefix($0) }
        throw CalendarFault(
            word.text.isEmpty ? "a day is missing" : "'\(word.text)' is no day of the week",
            hint: meant.map { "write '\($0)'" } ?? "the days are \(MappingReader.list(short))", at: word)
    }

    /// The days of `mon`, `sat,sun`, `mon-fri` and their lists, a bit each; Monday is bit 0. A range may go over
    /// Sunday.
    static func readSet(_ word: CalendarText.Word) throws(CalendarFault) -> UInt8 {
        var days: UInt8 = 0
        for part in word.split(",") {
            let ends = part.split("-")
            guard ends.count <= 2 else {
                throw CalendarFault("'\(part.text)' is no range of days", hint: "write it as mon-fri", at: part)
            }
            let first = try read(ends[0])
            let last = try ends.count == 2 ? read(ends[1]) : first
            for step in 0...((last - first + 7) % 7) { days |= 1 << UInt8((first + step) % 7) }
        }
        return days
    }

    /// The set in its one spelling: three and more days in a row as a range.
    static func text(_ days: UInt8) -> String {
        var parts: [String] = []
        var day = 0
        while day < 7 {
            guard days & 1 << UInt8(day) != 0 else {
                day += 1
                continue
            }
            var last = day
            while last < 6, days & 1 << UInt8(last + 1) != 0 { last += 1 }
            if last - day >= 2 {
                parts.append("\(short[day])-\(short[last])")
            } else {
                parts += short[day...last]
            }
            day = last + 1
        }
        return parts.joined(separator: ",")
    }
}

/// A time of the day to the minute.
enum MinuteOfDay {
    /// Reads `09:00`; `24:00` only where it may be the end of a day.
    static func read(_ word: CalendarText.Word, mayBeEnd: Bool = false) throws(CalendarFault) -> Int {
        let parts = word.text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        if parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(String(parts[0]) ?? ""), let minute = Int(String(parts[1]) ?? ""), minute < 60
        {
            let minutes = hour * 60 + minute
            if minutes < 1_440 || (mayBeEnd && minutes == 1_440) { return minutes }
        }
        throw CalendarFault(
            word.text.isEmpty ? "a time of the day is missing" : "'\(word.text)' is no time of the day",
            hint: "write hours and minutes from 00:00 to \(mayBeEnd ? "24:00" : "23:59")", at: word)
    }

    /// `09:00`.
    static func text(_ minutes: Int) -> String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        return (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
    }
}
