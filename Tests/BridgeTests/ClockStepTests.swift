import Bridge
import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

/// The wall clock is set under a running bridge.
@Suite(.timeLimit(.minutes(2))) struct ClockStepTests {
    private static let burst =
        "rules: [{name: burst, when: failed, count: {at_least: 3, within: 10m}, notify: a@example.com}]"
    private static let deferred = Reply(
        classification: .transient, code: 451, enhancedCode: "4.3.0", text: "451 4.3.0 try later", reason: nil)

    @Test(arguments: [-86_400, 86_400])
    func aWindowGoesOn(step: Int) async throws {
        try await RunningBridge.with(rules: Self.burst) { bridge in
            for number in 1...2 { _ = try await bridge.post(#"{"unique_id": "e\#(number)", "status_code": 500}"#) }
            try await bridge.settled()
            bridge.clock.set(by: .seconds(step))
            bridge.clock.advance(by: .seconds(60))
            _ = try await bridge.post(#"{"unique_id": "e3", "status_code": 500}"#)
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 1)

            let event = try #require(try await bridge.store.event(1))
            let explained = try await EventExplanation(
                event, in: bridge.store, ruleSet: try RunningBridge.ruleSet(Self.burst), rules: [],
                now: bridge.clock.now())
            #expect(explained.clockSetting?.step == .seconds(step))
            #expect(explained.json["clock_set"]?["by_seconds"]?.int == Int64(step))
            #expect(explained.lines.first?.standing?.window?.value == 3)
            let last = try #require(try await bridge.store.event(3))
            let fresh = try await EventExplanation(
                last, in: bridge.store, ruleSet: try RunningBridge.ruleSet(Self.burst), rules: [],
                now: bridge.clock.now())
            #expect(fresh.clockSetting == nil)
        }
    }

    /// Nothing is written when the clock is set, and nothing has to be: the courier looks for itself.
    @Test(arguments: [-86_400, 86_400])
    func aDeferredMailIsTriedWhenItWouldHaveBeen(step: Int) async throws {
        let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"
        try await RunningBridge.with(rules: rules, replies: [Self.deferred, Self.deferred]) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled { $0 == .queued }
            bridge.clock.set(by: .seconds(step))
            try await Task.sleep(for: .seconds(2))
            #expect(bridge.transport.messages.count == 1, "the clock was set, and no time has passed")
            bridge.clock.advance(by: .seconds(90))
            for _ in 0..<2_000 where bridge.transport.messages.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
            try await bridge.settled { $0 == .queued }
            #expect(bridge.transport.messages.count == 2)
            bridge.clock.advance(by: .seconds(300))
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 3)
        }
    }

    /// Nothing comes in: the evaluator finds out by itself, within its longest pause.
    @Test func anAlertOfAbsenceComesInTimeThoughTheClockWasSetBack() async throws {
        let rules = "rules: [{name: none, when: failed, absent: {for: 30m}, notify: a@example.com}]"
        try await RunningBridge.with(rules: rules) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled()
            bridge.clock.set(by: .seconds(-86_400))
            bridge.clock.advance(by: .seconds(31 * 60))
            for _ in 0..<6_000 where bridge.transport.messages.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            #expect(bridge.transport.messages.count == 1)
        }
    }

    @Test func aSilenceIsListedAsLongAsItLasts() async throws {
        try await RunningBridge.with(rules: Self.burst) { bridge in
            let now = bridge.clock.now()
            let silence = try Silence.make(
                id: "abc234", condition: "true", until: now.advanced(by: .seconds(3_600)), author: "ann", reason: "",
                at: now)
            try await bridge.store.append(.operatorAction(.silenceAdded(silence)), at: now)
            bridge.clock.set(by: .seconds(-86_400))
            #expect(try await bridge.store.noteClock())
            bridge.clock.advance(by: .seconds(3_599))
            #expect(try await bridge.store.silences(at: bridge.clock.now()).all.count == 1)
            bridge.clock.advance(by: .seconds(1))
            #expect(try await bridge.store.silences(at: bridge.clock.now()).all.isEmpty)
        }
    }
}
