import Bridge
import Events
import Rules
import TestSupport
import Testing
import Transports

/// The status says what the rules remember.
@Suite(.timeLimit(.minutes(2))) struct MemoryStatusTests {
    private static let rules = """
        rules:
          - {name: burst, per: [model], count: {at_least: 9, within: 10m}, notify: a@example.com}
          - {name: each, when: failed, notify: a@example.com}
        """

    private func memory(_ bridge: RunningBridge) async throws -> JSONValue {
        let answer = try await bridge.exchange.send(.init(url: bridge.adminURL + "/readyz"))
        return try #require(try JSONValue.decode(answer.body)["memory"])
    }

    @Test func theStatusSaysWhatRulesRemember() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            #expect(try await memory(bridge)["groups"]?.int == 0)
            for number in 1...3 {
                // It is counted with each snapshot, which comes every ten seconds.
                bridge.clock.advance(by: .seconds(11))
                _ = try await bridge.post(#"{"unique_id": "e\#(number)", "model": "m\#(number)"}"#)
                try await bridge.settled()
            }
            // The figure is told after the commit that everything else waits for.
            var memory = try await memory(bridge)
            for _ in 0..<500 where memory["groups"]?.int != 3 {
                try await Task.sleep(for: .milliseconds(10))
                memory = try await self.memory(bridge)
            }
            #expect(memory["groups"]?.int == 3)
            let largest = try #require(memory["largest_rules"]?.array)
            #expect(largest.map { $0["rule"]?.string } == ["burst"])
            #expect(largest.first?["groups"]?.int == 3)
            #expect((largest.first?["bytes"]?.int ?? 0) > 0)
            #expect((memory["bytes"]?.int ?? 0) >= (largest.first?["bytes"]?.int ?? 0))

            let ruleSet = try RunningBridge.ruleSet(Self.rules)
            let reports = try await RuleReport.all(ruleSet, in: bridge.store, now: bridge.clock.now())
            #expect(reports.map { $0.json["memory"]?["groups"]?.int } == [3, 0])
            let fresh = try await RuleReport.all(ruleSet, in: nil, now: bridge.clock.now())
            #expect(fresh.allSatisfy { $0.json["memory"] == .null })
        }
    }
}
