import Events
import Expressions
import Rules
import Testing

/// What is said about schedules and spans that are none: which part is meant, what is wrong, what to write.
@Suite struct CalendarFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        /// The part under the caret; empty for the end of the text.
        let marked: String
        let message: String
        let hint: String

        init(_ text: String, _ marked: String, _ message: String, hint: String) {
            (self.text, self.marked, self.message, self.hint) = (text, marked, message, hint)
        }

        var testDescription: String { text }
    }

    @Test(arguments: [
        Case("", "", "the schedule is empty", hint: "every 15m"),
        Case("hourly", "hourly", "no schedule begins with 'hourly'", hint: "every 15m"),
        Case("every", "", "the span is missing", hint: "every 15m"),
        Case("every day", "day", "'day' is no span of time", hint: "daily at"),
        Case("every 1m Europe/Berlin", "1m Europe/Berlin", "is no span of time", hint: "a whole number and a unit"),
        Case("every 30s", "30s", "between every 1m and every 31d", hint: "sends at once"),
        Case("daily", "daily", "'at' and a time of the day are missing", hint: "daily at 09:00"),
        Case("daily 09:00 UTC", "09:00", "'at' and a time of the day are missing", hint: "daily at 09:00"),
        Case("daily at 25:00 UTC", "25:00", "'25:00' is no time of the day", hint: "00:00 to 23:59"),
        Case("daily at 24:00 UTC", "24:00", "'24:00' is no time of the day", hint: "00:00 to 23:59"),
        Case("daily at 9am UTC", "9am", "'9am' is no time of the day", hint: "hours and minutes"),
        Case("daily at", "", "a time of the day is missing", hint: "00:00 to 23:59"),
        Case("daily at 09:00", "", "the time zone is missing", hint: "`daily at 09:00 Europe/Berlin`, or UTC"),
        Case("daily at 09:00 CEST", "CEST", "for a part of the year", hint: "Europe/Berlin or Europe/Paris"),
        Case("daily at 09:00 pst", "pst", "for a part of the year", hint: "America/Los_Angeles"),
        Case("daily at 09:00 Europe/Berln", "Europe/Berln", "no time zone 'Europe/Berln'", hint: "'Europe/Berlin'?"),
        Case("daily at 09:00 europe/berlin", "europe/berlin", "no time zone", hint: "did you mean 'Europe/Berlin'?"),
        Case("daily at 09:00 Berlin", "Berlin", "no time zone 'Berlin'", hint: "did you mean 'Europe/Berlin'?"),
        Case("daily at 09:00 New York", "New York", "no time zone 'New York'", hint: "'America/New_York'?"),
        Case("daily at 09:00 Zurch", "Zurch", "no time zone 'Zurch'", hint: "did you mean 'Europe/Zurich'?"),
        Case("daily at 09:00 UTC+2", "UTC+2", "no time zone 'UTC+2'", hint: "a fixed offset as +02:00"),
        Case("daily at 09:00 -0530", "-0530", "no time zone '-0530'", hint: "a fixed offset as -05:30"),
        Case("daily at 09:00 ../../etc/passwd", "../../etc/passwd", "no time zone", hint: "such as Europe/Berlin"),
        Case("weekly at 09:00 UTC", "weekly", "'weekly' names no day", hint: "weekly on mon at 09:00"),
        Case("weekly on monday at 09:00 UTC", "monday", "'monday' is no day of the week", hint: "write 'mon'"),
        Case("weekly on mon,,tue at 09:00 UTC", "", "a day is missing", hint: "mon, tue, wed, thu, fri, sat and sun"),
        Case("weekly on mon 09:00 UTC", "09:00", "missing behind 'mon'", hint: "mon at 09:00"),
        Case("cron 0 9 * * 1-5 UTC", "0", "must stand in quotes", hint: "cron \"0 9 * * 1-5\" Europe/Berlin"),
        Case(#"cron "0 9 * * 1-5"#, "\"0", "must stand in quotes", hint: "cron \"0 9 * * 1-5\""),
        Case(#"cron "0 9 * *" UTC"#, "0 9 * *", "cron has five fields, not 4", hint: "minute, hour, day of the month"),
        Case(#"cron "0 0 9 * * 1" UTC"#, "1", "not 6; seconds and years are not", hint: "minute, hour"),
        Case(#"cron "@daily" UTC"#, "@daily", "'@daily' is no line of five fields", hint: "daily at 09:00"),
        Case(#"cron "60 9 * * *" UTC"#, "60", "the minute cannot be 60", hint: "a number from 0 to 59"),
        Case(#"cron "0 24 * * *" UTC"#, "24", "the hour cannot be 24", hint: "a number from 0 to 23"),
        Case(#"cron "0 9 0 * *" UTC"#, "0", "the day of the month cannot be 0", hint: "from 1 to 31"),
        Case(#"cron "0 9 * 13 *" UTC"#, "13", "the month cannot be 13", hint: "from 1 to 12"),
        Case(#"cron "0 9 * * 8" UTC"#, "8", "the day of the week cannot be 8", hint: "from 0 to 7"),
        Case(#"cron "0 9 * * 1,monday" UTC"#, "monday", "'monday' is no day of the week", hint: "write 'mon'"),
        Case(#"cron "0 9 L * *" UTC"#, "L", "'L' is no day of the month", hint: "* or numbers from 1 to 31"),
        Case(#"cron "0 9 * * 1#2" UTC"#, "1#2", "'1#2' is no day of the week", hint: "names from sun to sat"),
        Case(#"cron "5/15 9 * * *" UTC"#, "5/15", "a step needs a range in the minute", hint: "5-59/15"),
        Case(#"cron "*/0 9 * * *" UTC"#, "0", "'0' is no step in the minute", hint: "from 1 to 60"),
        Case(#"cron "*/90 9 * * *" UTC"#, "90", "'90' is no step in the minute", hint: "from 1 to 60"),
        Case(#"cron "0 17-9 * * *" UTC"#, "17-9", "the range '17-9' of the hour ends before", hint: "two ranges"),
        Case(#"cron "0 9 * * 1-" UTC"#, "1-", "'1-' is no day of the week", hint: "1-5"),
        Case(#"cron "0 0 31 2 *" UTC"#, "31 2", "it never comes", hint: "the fourth the month"),
        Case(#"cron "0 0 31 apr,jun */2" UTC"#, "31 apr,jun", "it never comes", hint: "the fourth the month"),
        Case(#"cron "0 9 * * *""#, "", "the time zone is missing", hint: "`cron \"0 9 * * *\" Europe/Berlin`"),
    ])
    func schedules(fault: Case) {
        Self.expect(fault) { text throws(CalendarFault) in _ = try Schedule.read(text) }
    }

    @Test(arguments: [
        Case("", "", "the hours are missing", hint: "22:00-07:00 Europe/Berlin"),
        Case("22:00-07:00", "", "the time zone is missing", hint: "`22:00-07:00 Europe/Berlin`, or UTC"),
        Case("22:00 - 07:00 UTC", "22:00", "'22:00' are no hours", hint: "without spaces"),
        Case("22-7 UTC", "22", "'22' is no day of the week", hint: "the days are mon"),
        Case("22:00-25:00 UTC", "25:00", "'25:00' is no time of the day", hint: "00:00 to 24:00"),
        Case("24:00-07:00 UTC", "24:00", "'24:00' is no time of the day", hint: "00:00 to 23:59"),
        Case("08:00-08:00 UTC", "08:00-08:00", "begins and ends at the same time", hint: "00:00-24:00"),
        Case("weekend 00:00-24:00 UTC", "weekend", "'weekend' is no day of the week", hint: "the days are mon"),
        Case("Sat 00:00-24:00 UTC", "Sat", "'Sat' is no day of the week", hint: "write 'sat'"),
        Case("mon-wed-fri 00:00-24:00 UTC", "mon-wed-fri", "is no range of days", hint: "mon-fri"),
        Case("sat", "", "the hours are missing", hint: "22:00-07:00"),
        Case("22:00-07:00 MESZ", "MESZ", "for a part of the year", hint: "Europe/Berlin"),
    ])
    func spans(fault: Case) {
        Self.expect(fault) { text throws(CalendarFault) in _ = try TimeSpans.read([text]) }
    }

    @Test func withoutADatabaseTheHintSaysWhatToInstall() {
        let zones = ZoneDirectory(path: "/nowhere/zoneinfo")
        let fault = #expect(throws: CalendarFault.self) {
            try TimeSpans.read(["22:00-07:00 Europe/Berlin"], zones: zones)
        }
        #expect(fault?.message.contains("no zone database") == true && fault?.hint.contains("tzdata") == true)
    }

    private static func expect(_ fault: Case, _ read: (String) throws(CalendarFault) -> Void) {
        do throws(CalendarFault) {
            try read(fault.text)
            Issue.record("'\(fault.text)' was read")
        } catch {
            let scalars = Array(fault.text.unicodeScalars)
            let marked = scalars.dropFirst(error.scalarOffset).prefix(error.scalarLength)
            let isRight =
                marked.elementsEqual(fault.marked.unicodeScalars) || (fault.marked.isEmpty && error.scalarLength == 1)
            #expect(isRight, "marked \(error.scalarOffset), \(error.scalarLength)")
            #expect(error.message.contains(fault.message), "\(error.message)")
            #expect(error.hint.contains(fault.hint), "\(error.hint)")
        }
    }

    // MARK: In a file

    @Test func theCaretStandsInTheFile() throws {
        let file = Composed(
            """
            digest: daily at 09:00 Europe/Berln
            folded: >
              daily at
              29:00 UTC
            quiet: [22:00-07:00 UTC, 22:00-07:00 CEST]
            """)
        let sink = DiagnosticSink(source: file.source)
        let reader = ValueReader(sink)
        for entry in file.entries {
            if entry.key == "quiet" {
                #expect(reader.timeSpans(entry.value, "'quiet'") == nil)
            } else {
                #expect(reader.schedule(entry.value, "'\(entry.key)'") == nil)
            }
        }
        let found = sink.diagnostics.all
        #expect(
            found.map { [$0.position.line, $0.position.column, $0.length] } == [[1, 24, 12], [4, 3, 5], [5, 38, 4]])
        #expect(found.first?.message == "'digest': there is no time zone 'Europe/Berln'")
        #expect(found.first?.hint == "did you mean 'Europe/Berlin'?")
    }

    @Test func clocksWithoutSummerAreWarnedOf() throws {
        let file = Composed("a: daily at 09:00 EST\nb: sat 00:00-24:00 MST\nc: daily at 09:00 CET")
        let sink = DiagnosticSink(source: file.source)
        let reader = ValueReader(sink)
        #expect(reader.schedule(file.entries[0].value, "'a'")?.text == "daily at 09:00 EST")
        #expect(reader.timeSpans(file.entries[1].value, "'b'")?.texts == ["sat 00:00-24:00 MST"])
        #expect(reader.schedule(file.entries[2].value, "'c'") != nil)
        let found = sink.diagnostics.all
        #expect(found.map(\.severity) == [.warning, .warning])
        #expect(found.map { [$0.position.line, $0.position.column, $0.length] } == [[1, 19, 3], [2, 20, 3]])
    }

    @Test func otherKindsOfValuesAreRefused() throws {
        let file = Composed("a: [every 15m]\nb: true\nc: {from: 1}\nd: []")
        let sink = DiagnosticSink(source: file.source)
        let reader = ValueReader(sink)
        for entry in file.entries {
            #expect(reader.schedule(entry.value, "x") == nil)
            #expect(entry.key == "a" || reader.timeSpans(entry.value, "x") == nil)
        }
        #expect(sink.errorCount == 7)
    }
}
