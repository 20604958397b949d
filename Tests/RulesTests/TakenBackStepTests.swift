import Events
import TestSupport
import Testing

@testable import Rules

/// A clock that is set wrong and later right again, with windows that go by the events' own clock.
@Suite struct TakenBackStepTests {
    private static func rules(_ window: String) throws -> RuleSet {
        try EngineRun.ruleSet(
            "rules: [{name: r, when: failed, \(window), clock: event, notify: a@example.com}]")
    }

    /// A run at whose machine the clock is wrong for a while, while those of the senders are right.
    private struct WrongRun {
        var run: EngineRun
        /// By how many seconds the machine's clock is ahead.
        private(set) var wrong = 0.0
        private var number = 0

        init(_ window: String, restores: Bool) throws {
            run = try EngineRun(try TakenBackStepTests.rules(window))
            run.restoresAtEveryEntry = restores
        }

        /// An event that happened `lateness` seconds before it comes in.
        mutating func event(at seconds: Double, late lateness: Double = 0) throws {
            number += 1
            let stamp = EngineRun.time(seconds - lateness).rfc3339
            try run.event(
                "{\"unique_id\":\"\(number)\",\"failed\":true,\"timestamp\":\"\(stamp)\"}", at: seconds + wrong)
        }

        mutating func setClock(by step: Double, at seconds: Double) {
            wrong += step
            run.feed(.clockStep(by: .seconds(step)), at: seconds + wrong)
        }

        /// What the window holds at a time of the right clock.
        func value(at seconds: Double) throws -> Double? {
            let contents = try #require(run.engine.rules[0].groups[.whole]?.contents)
            return contents.measure(at: EngineRun.time(seconds + wrong)).value
        }
    }

    /// Events from before, meanwhile and after leave the window when they are as old as it is long.
    @Test(arguments: [-3_600, 3_600, -600, 600, -10_800, 10_800], [false, true])
    func whatIsInTheWindowStandsWhereItHappened(step: Double, restores: Bool) throws {
        var run = try WrongRun("count: {above: 100, within: 2h}", restores: restores)
        for second in [0.0, 60, 120] { try run.event(at: second) }
        run.setClock(by: step, at: 130)
        run.setClock(by: -step, at: 250)
        try run.event(at: 300)
        for (second, count) in [(7_199.0, 4.0), (7_200, 3), (7_259, 3), (7_260, 2), (7_320, 1), (7_499, 1), (7_500, 0)]
        {
            #expect(try run.value(at: second) == count, "at \(second)")
        }
    }

    /// Of a clock that was ahead even what came in meanwhile stands where it happened.
    @Test(arguments: [600, 3_600, 86_400], [false, true])
    func whatCameInByAClockAheadDoes(step: Double, restores: Bool) throws {
        var run = try WrongRun("count: {above: 100, within: 2h}", restores: restores)
        try run.event(at: 0)
        run.setClock(by: step, at: 60)
        try run.event(at: 120)
        try run.event(at: 240, late: 60)
        #expect(try run.value(at: 240) == 3)
        run.setClock(by: -step, at: 300)
        for (second, count) in [(7_199.0, 3.0), (7_200, 2), (7_319, 2), (7_320, 1), (7_379, 1), (7_380, 0)] {
            #expect(try run.value(at: second) == count, "at \(second)")
        }
    }

    /// Of a clock that was behind what came in meanwhile stands at the step at the earliest, and not after its time.
    @Test(arguments: [-3_600, -600], [false, true])
    func whatCameInByAClockBehindIsNoEarlierThanTheStep(step: Double, restores: Bool) throws {
        var run = try WrongRun("count: {above: 100, within: 2h}", restores: restores)
        try run.event(at: 0)
        run.setClock(by: step, at: 60)
        try run.event(at: 120)
        run.setClock(by: -step, at: 180)
        #expect(try run.value(at: 7_199) == 2)
        #expect(try run.value(at: 7_259) == 1)
        #expect(try run.value(at: 7_320) == 0)
    }

    /// Once nothing from before a step is left, the next one is no answer to it.
    @Test(arguments: [false, true])
    func aStepOfLongAgoIsNotTakenBack(restores: Bool) throws {
        var run = try WrongRun("count: {above: 100, within: 1h}", restores: restores)
        try run.event(at: 0)
        // It was ahead, and is right now: what came in before stays.
        run.setClock(by: 600, at: 1)
        run.setClock(by: -600, at: 2)
        run.setClock(by: -600, at: 10)
        try run.event(at: 20_000)
        // Behind, and right again: what came in is as old as it was.
        run.setClock(by: 600, at: 20_060)
        #expect(try run.value(at: 20_000 + 3_599) == 1)
        #expect(try run.value(at: 20_000 + 3_600) == 0)
    }

    /// A change looks back over both of its periods: what is in the earlier one stays as well.
    @Test(arguments: [-5_400.0, 5_400], [false, true])
    func aChangeHasBothPeriodsWhereTheyWere(step: Double, restores: Bool) throws {
        var run = try WrongRun(
            "change: {of: count(), above: 100x, within: 1h, against: 2h}", restores: restores)
        for minute in 0..<180 { try run.event(at: Double(minute) * 60) }
        for minute in 180..<200 { for _ in 0..<2 { try run.event(at: Double(minute) * 60) } }
        let before = try run.value(at: 12_000)
        run.setClock(by: step, at: 12_001)
        run.setClock(by: -step, at: 12_002)
        #expect(try run.value(at: 12_010) == before)
    }

    /// The clock was ahead by more than the present period and is set right: the events stay at their timestamps.
    @Test func aChangeStaysWhereAClockWasAheadByMoreThanAPeriod() throws {
        var run = try EngineRun(
            Self.rules("change: {of: count(), above: 100x, within: 1h, against: 2h}"))
        func stamp(_ seconds: Double) -> String { EngineRun.time(seconds).rfc3339 }
        for minute in 0..<200 {
            let second = Double(minute) * 60
            try run.event(
                "{\"unique_id\":\"\(minute)\",\"failed\":true,\"timestamp\":\"\(stamp(second))\"}", at: second + 5_400)
        }
        run.feed(.clockStep(by: .seconds(-5_400)), at: 12_000)
        let contents = try #require(run.engine.rules[0].groups[.whole]?.contents)
        // An hour without an event after one with sixty. Moved by an hour and a half, there would be none in either.
        #expect(contents.measure(at: EngineRun.time(17_400)).value == 0)
    }
}
