import Bridge
import Events
import Mail
import Rules
import Store
import TestSupport
import Testing
import Transports

/// How a bridge ends: in order, and also when a part of it fails.
@Suite(.timeLimit(.minutes(3))) struct EndingTests {
    static let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"

    @Test func mailsUnderWayAreFinishedAndTheRestWaitsForTheNextStart() async throws {
        let store = KeptStore(MemoryStore())
        try await RunningBridge.with(rules: Self.rules, store: store, connectionsMax: 1) { bridge in
            // The first mail of a start goes alone, until it is known that the server takes our login.
            _ = try await bridge.post(#"{"unique_id": "m0", "status_code": 500}"#)
            try await bridge.settled()
            bridge.transport.block()
            let events = (1...5).map { #"{"unique_id": "m\#($0)", "status_code": 500}"# }
            _ = try await bridge.post("[" + events.joined(separator: ",") + "]")
            while bridge.transport.messages.count < 3 { try await Task.sleep(for: .milliseconds(5)) }
        }
        let states = try await store.deliveries(state: nil, before: nil, limit: 10).map(\.state)
        #expect(states.count == 6)
        #expect(states.count { $0 == .accepted } == 3, "the first, and both that were under way")
        #expect(states.count { $0 == .queued } == 3)
    }

    @Test func aMailThatTheShutdownCameBeforeCountsNoAttempt() async throws {
        let store = KeptStore(MemoryStore())
        let late = Reply(classification: .notAttempted, text: "not begun")
        try await RunningBridge.with(rules: Self.rules, replies: [late], store: store, connectionsMax: 1) { bridge in
            bridge.transport.block()
            _ = try await bridge.post(#"{"unique_id": "m1", "status_code": 500}"#)
            while bridge.transport.messages.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        }
        let record = try #require(try await store.deliveries(state: nil, before: nil, limit: 10).first)
        #expect(record.state == .queued)
        #expect(record.attempts == 0)
    }

    @Test func aPortThatIsTakenEndsTheBridgeWithItsError() async throws {
        try await RunningBridge.with(rules: Self.rules) { first in
            let port = try #require(first.webhookURL.split(separator: ":").last?.split(separator: "/").first)
            await #expect(throws: (any Error).self) {
                try await RunningBridge.with(rules: Self.rules, webhookPort: Int(port) ?? 0) { _ in }
            }
        }
    }

    @Test func aStoreThatFailsForGoodEndsTheBridge() async throws {
        let store = KeptStore(MemoryStore())
        await #expect(throws: StoreError.unavailable(detail: "disk I/O error", fatal: true)) {
            try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
                store.fail(.unavailable(detail: "disk I/O error", fatal: true))
                // Whoever looks at the store first ends the bridge: the door may be closed already.
                let answer = try? await bridge.post(#"{"unique_id": "m1", "status_code": 500}"#)
                #expect(answer?.status ?? 503 == 503)
                try await bridge.ended()
            }
        }
    }

    @Test func theAdminAddressAsksForItsTokenAndRefusesPages() async throws {
        let token = Secret(Array("admin-token-0123456789".utf8), label: "test")
        try await RunningBridge.with(rules: Self.rules, adminToken: token) { bridge async throws -> Void in
            let url = bridge.adminURL + "/api/events"
            #expect(try await bridge.exchange.send(.init(url: url)).status == 401)
            let wrong = HTTPExchange.Request(url: url, headers: [("Authorization", "Bearer nonsense")])
            #expect(try await bridge.exchange.send(wrong).status == 401)
            let right = HTTPExchange.Request(url: url, headers: [("Authorization", "Bearer admin-token-0123456789")])
            #expect(try await bridge.exchange.send(right).status == 200)
            #expect(try await bridge.exchange.send(.init(url: bridge.adminURL + "/healthz")).status == 200)
        }
        try await RunningBridge.with(rules: Self.rules) { bridge async throws -> Void in
            let url = bridge.adminURL + "/api/mails"
            #expect(try await bridge.exchange.send(.init(url: url)).status == 200)
            let page = HTTPExchange.Request(url: url, headers: [("Origin", "https://evil.example")])
            #expect(try await bridge.exchange.send(page).status == 401)
            let rebound = HTTPExchange.Request(url: url, headers: [("Host", "evil.example")])
            #expect(try await bridge.exchange.send(rebound).status == 401)
            #expect(try await bridge.exchange.send(.init(url: url + "?state=bogus")).status == 400)
        }
    }
}
