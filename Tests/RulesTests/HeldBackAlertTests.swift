import Events
import Rules
import Testing

/// An alert that nobody was told of is counted by its rule's `at_most` once, whatever held it back before and after.
/// The tests begin on a Thursday at noon.
@Suite struct HeldBackAlertTests {
    private func run(within: String, muted span: String) throws -> EngineRun {
        var run = try EngineRun(
            EngineRun.ruleSet(
                """
                rules:
                  - name: r
                    count: {at_least: 1, within: \(within)}
                    at_most: 1 per 2h
                    remind: never
                    notify: a@example.com
                mute: [{rules: [r], during: "thu \(span) UTC"}]
                """))
        run.restoresAtEveryEntry = true
        return run
    }

    @Test func anAlertThatIsMutedAndThenThrottledIsCounted() throws {
        var run = try run(within: "40m", muted: "12:41-12:45")
        #expect(run.event(at: 0).words == ["mail 1-0"])
        #expect(run.feed(.clock, at: 2_400).notifications.map(\.reason) == [.recovered])
        #expect(run.event(at: 2_500).words == ["muted"])
        #expect(run.feed(.clock, at: 2_700).words == ["throttled"])
        #expect(run.feed(.clock, at: 4_900).words == [])
        #expect(run.event(at: 7_300).notifications.first?.figures.heldBack == 1)
    }

    @Test func anAlertThatIsThrottledAndMutedAndThrottledIsCountedOnce() throws {
        var run = try run(within: "10m", muted: "12:30-12:40")
        #expect(run.event(at: 0).words == ["mail 1-0"])
        run.feed(.clock, at: 600)
        #expect(run.event(at: 700).words == ["throttled"])
        #expect(run.event(at: 1_200).words == [])
        #expect(run.event(at: 1_700).words == [])
        #expect(run.event(at: 1_900).words == ["muted"])
        #expect(run.event(at: 2_300).words == [])
        #expect(run.event(at: 2_500).words == ["throttled"])
        run.feed(.clock, at: 3_100)
        let mail = try #require(run.event(at: 7_300).notifications.first)
        #expect(mail.figures.heldBack == 1 && mail.figures.heldBackSince == EngineRun.time(700))
    }
}
