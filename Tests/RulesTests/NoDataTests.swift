import Events
import Rules
import TestSupport
import Testing

/// What happens when a whole window has passed without a sample.
@Suite struct NoDataTests {
    /// Reasons of everything that was told up to an instant, with the clock at every deadline.
    private static func reasons(_ run: inout EngineRun, until seconds: Double) -> [NotificationReason] {
        var reasons: [NotificationReason] = []
        while let due = run.engine.nextDeadline, due <= EngineRun.time(seconds) {
            let at = Double(due.microseconds - EngineRun.time(0).microseconds) / 1_000_000
            reasons += run.feed(.clock, at: at).notifications.map(\.reason)
        }
        return reasons
    }

    private static func run(_ keys: String) throws -> EngineRun {
        try EngineRun(
            EngineRun.ruleSet("rules: [{name: r, \(keys), remind: never, notify: a@example.com}]"))
    }

    @Test(arguments: ["avg: {of: latency, above: 1, within: 10m}", "max: {of: latency, above: 1, within: 10m}"])
    func anAlertEndsStaysOrWaitsForTraffic(window: String) throws {
        var closed = try Self.run(window)
        #expect(closed.event(at: 0).notifications.map(\.reason) == [.fired])
        #expect(Self.reasons(&closed, until: 3_600) == [.noTraffic])
        var kept = try Self.run("\(window), no_data: keep")
        #expect(kept.event(at: 0).notifications.map(\.reason) == [.fired])
        #expect(Self.reasons(&kept, until: 3_600) == [])
    }

    @Test(arguments: [
        "avg: {of: latency, above: 100, within: 10m}", "max: {of: latency, above: 100, within: 10m}",
        "min: {of: latency, below: 1, within: 10m}", "percentile: {of: latency, p: 90, above: 100, within: 10m}",
        "when: latency > 100.0, ratio: {above: 50%, within: 10m}, min_samples: 1",
    ])
    func trafficThatEndsFiresWhereTheRuleSaysSo(window: String) throws {
        var run = try Self.run("\(window), no_data: fire")
        #expect(run.event(at: 0).notifications.isEmpty)
        #expect(Self.reasons(&run, until: 3_600) == [.fired])
        #expect(run.event(at: 4_000).notifications.map(\.reason) == [.recovered])
    }

    @Test func aFallToNothingIsOneAlert() throws {
        var run = try Self.run("change: {of: count(), below: 0.5x, within: 10m, against: 1h}")
        var told: [NotificationReason] = []
        for minute in 0..<120 {
            told += Self.reasons(&run, until: Double(minute) * 60 - 0.5)
            told += run.event(at: Double(minute) * 60).notifications.map(\.reason)
        }
        #expect(told.isEmpty)
        // Nothing more comes; an hour later there is nothing to compare with either.
        #expect(Self.reasons(&run, until: 7_200 + 3_000) == [.fired])
        #expect(Self.reasons(&run, until: 20_000) == [.noTraffic])
    }
}
