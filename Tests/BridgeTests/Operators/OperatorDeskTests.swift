import Bridge
import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

/// Mails to operators from a running bridge.
@Suite(.timeLimit(.minutes(2))) struct OperatorDeskTests {
    private static let rules = "rules: [{name: failed-calls, when: failed, notify: b@example.com}]"

    private func adjust(_ parts: inout Bridge.Parts) throws {
        parts.operators.addresses = ["ops@example.com", "boss@example.com"]
        parts.operators.report = try Schedule.read("weekly on mon at 09:00 UTC")
        parts.operatorPause = .milliseconds(20)
    }

    private func subjects(_ bridge: RunningBridge, to recipient: String) -> [String] {
        bridge.transport.messages.filter { $0.recipient.description == recipient }.map {
            ReadableMessage($0.bytes).subject
        }
    }

    /// Waits until as many mails went to the operator.
    private func expect(_ wanted: [String], _ bridge: RunningBridge) async throws {
        for _ in 0..<500 where subjects(bridge, to: "ops@example.com").count < wanted.count {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(subjects(bridge, to: "ops@example.com") == wanted)
    }

    @Test func aDeadMailIsToldOnce() async throws {
        let refused = Reply(classification: .permanent, code: 554, text: "no", reason: nil)
        try await RunningBridge.with(rules: Self.rules, replies: [refused], adjust: adjust) { bridge in
            // The desk knows how many dead mails there were before it counts new ones.
            try await Task.sleep(for: .milliseconds(200))
            _ = try await bridge.post(#"{"unique_id":"1","status_code":500}"#)
            try await expect(["[trouble] A mail was given up"], bridge)
            try await Task.sleep(for: .milliseconds(200))
            try await expect(["[trouble] A mail was given up"], bridge)
            #expect(subjects(bridge, to: "boss@example.com").count == 1)
            let text = try #require(bridge.transport.messages.last.map { ReadableMessage($0.bytes).text })
            #expect(text.contains("hookmail mails list --state dead") && !text.contains("b@example.com"))
        }
    }

    /// While the mail server refuses us nothing is tried; afterwards the mail tells of it.
    @Test func aHoldIsToldWhenItIsOver() async throws {
        let refused = Reply(
            classification: .configuration, code: 535, text: "5.7.8 no", reason: .loginRefused)
        try await RunningBridge.with(rules: Self.rules, replies: [refused], adjust: adjust) { bridge in
            _ = try await bridge.post(#"{"unique_id":"1","status_code":500}"#)
            try await bridge.hasSent(1)
            try await Task.sleep(for: .milliseconds(200))
            #expect(bridge.transport.messages.count == 1, "no mail of our own while logins fail")
            bridge.clock.advance(by: .seconds(1_100))
            try await expect(["[trouble] No mail is sent"], bridge)
            let text = try #require(
                bridge.transport.messages.last { $0.recipient.description == "ops@example.com" }
                    .map { ReadableMessage($0.bytes).text })
            #expect(text.contains("it is over."))
        }
    }

    @Test func theReportComesWhenItIsDue() async throws {
        try await RunningBridge.with(rules: Self.rules, adjust: adjust) { bridge in
            _ = try await bridge.post(#"{"unique_id":"1","status_code":500}"#)
            try await bridge.hasSent(1)
            try await Task.sleep(for: .milliseconds(200))
            #expect(bridge.transport.messages.count == 1)
            bridge.clock.advance(by: .seconds(7 * 86_400))
            try await expect(["[report] rules of Hookmail: nothing stands out"], bridge)
        }
    }

    @Test func nobodyIsToldWithoutAnAddress() async throws {
        let refused = Reply(classification: .permanent, code: 554, text: "no", reason: nil)
        func hurry(_ parts: inout Bridge.Parts) { parts.operatorPause = .milliseconds(20) }
        try await RunningBridge.with(rules: Self.rules, replies: [refused], adjust: hurry) { bridge in
            _ = try await bridge.post(#"{"unique_id":"1","status_code":500}"#)
            try await bridge.hasSent(1)
            try await Task.sleep(for: .milliseconds(300))
            #expect(bridge.transport.messages.count == 1)
        }
    }
}

extension RunningBridge {
    /// Waits until the transport was handed as many messages.
    fileprivate func hasSent(_ count: Int) async throws {
        for _ in 0..<500 where transport.messages.count < count { try await Task.sleep(for: .milliseconds(20)) }
        #expect(transport.messages.count == count)
    }
}
