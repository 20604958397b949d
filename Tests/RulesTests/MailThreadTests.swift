import Events
import TestSupport
import Testing

@testable import Rules

/// The mails of an alert name its first one, by the id and the time of which that one's Message-ID is made.
@Suite struct MailThreadTests {
    /// Two events in ten minutes fire; reminded of every five.
    private func ruleSet() throws -> RuleSet {
        try EngineRun.ruleSet(
            "rules: [{name: r, notify: a@example.com, count: {at_least: 2, within: 10m}, remind: 5m}]")
    }

    @Test(arguments: [false, true])
    func reminderAndEndNameTheFirstMail(isRestored: Bool) throws {
        var run = try EngineRun(try ruleSet())
        run.restoresAtEveryEntry = isRestored
        run.event(at: 0)
        let fired = try #require(run.event(at: 10).notifications.first)
        #expect(fired.reason == .fired && fired.figures.window?.thread == nil)
        let first = MailThread(id: fired.id, at: fired.at)
        let reminder = try #require(run.feed(.clock, at: 320).notifications.first)
        #expect(reminder.reason == .reminder && reminder.figures.window?.thread == first)
        let end = try #require(run.feed(.clock, at: 700).notifications.first)
        #expect(end.reason == .recovered && end.figures.window?.thread == first)
        let read = try Notification(decoding: end.encoded())
        #expect(read.figures.window == end.figures.window)
        // The next alert is one of its own.
        run.event(at: 800)
        #expect(run.event(at: 801).notifications.first?.figures.window?.thread == nil)
    }

    @Test func theNewValueIsKept() throws {
        var figures = WindowFigures(
            measure: "new values of model", value: 1, threshold: "never seen before", within: .seconds(60), samples: 1,
            isApproximate: false, trend: [])
        figures.seen = WindowFigures.seen(String(repeating: "é", count: 500))
        #expect(figures.seen?.unicodeScalars.count == WindowFigures.seenScalarsMax)
        #expect(WindowFigures(figures.json) == figures)
    }
}
