import Bridge
import Events
import Mail
import Rules
import Store
import TestSupport
import Testing
import Transports

/// An address that was refused for good gets no further mail, which is told, until somebody says that it may.
@Suite(.timeLimit(.minutes(2))) struct SuppressionTests {
    static let rules = "rules: [{name: one, when: failed, notify: [a@example.com, b@example.com]}]"
    static let refused = Reply(
        classification: .recipientRefused, code: 550, enhancedCode: "5.1.1", text: "550 5.1.1 no such user",
        reason: .recipientRefused)

    /// Posts one failed call and waits until its mails have ended.
    private func fail(_ number: Int, _ bridge: RunningBridge) async throws {
        _ = try await bridge.post(#"{"unique_id": "e\#(number)", "status_code": 500}"#)
        try await bridge.settled()
    }

    private func sent(_ bridge: RunningBridge) -> [String] { bridge.transport.messages.map { "\($0.recipient)" } }

    private func remove(_ address: String, _ bridge: RunningBridge) async throws -> Int {
        let body = JSONValue.object(JSONObject([("address", .string(address))])).encoded()
        let url = bridge.adminURL + "/api/suppressed/remove"
        return try await bridge.exchange.send(.init(method: "POST", url: url, body: body)).status
    }

    @Test func noMailIsTriedAfterARefusalUntilTheAddressIsRemoved() async throws {
        try await RunningBridge.with(rules: Self.rules, replies: [Self.refused], connectionsMax: 1) { bridge in
            for number in 1...3 { try await fail(number, bridge) }
            let suppressed = try #require(try await bridge.store.refusedRecipients(limit: 9).first)
            let address = suppressed.address
            #expect(suppressed.mails == 1 && suppressed.suppressed == 2)
            #expect(sent(bridge).count { $0 == address } == 1 && sent(bridge).count == 4)
            // What was not tried is listed as given up, with its text and the reason.
            let dead = try await bridge.store.deliveries(state: .dead, before: nil, limit: 9)
            #expect(dead.map(\.lastReply?.reason) == [.suppressed, .suppressed, .recipientRefused])
            #expect(try await bridge.store.delivery(dead[0].id)?.message != nil)

            // An operator's retry of one mail goes out all the same, and its acceptance ends it.
            let retry = bridge.adminURL + "/api/mails/\(dead[0].id)/retry"
            #expect(try await bridge.exchange.send(.init(method: "POST", url: retry, body: [])).status == 200)
            try await bridge.settled()
            #expect(try await bridge.store.delivery(dead[0].id)?.record.state == .accepted)
            #expect(try await bridge.store.refusedRecipients(limit: 9).isEmpty)
            try await fail(4, bridge)
            #expect(sent(bridge).count == 7)
            #expect(try await remove(address, bridge) == 404)
        }
    }

    /// A server without SMTPUTF8 says nothing against the address: it is tried again with the next event.
    @Test func anAddressBeyondASCIIIsNotSuppressedByAServerThatCannotTakeIt() async throws {
        let lacking = Reply(classification: .permanent, text: "no SMTPUTF8", reason: .smtpUTF8NotOffered)
        let rules = "rules: [{name: one, when: failed, notify: ['jörg@example.com']}]"
        try await RunningBridge.with(rules: rules, replies: [lacking, lacking], connectionsMax: 1) { bridge in
            for number in 1...3 { try await fail(number, bridge) }
            #expect(sent(bridge) == Array(repeating: "jörg@example.com", count: 3))
            #expect(bridge.transport.messages.count { $0.needsSMTPUTF8 } == 3)
            #expect(try await bridge.store.refusedRecipients(limit: 9).isEmpty)
            let ended = try await bridge.store.deliveries(state: nil, before: nil, limit: 9)
            #expect(ended.map(\.state) == [.accepted, .dead, .dead])
            #expect(ended.map(\.lastReply?.reason) == [nil, .smtpUTF8NotOffered, .smtpUTF8NotOffered])
        }
    }

    /// More of them than a page of a list holds.
    @Test func aLongListOutlivesARestartWhole() async throws {
        let rules = (0..<6).map { rule in
            let addresses = (0..<100).map { "r\(rule)-\($0)@example.com" }.joined(separator: ", ")
            return "{name: rule-\(rule), when: failed, notify: [\(addresses)]}"
        }
        let text = "rules: [\(rules.joined(separator: ", "))]"
        let store = KeptStore(MemoryStore())
        let replies = Array(repeating: Self.refused, count: 600)
        try await RunningBridge.with(rules: text, replies: replies, store: store) { try await fail(1, $0) }
        #expect(try await store.refusedAddresses().count == 600)
        try await RunningBridge.with(rules: text, store: store) { bridge in
            try await fail(2, bridge)
            #expect(sent(bridge).isEmpty, "\(sent(bridge).count) refused addresses were tried once more")
        }
    }

    @Test func theListOutlivesARestartAndCanBeShortened() async throws {
        let store = KeptStore(MemoryStore())
        try await RunningBridge.with(rules: Self.rules, replies: [Self.refused], store: store, connectionsMax: 1) {
            try await fail(1, $0)
        }
        let address = try #require(try await store.refusedRecipients(limit: 9).first?.address)
        try await RunningBridge.with(rules: Self.rules, store: store, connectionsMax: 1) { bridge in
            try await fail(2, bridge)
            #expect(sent(bridge).count == 1 && !sent(bridge).contains(address))
            #expect(try await remove(address, bridge) == 200)
            bridge.clock.advance(by: .seconds(1))
            try await fail(3, bridge)
            #expect(sent(bridge).count == 3 && sent(bridge).contains(address))
        }
    }
}
