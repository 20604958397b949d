import Events
import Rules
import Testing

/// How a throttle is shown to people, between its decisions.
@Suite struct ThrottleStandingTests {
    @Test func slotsHeldBackMatchesAndTheNextMailAreTold() throws {
        var run = try EngineRun(EngineRun.throttled("2 per 10s"))
        #expect(run.engine.throttle(ofRule: "r", at: EngineRun.time(0))?.used == 0)
        run.event(at: 0)
        run.event(at: 1)
        run.event(at: 2)
        run.event(at: 3)
        let full = try #require(run.engine.throttle(ofRule: "r", at: EngineRun.time(4)))
        #expect(full.used == 2)
        #expect(full.heldBack == 2)
        #expect(full.heldBackSince == EngineRun.time(2))
        #expect(full.nextMailAt == EngineRun.time(10))
        let later = try #require(run.engine.throttle(ofRule: "r", at: EngineRun.time(10)))
        #expect(later.used == 1)
        #expect(later.nextMailAt == nil)
        #expect(later.heldBack == 2, "looking changes nothing")
        #expect(run.engine.throttle(ofRule: "other", at: EngineRun.time(0)) == nil)
    }
}
