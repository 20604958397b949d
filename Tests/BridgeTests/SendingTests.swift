import Bridge
import Events
import Mail
import Rules
import Store
import TestSupport
import Testing
import Transports

/// From a stored event to a settled mail, with a mail server that answers what the test says.
@Suite(.timeLimit(.minutes(2))) struct SendingTests {
    static let rules = """
        rules:
          - {name: failed-calls, when: failed, notify: [a@example.com, b@example.com], severity: high}
          - {name: throttled, when: failed, notify: c@example.com, at_most: 1 per 15m}
        """

    @Test func aFailedCallIsMailedToEveryRecipientOnItsOwn() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            #expect(try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#).status == 200)
            #expect(try await bridge.post(#"{"unique_id": "e2", "status_code": 200}"#).status == 200)
            try await bridge.settled()
            let recipients = bridge.transport.messages.map { $0.recipient.description }
            #expect(recipients.sorted() == ["a@example.com", "b@example.com", "c@example.com"])
            #expect(Set(bridge.transport.messages.map(\.messageID)).count == 3)
            let subject = ReadableMessage(bridge.transport.messages[0].bytes).subject
            #expect(subject.hasPrefix("[high] failed-calls: "))
        }
    }

    @Test func aThrottleHoldsBackCountsAndNamesWhatItHeld() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            for number in 1...3 {
                _ = try await bridge.post(#"{"unique_id": "e\#(number)", "status_code": 500}"#)
            }
            try await bridge.settled()
            #expect(try await mails(of: "throttled", bridge).count == 1)
            let decisions = try await bridge.store.decisions(aboutEvent: 2)
            #expect(decisions.first { $0.rule == "throttled" }?.outcome == .suppressed(.throttled))
            bridge.clock.advance(by: .seconds(901))
            _ = try await bridge.post(#"{"unique_id": "e4", "status_code": 500}"#)
            try await bridge.settled()
            let throttled = try await mails(of: "throttled", bridge)
            #expect(throttled.count == 2)
            #expect(throttled.first?.notification.figures.heldBack == 2)
        }
    }

    @Test func aPassingFaultIsTriedAgainWithTheSameMessage() async throws {
        let busy = Reply(classification: .transient, code: 451, enhancedCode: "4.3.0", text: "try later")
        let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"
        try await RunningBridge.with(rules: rules, replies: [busy]) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled { $0 == .queued }
            bridge.clock.advance(by: .seconds(90))
            try await bridge.settled()
            let messages = bridge.transport.messages
            #expect(messages.count == 2)
            #expect(messages[0] == messages[1], "both attempts carry the same bytes and Message-ID")
            let detail = try #require(try await bridge.store.delivery(1))
            #expect(detail.attempts.map(\.reply?.classification) == [.transient, .accepted])
        }
    }

    @Test func aRefusedRecipientIsListedAndGivesItsThrottleSlotBack() async throws {
        let refused = Reply(classification: .recipientRefused, code: 550, enhancedCode: "5.1.1", text: "no such user")
        let rules = "rules: [{name: one, when: failed, notify: a@example.com, at_most: 1 per 1h}]"
        try await RunningBridge.with(rules: rules, replies: [refused]) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled { $0 == .dead }
            let body = Array(#"{"address": "a@example.com"}"#.utf8)
            let lift = HTTPExchange.Request(
                method: "POST", url: bridge.adminURL + "/api/suppressed/remove", body: body)
            #expect(try await bridge.exchange.send(lift).status == 200)
            _ = try await bridge.post(#"{"unique_id": "e2", "status_code": 500}"#)
            try await bridge.settled()
            let states = try await bridge.store.deliveries(state: nil, before: nil, limit: 10).map(\.state)
            #expect(states == [.accepted, .dead], "newest first")
        }
    }

    @Test func aWrongPasswordHoldsEverythingUntilTheOperatorRetries() async throws {
        let denied = Reply(classification: .configuration, code: 535, enhancedCode: "5.7.8", text: "bad credentials")
        let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"
        try await RunningBridge.with(rules: rules, replies: [denied]) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled { $0 == .held }
            _ = try await bridge.post(#"{"unique_id": "e2", "status_code": 500}"#)
            try await bridge.settled { $0 == .held || $0 == .queued }
            #expect(bridge.transport.messages.count == 1, "nothing is sent while held")
            #expect(try await bridge.exchange.send(.init(url: bridge.adminURL + "/readyz")).status == 503)
            let retry = HTTPExchange.Request(method: "POST", url: bridge.adminURL + "/api/mails/1/retry", body: [])
            #expect(try await bridge.exchange.send(retry).status == 200)
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 3)
            #expect(try await bridge.exchange.send(.init(url: bridge.adminURL + "/readyz")).status == 200)
        }
    }

    @Test func manyMailsUseEveryConnectionAndNoMore() async throws {
        let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"
        try await RunningBridge.with(rules: rules, connectionsMax: 3) { bridge in
            let events = (1...60).map { #"{"unique_id": "m\#($0)", "status_code": 500}"# }
            _ = try await bridge.post("[" + events.joined(separator: ",") + "]")
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 60)
            #expect(bridge.transport.underWayMost <= 6)
        }
    }

    private func mails(of rule: String, _ bridge: RunningBridge) async throws -> [DeliveryRecord] {
        try await bridge.store.deliveries(state: nil, before: nil, limit: 100).filter { $0.notification.rule == rule }
    }
}
