import Bridge
import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

/// What people are told of matches and rules whose mails come later, from the request to the explanation.
@Suite(.timeLimit(.minutes(2))) struct SummaryLookupTests {
    private static let rules = """
        rules:
          - {name: soon, when: failed, notify: a@example.com, digest: every 1m}
          - {name: seldom, when: status_code == 500, notify: b@example.com, digest: every 1h}
        """

    private func told(_ bridge: RunningBridge, event: Int64) async throws -> [String: [Int64]] {
        let record = try #require(try await bridge.store.event(event))
        let explanation = try await EventExplanation(
            record, in: bridge.store, ruleSet: try RunningBridge.ruleSet(Self.rules), rules: [],
            now: bridge.clock.now())
        return Dictionary(uniqueKeysWithValues: explanation.pasts.map { ($0.decision.rule, $0.toldBy.map(\.id)) })
    }

    @Test func aMatchKnowsTheDigestThatToldOfIt() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            bridge.clock.advance(by: .seconds(20))
            _ = try await bridge.post(#"{"unique_id": "e2", "status_code": 503}"#)
            try await bridge.settled()
            #expect(try await told(bridge, event: 1) == ["soon": [], "seldom": []])
            bridge.clock.advance(by: .seconds(41))
            _ = try await bridge.post(#"{"unique_id": "e3", "status_code": 200}"#)
            try await bridge.settled()
            let mail = try #require(try await bridge.store.deliveries(state: nil, before: nil, limit: 10).first)
            #expect(try await told(bridge, event: 1) == ["soon": [mail.id], "seldom": []])
            #expect(try await told(bridge, event: 2) == ["soon": [mail.id]])
            let text = ReadableMessage(try #require(bridge.transport.messages.first).bytes).text
            #expect(text.contains("Where they come from: 2 failed calls within 1 minute"), "\(text)")

            // What comes later is of the next one.
            bridge.clock.advance(by: .seconds(9))
            _ = try await bridge.post(#"{"unique_id": "e4", "status_code": 503}"#)
            try await bridge.settled()
            #expect(try await told(bridge, event: 4) == ["soon": []])
        }
    }

    /// One address gathers in its quiet hours, silences the group, and is not told; the other one was told at once.
    @Test func aLaterDecisionAboutOneAddressHidesNoMail() async throws {
        let rules = """
            recipients:
              ops: {to: ops@example.com, quiet: "07:00-09:00 UTC"}
              dev: {to: dev@example.com}
            rules:
              - {name: r, when: failed, per: [model], notify: [ops, dev]}
            """
        try await RunningBridge.with(rules: rules) { bridge in
            for model in ["m", "n"] {
                _ = try await bridge.post(#"{"unique_id": "\#(model)", "status_code": 500, "model": "\#(model)"}"#)
            }
            try await bridge.settled()
            let now = bridge.clock.now()
            let silence = try Silence.make(
                id: "abc234", condition: #"group["model"] == "m""#, until: now.advanced(by: .seconds(86_400)),
                author: "ops", reason: "", recipient: "ops@example.com", at: now)
            try await bridge.store.append(.operatorAction(.silenceAdded(silence)), at: now)
            bridge.clock.advance(by: .seconds(7_200))
            _ = try await bridge.post(#"{"unique_id": "late", "status_code": 200}"#)
            try await bridge.settled()
            let outcomes = try await bridge.store.decisions(aboutEvent: 1).map(\.outcome)
            #expect(outcomes.count == 2 && outcomes.contains(.suppressed(.silenced)), "\(outcomes)")
            let record = try #require(try await bridge.store.event(1))
            let past = try await EventExplanation(
                record, in: bridge.store, ruleSet: try RunningBridge.ruleSet(rules), rules: [],
                now: bridge.clock.now()
            ).pasts.first
            #expect(past?.mails.map(\.recipient) == ["dev@example.com"])
        }
    }

    @Test func theReportOfARuleKnowsMatchesThatMakeNoDecision() async throws {
        let rules = """
            rules:
              - {name: burst, when: failed, notify: a@example.com, count: {at_least: 5, within: 10m}}
              - {name: still, when: failed, notify: a@example.com, count: {at_least: 5, within: 10m}, remind: never,
                 resolve: false}
              - {name: new, first_seen: {of: model, forget_after: 30d}, notify: a@example.com}
              - {name: daily, when: failed, notify: a@example.com, digest: every 1d}
              - {name: every, when: status_code == 418, notify: a@example.com}
            """
        try await RunningBridge.with(rules: rules) { bridge in
            let ruleSet = try RunningBridge.ruleSet(rules)
            let before = try await RuleReport.all(ruleSet, in: bridge.store, now: bridge.clock.now())
            #expect(before.allSatisfy { $0.lastMatch == nil })
            #expect(
                before.map(\.pace) == [
                    "one mail an alert, beside its reminders and its end", "one mail an alert", "one mail a new value",
                    "one mail a digest", "a mail for every match",
                ])
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            let at = bridge.clock.now()
            bridge.clock.advance(by: .seconds(20))
            _ = try await bridge.post(#"{"unique_id": "e2", "status_code": 200}"#)
            try await bridge.settled()
            let after = try await RuleReport.all(ruleSet, in: bridge.store, now: bridge.clock.now())
            #expect(after[0].count == nil && after[0].lastMatch == at && after[1].lastMatch == at)
            #expect(after[4].lastMatch == nil)
        }
    }
}
