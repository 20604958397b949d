import Events
import TestSupport
import Testing

@testable import Rules

/// A wall clock that is set is no time that passes.
@Suite(.timeLimit(.minutes(5))) struct ClockStepTests {
    private static let day = 86_400.0

    private static func failed(_ number: Int) -> String { "{\"unique_id\":\"\(number)\",\"failed\":true}" }

    @Test(arguments: [-day, -61, 61, 3_600, day])
    func aWindowKeepsWhatIsInIt(step: Double) throws {
        let rules = "rules: [{name: r, when: failed, count: {at_least: 3, within: 10m}, notify: a@example.com}]"
        var run = try EngineRun(EngineRun.ruleSet(rules))
        try run.event(Self.failed(1), at: 0)
        try run.event(Self.failed(2), at: 60)
        #expect(run.feed(.clockStep(by: .seconds(step)), at: 90 + step).words == [])
        #expect(try run.event(Self.failed(3), at: 120 + step).words == ["mail 4-0"])
        // The alert ends when the first two have left the window, by the clock as it is now.
        #expect(run.engine.nextDeadline == EngineRun.time(600 + step))
        #expect(run.feed(.clock, at: 600 + step).notifications.map(\.reason) == [.recovered])
    }

    /// By `clock: event` a clock that was wrong by less than the window leaves events where they are by the right one.
    @Test(arguments: [-600, 600, -day, day], [false, true])
    func aWindowByTheEventsClockHasThemWhereTheyHappened(step: Double, restores: Bool) throws {
        let rules = """
            rules: [{name: r, when: failed, count: {at_least: 4, within: 1h}, clock: event, notify: a@example.com}]
            """
        var run = try EngineRun(EngineRun.ruleSet(rules))
        run.restoresAtEveryEntry = restores
        /// An event whose sender's clock is right, at a receiver whose clock will be set by `wrong`.
        func take(_ number: Int, at seconds: Double, wrong: Double) throws -> [String] {
            let stamp = EngineRun.time(seconds).rfc3339
            return try run.event(
                "{\"unique_id\":\"\(number)\",\"failed\":true,\"timestamp\":\"\(stamp)\"}", at: seconds - wrong
            ).words
        }
        #expect(try take(1, at: 0, wrong: step) == [])
        #expect(try take(2, at: 60, wrong: step) == [])
        #expect(run.feed(.clockStep(by: .seconds(step)), at: 90).words == [])
        #expect(try take(3, at: 120, wrong: 0) == [])
        // A clock that was a day ahead has passed over the first two: to it they were a day old.
        let isSeen = step != -Self.day
        #expect(try take(4, at: 3_590, wrong: 0) == (isSeen ? ["mail 5-0"] : []))
    }

    @Test(arguments: [-day, day])
    func aThrottleKeepsItsSlotsAndItsCount(step: Double) throws {
        var run = try EngineRun(EngineRun.throttled("1 per 15m"))
        run.event(at: 0)
        run.event(at: 60)
        run.feed(.clockStep(by: .seconds(step)), at: 61 + step)
        #expect(run.event(at: 899 + step).words == ["throttled"])
        let mail = try #require(run.event(at: 901 + step).notifications.first)
        #expect(mail.figures.heldBack == 2)
        #expect(mail.figures.heldBackSince == EngineRun.time(60 + step))
    }

    @Test(arguments: [-day, day])
    func forRecoveryAndRemindersKeepTheirDistance(step: Double) throws {
        let rules = """
            rules:
              - {name: r, sum: {of: cost, above: 3, within: 1d}, for: 5m, remind: 1h, notify: a@example.com}
            """
        var run = try EngineRun(EngineRun.ruleSet(rules))
        try run.event("{\"unique_id\":\"1\",\"cost\":4}", at: 0)
        run.feed(.clockStep(by: .seconds(step)), at: 60 + step)
        #expect(run.engine.nextDeadline == EngineRun.time(300 + step))
        #expect(run.feed(.clock, at: 300 + step).notifications.map(\.reason) == [.fired])
        run.feed(.clockStep(by: .seconds(-step)), at: 360)
        #expect(run.engine.nextDeadline == EngineRun.time(3_900))
        #expect(run.feed(.clock, at: 3_900).notifications.map(\.reason) == [.reminder])
    }

    @Test func aSilenceLastsAsLongAsItWould() throws {
        let until = EngineRun.time(7_200)
        let silence = try Silence.make(
            id: "abc234", condition: "true", until: until, author: "ann", reason: "", at: EngineRun.time(0))
        var run = try EngineRun(EngineRun.ruleSet("rules: [{name: r, notify: a@example.com}]"))
        run.restoresAtEveryEntry = true
        run.feed(.operatorAction(.silenceAdded(silence)), at: 0)
        run.feed(.clockStep(by: .seconds(-Self.day)), at: 3_600 - Self.day)
        #expect(run.engine.silences.all.map(\.until) == [EngineRun.time(7_200 - Self.day)])
        #expect(run.event(at: 7_199 - Self.day).words == ["silenced"])
        #expect(run.event(at: 7_200 - Self.day).words == ["mail 4-0"])
    }

    /// A digest waits for the time of the day on the clock as it is now, and is sent at once where that has passed.
    @Test func calendarsStayOnTheClock() throws {
        let rules = "rules: [{name: r, digest: daily at 18:00 UTC, notify: a@example.com}]"
        let noon = 0.0
        let evening = 6 * 3_600.0
        var run = try EngineRun(EngineRun.ruleSet(rules))
        run.event(at: noon)
        run.feed(.clockStep(by: .seconds(-Self.day)), at: noon + 60 - Self.day)
        #expect(run.engine.nextDeadline == EngineRun.time(evening - Self.day))
        #expect(run.feed(.clock, at: evening - Self.day).notifications.map(\.reason) == [.digest])
        run.event(at: evening + 60 - Self.day)
        #expect(run.engine.nextDeadline == EngineRun.time(evening))
        let late = run.feed(.clockStep(by: .seconds(2 * Self.day)), at: evening + 120 + Self.day)
        #expect(late.notifications.map(\.reason) == [.digest])
        #expect(run.engine.nextDeadline == nil)
    }

    @Test func quietHoursStayOnTheClock() throws {
        let rules = """
            recipients: {night: {to: [a@example.com], quiet: "22:00-07:00 UTC"}}
            rules: [{name: r, notify: night}]
            """
        var run = try EngineRun(EngineRun.ruleSet(rules))
        #expect(run.event(at: 11 * 3_600).words == ["quiet"])
        // From 23:00 back to 13:00: nothing is quiet any more.
        let output = run.feed(.clockStep(by: .seconds(-10 * 3_600)), at: 3_600)
        #expect(output.notifications.map(\.reason) == [.quietEnded])
        #expect(run.event(at: 3_700).words == ["mail 3-0"])
    }

    /// A budget counts to the month that the clock shows now, and keeps what was spent: read back from its row, too.
    @Test(arguments: [-40 * day, -day, day, 40 * day], [false, true])
    func aBudgetKeepsWhatWasSpent(step: Double, restores: Bool) throws {
        let rules = """
            rules:
              - {name: r, budget: {of: cost, limit: 4, period: month}, remind: never, notify: a@example.com}
            """
        var run = try EngineRun(EngineRun.ruleSet(rules))
        run.restoresAtEveryEntry = restores
        try run.event("{\"unique_id\":\"1\",\"cost\":0.05}", at: 0)
        // An hour before the month ends, and over its end or back from there.
        let late = try #require(Self.monthEnd) - 3_600
        try run.event("{\"unique_id\":\"2\",\"cost\":3.8}", at: late)
        let mails = run.outputs.flatMap(\.notifications).count
        run.feed(.clockStep(by: .seconds(step)), at: late + 60 + step)
        run.feed(.clock, at: late + 70 + step)
        try run.event("{\"unique_id\":\"3\",\"cost\":0.1}", at: late + 120 + step)
        let standing = try #require(run.engine.rules[0].groups[.whole]?.contents?.budget(at: run.engine.now))
        #expect(abs(standing.spent - 3.95) < 0.001)
        #expect(standing.period.contains(run.engine.now))
        #expect(run.outputs.flatMap(\.notifications).count == mails)
    }

    /// Seconds from the beginning of the tests to the end of its month.
    private static var monthEnd: Double? {
        let end = BudgetShape.Period.month.bounds(at: EngineRun.time(0)).upperBound
        return Double(end.microseconds - EngineRun.time(0).microseconds) / 1_000_000
    }

    /// Two engines see the same events, one of them by a clock that is set again and again: they decide the same.
    @Test func aClockThatIsSetChangesNoDecision() throws {
        var random = seededRandom()
        let ruleSet = try EngineRun.ruleSet(
            """
            recipients: {few: {to: [few@example.com, two@example.com], at_most: 4 per 1h}}
            mail: {at_most: 30 per 1h}
            rules:
              - {name: each, when: failed, per: [model], notify: few, at_most: 2 per 10m}
              - {name: burst, when: failed, per: [model], count: {at_least: 3, within: 10m}, remind: 20m, notify: few}
              - {name: spend, per: [model], sum: {of: cost, above: 3, within: 30m}, for: 2m, at_most: 1 per 1h,
                 notify: few}
              - {name: slow, avg: {of: latency, above: 4, within: 15m}, min_samples: 3, keep_firing_for: 1m,
                 notify: few}
              - {name: top, max: {of: latency, above: 8, within: 15m}, notify: few}
              - {name: tail, percentile: {of: latency, p: 90, above: 7, within: 15m}, min_samples: 4, notify: few}
              - {name: rate, when: failed, ratio: {above: 40%, within: 20m}, min_samples: 4, notify: few}
              - {name: many, distinct: {of: model, at_least: 3, within: 20m}, notify: few}
              - {name: none, when: failed, absent: {for: 25m}, notify: few}
              - {name: new, first_seen: {of: model, forget_after: 1d}, notify: few}
              - {name: surge, change: {of: count(), above: 2x, within: 30m, against: 1h}, notify: few}
            """)
        var steady = Engine(ruleSet: ruleSet, rows: [])
        var set = Engine(ruleSet: ruleSet, rows: [])
        var now = EngineRun.time(0)
        var offset = Duration.zero
        var position: LogPosition = 0
        var (decided, steps) = (0, 0)
        var rows: [String: [UInt8]] = [:]
        /// Notifications under way, under the names that each engine gave them.
        var open: [(Notification, Notification)] = []
        while position < 3_000 {
            position += 1
            if Int.random(in: 0..<20, using: &random) == 0 {
                let step = Duration.seconds(Int.random(in: -500_000...500_000, using: &random))
                offset += step
                steps += 1
                let output = set.process(
                    LogEntry(position: position, at: now.advanced(by: offset), change: .clockStep(by: step)))
                #expect(output.decisions.isEmpty)
            } else {
                let next = now.advanced(by: .seconds(Int.random(in: 0...180, using: &random)))
                var changes: (LogEntry.Change, LogEntry.Change) = (.clock, .clock)
                if let deadline = steady.nextDeadline, deadline <= next {
                    now = max(now, deadline)
                } else if !open.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
                    let (one, other) = open.remove(at: Int.random(in: 0..<open.count, using: &random))
                    let outcome: NotificationEnd.Outcome =
                        Int.random(in: 0..<4, using: &random) == 0 ? .dead : .accepted
                    changes = (
                        .notificationEnded(NotificationEnd(notification: one.id, rule: one.rule, outcome: outcome)),
                        .notificationEnded(NotificationEnd(notification: other.id, rule: other.rule, outcome: outcome))
                    )
                } else {
                    now = next
                    let event = try Self.event(position, at: now, &random)
                    changes = (.event(event), .event(event))
                }
                let expected = steady.process(LogEntry(position: position, at: now, change: changes.0))
                let found = set.process(
                    LogEntry(position: position, at: now.advanced(by: offset), change: changes.1))
                let words = expected.decisions.map { "\($0.rule) \($0.group ?? "-") \($0.outcome)" }
                try #require(found.decisions.map { "\($0.rule) \($0.group ?? "-") \($0.outcome)" } == words)
                try #require(
                    found.notifications.map { $0.figures.window?.value }
                        == expected.notifications.map { $0.figures.window?.value })
                decided += expected.decisions.count
                open += zip(expected.notifications, found.notifications).filter { $0.0.holdsThrottleSlot }
            }
            try #require(set.nextDeadline == steady.nextDeadline?.advanced(by: offset))
            for row in set.takeStateChanges() { rows[row.key] = row.value }
            if Int.random(in: 0..<25, using: &random) == 0 {
                set = Engine(ruleSet: ruleSet, rows: rows.map { EngineStateRow(key: $0.key, value: $0.value) })
            }
        }
        #expect(decided > 300 && steps > 50)
    }

    @Test(arguments: [-day, day])
    func aBacktestGoesOnByTheClockAsItWasSet(step: Double) throws {
        var random = seededRandom()
        let rules = "rules: [{name: r, when: failed, count: {at_least: 3, within: 10m}, notify: a@example.com}]"
        var backtest = Backtest(try EngineRun.ruleSet(rules))
        func take(_ number: Int64, at seconds: Double) throws {
            let text = Array(Self.failed(Int(number)).utf8)
            let at = EngineRun.time(seconds)
            var event = try Self.event(number, at: at, &random)
            event = LoggedEvent(
                id: number, key: event.key, receivedAt: at, isRevision: false, facts: try Facts(log: text))
            backtest.take(event, at: at)
        }
        try take(1, at: 0)
        try take(2, at: 60)
        backtest.setClock(by: .seconds(step), to: EngineRun.time(90 + step))
        try take(3, at: 120 + step)
        backtest.finish(after: .seconds(3_600))
        let line = try #require(backtest.results.first)
        #expect(line.mails == [.fired: 1, .recovered: 1] && backtest.disorderedCount == 0)
        #expect(line.first == EngineRun.time(120 + step) && line.last == EngineRun.time(600 + step))
        #expect(backtest.from == EngineRun.time(step) && backtest.to == EngineRun.time(120 + step))
    }

    private static func event(_ number: Int64, at now: Timestamp, _ random: inout SeededRandom) throws -> LoggedEvent {
        let model = ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
        var text = "{\"unique_id\":\"\(number)\",\"failed\":\(Bool.random(using: &random)),\"model\":\"\(model)\""
        text += ",\"cost\":\(Int.random(in: 0...20, using: &random))e-1"
        text += ",\"latency\":\(Int.random(in: 0...9, using: &random))}"
        return LoggedEvent(
            id: number, key: EventKey(source: "s", type: "request_log", id: "\(number)", origin: .uniqueID),
            receivedAt: now, isRevision: false, facts: try Facts(log: Array(text.utf8)))
    }
}
