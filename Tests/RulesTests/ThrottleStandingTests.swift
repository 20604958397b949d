import Events
import Rules
import Testing

/// How a throttle is shown to people, between its decisions.
@Suite struct ThrottleStandingTests {
    @Test func slotsHeldBackMatchesAndTheNextMailAreTold() throws {
        let ruleSet = try EngineRun.throttled("2 per 10s")
        let rule = ruleSet.rules[0]
        var run = try EngineRun(ruleSet)
        #expect(run.engine.throttle(of: rule, at: EngineRun.time(0))?.used == 0)
        run.event(at: 0)
        run.event(at: 1)
        run.event(at: 2)
        run.event(at: 3)
        let full = try #require(run.engine.throttle(of: rule, at: EngineRun.time(4)))
        #expect(full.used == 2)
        #expect(full.heldBack == 2)
        #expect(full.heldBackSince == EngineRun.time(2))
        #expect(full.nextMailAt == EngineRun.time(10))
        let later = try #require(run.engine.throttle(of: rule, at: EngineRun.time(10)))
        #expect(later.used == 1)
        #expect(later.nextMailAt == nil)
        #expect(later.heldBack == 2, "looking changes nothing")
        let changed = try EngineRun.throttled("3 per 10s").rules[0]
        #expect(run.engine.throttle(of: changed, at: EngineRun.time(4))?.used == 0, "a changed rule has sent nothing")
    }
}
