extension CronFields {
    /// One field: what it is called, what it may hold, and names for its values.
    private struct Field {
        let name: String
        let range: ClosedRange<Int>
        /// From the first value of the range on.
        var names: [String] = []

        static let all = [
            Field(name: "minute", range: 0...59), Field(name: "hour", range: 0...23),
            Field(name: "day of the month", range: 1...31),
            Field(
                name: "month", range: 1...12,
                names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
            Field(name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
        ]
    }

    /// Reads five fields with spaces between them.
    static func read(_ word: CalendarText.Word) throws(CalendarFault) -> CronFields {
        let words = CalendarText(word.text, offset: word.offset).words
        guard words.count == Field.all.count else { throw wrongCount(words, word) }
        var sets: [UInt64] = []
        for (field, word) in zip(Field.all, words) { sets.append(try read(word, as: field)) }
        // 7 is Sunday, too.
        let weekdays = (sets[4] | sets[4] >> 7) & 0x7F
        let fields = CronFields(
            minutes: sets[0], hours: sets[1], days: sets[2], months: sets[3], weekdays: weekdays,
            needsBothDays: words[2].text.hasPrefix("*") || words[4].text.hasPrefix("*"))
        guard fields.everComes else {
            let text = words[2].text + " " + words[3].text
            throw CalendarFault(
                "no month named here has a day named here, so it never comes",
                hint: "the third field is the day of the month, the fourth the month",
                at: CalendarText.Word(text: text, offset: words[2].offset))
        }
        return fields
    }

    private static func wrongCount(_ words: [CalendarText.Word], _ all: CalendarText.Word) -> CalendarFault {
        let order = "minute, hour, day of the month, month and day of the week, as in `0 9 * * 1-5`"
        if words.count == 1, words[0].text.hasPrefix("@") {
            return CalendarFault(
                "'\(words[0].text)' is no line of five fields",
                hint: "write them out, or `daily at 09:00 ZONE`, `weekly on mon at 09:00 ZONE`, `every 1h`",
                at: words[0])
        }
        let extra = words.count > 5 ? "; seconds and years are not among them" : ""
        return CalendarFault(
            "cron has five fields, not \(words.count == 0 ? "none" : String(words.count))\(extra)",
            hint: "write \(order)", at: words.count > 5 ? words[5] : all)
    }

    private static func read(_ word: CalendarText.Word, as field: Field) throws(CalendarFault) -> UInt64 {
        var set: UInt64 = 0
        for item in word.split(",") { set |= try readItem(item, as: field) }
        return set
    }

    /// `*`, `5`, `1-5`, and `*/15` or `0-30/10`.
    private static func readItem(_ item: CalendarText.Word, as field: Field) throws(CalendarFault) -> UInt64 {
        let parts = item.split("/")
        let ends = parts[0].split("-")
        guard parts.count <= 2, ends.count <= 2, !item.text.isEmpty else { throw malformed(item, field) }
        let values: ClosedRange<Int>
        if parts[0].text == "*" {
            values = field.names.count == 7 ? 0...6 : field.range
        } else {
            let first = try value(ends[0], of: field, item: item)
            guard ends.count == 2 else {
                guard parts.count == 1 else {
                    throw CalendarFault(
                        "a step needs a range in the \(field.name)",
                        hint: "write \(first)-\(field.range.upperBound)/\(parts[1].text), or */\(parts[1].text)",
                        at: item)
                }
                return 1 << UInt64(first)
            }
            var last = try value(ends[1], of: field, item: item)
            if last == 0, field.names.count == 7, first > 0 { last = 7 }
            guard first <= last else {
                throw CalendarFault(
                    "the range '\(parts[0].text)' of the \(field.name) ends before it begins",
                    hint: "write two ranges with a comma between them", at: parts[0])
            }
            values = first...last
        }
        let step = try parts.count == 2 ? step(parts[1], over: values, of: field) : 1
        return stride(from: values.lowerBound, through: values.upperBound, by: step).reduce(0) { $0 | 1 << UInt64($1) }
    }

    private static func step(
        _ word: CalendarText.Word, over values: ClosedRange<Int>, of field: Field
    ) throws(CalendarFault) -> Int {
        guard let step = number(word.text), (1...values.count).contains(step) else {
            throw CalendarFault(
                "'\(word.text)' is no step in the \(field.name)",
                hint: "write a number from 1 to \(values.count) behind the slash", at: word)
        }
        return step
    }

    private static func value(
        _ word: CalendarText.Word, of field: Field, item: CalendarText.Word
    ) throws(CalendarFault) -> Int {
        if let number = number(word.text) {
            guard field.range.contains(number) else {
                throw CalendarFault(
                    "the \(field.name) cannot be \(word.text)",
                    hint: "it is a number from \(field.range.lowerBound) to \(field.range.upperBound)", at: word)
            }
            return number
        }
        let name = word.text.lowercased()
        if let index = field.names.firstIndex(of: name) { return field.range.lowerBound + index }
        if name.count > 3, let meant = field.names.first(where: name.hasPrefix) {
            throw CalendarFault("'\(word.text)' is no \(field.name)", hint: "write '\(meant)'", at: word)
        }
        throw malformed(word.text.isEmpty ? item : word, field)
    }

    private static func malformed(_ word: CalendarText.Word, _ field: Field) -> CalendarFault {
        let named =
            field.names.isEmpty ? "" : ", or names from \(field.names[0]) to \(field.names[field.names.count - 1])"
        return CalendarFault(
            word.text.isEmpty ? "something is missing in the \(field.name)" : "'\(word.text)' is no \(field.name)",
            hint: "write * or numbers from \(field.range.lowerBound) to \(field.range.upperBound)\(named), "
                + "as in 1,2 or 1-5 or */2", at: word)
    }

    /// A number of one or two digits.
    private static func number(_ text: String) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
