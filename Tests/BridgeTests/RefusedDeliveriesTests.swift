import Bridge
import Events
import Foundation
import TestSupport
import Testing
import Transports

/// Refused deliveries: kept only on request, in memory, within bounds, and explained without being shown.
@Suite(.timeLimit(.minutes(2))) struct RefusedDeliveriesTests {
    private static let rules = ReceivingTests.rules

    private func json(_ bridge: RunningBridge, _ path: String) async throws -> (status: Int, value: JSONValue?) {
        let answer = try await bridge.exchange.send(.init(url: bridge.adminURL + path))
        return (answer.status, try? JSONValue.decode(answer.body))
    }

    private func refuse(_ bridge: RunningBridge, _ body: String, value: String) async throws {
        let answer = try await bridge.exchange.send(
            .init(
                method: "POST", url: bridge.webhookURL, headers: [("X-Keywordsai-Signature", value)],
                body: Array(body.utf8)))
        #expect(answer.status == 401 && answer.text == #"{"error":"signature does not match"}"#)
    }

    @Test func nothingIsKeptUnlessItIsAskedFor() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            try await refuse(bridge, "{}", value: "x")
            let answer = try await json(bridge, "/api/refused")
            #expect(answer.status == 409)
            #expect(answer.value?["error"]?.string?.contains("--keep-refused") == true)
        }
    }

    @Test func aKeptDeliveryIsExplainedAndNotShown() async throws {
        try await RunningBridge.with(rules: Self.rules, keepsRefused: true) { bridge in
            let body = #"{"unique_id": "private-text"}"#
            let compact = #"{"unique_id":"private-text"}"#
            let field = SignatureScheme.keywordsai.sign(Array(compact.utf8), with: RunningBridge.secret)
            try await refuse(bridge, body, value: field.value)
            _ = try await bridge.post(#"{"unique_id": "fine"}"#)
            let list = try await json(bridge, "/api/refused")
            #expect(list.value?.array?.count == 1)
            #expect(list.value?.array?.first?["source"] == .string("test"))
            #expect(list.value?.array?.first?["sender"] == .string("127.0.0.1"))
            let one = try await json(bridge, "/api/refused/1")
            #expect(one.value?["diagnosis"]?["verifies"] == .bool(false))
            #expect(one.value?["diagnosis"]?["match"]?["text"] == .string("compact"))
            #expect(one.value?["lines"]?.array?.isEmpty == false)
            for value in [list.value, one.value] {
                let text = value?.text ?? ""
                #expect(!text.contains("private-text") && !text.contains(field.value))
                #expect(!text.contains("in_process") && !text.contains("aW4gcHJvY2Vzcy"))
            }
            #expect(try await json(bridge, "/api/refused/2").status == 404)
            #expect(try await json(bridge, "/api/refused/x").status == 404)
        }
    }

    @Test func aKeptDeliveryIsForgottenAfterTenMinutes() async throws {
        try await RunningBridge.with(rules: Self.rules, keepsRefused: true) { bridge in
            try await refuse(bridge, "{}", value: "x")
            bridge.clock.advance(by: .seconds(599))
            #expect(try await json(bridge, "/api/refused").value?.array?.count == 1)
            bridge.clock.advance(by: .seconds(1))
            #expect(try await json(bridge, "/api/refused").value?.array?.isEmpty == true)
            #expect(try await json(bridge, "/api/refused/1").status == 404)
        }
    }

    @Test func theAPINeedsTheAdminToken() async throws {
        let token = Secret(Array("an admin token of 32 characters.".utf8), label: "test")
        try await RunningBridge.with(rules: Self.rules, adminToken: token, keepsRefused: true) { bridge in
            try await refuse(bridge, "{}", value: "x")
            #expect(try await json(bridge, "/api/refused").status == 401)
            #expect(try await json(bridge, "/api/refused/1").status == 401)
        }
    }

    private static func request(bytes: Int, at seconds: Int64 = 0) -> InboundRequest {
        InboundRequest(
            source: "s", headers: [], body: [UInt8](repeating: 0x20, count: bytes),
            receivedAt: Timestamp(seconds: seconds))
    }

    @Test func numberAndBytesAreBounded() {
        let now = Timestamp(seconds: 0)
        let many = RefusedDeliveries()
        for _ in 0..<50 { many.keep(Self.request(bytes: 10)) }
        #expect(many.all(at: now).map(\.id) == Array(31...50))
        let large = RefusedDeliveries()
        large.keep(Self.request(bytes: RefusedDeliveries.deliveryBytesMax + 1))
        #expect(large.all(at: now).isEmpty)
        for _ in 0..<10 { large.keep(Self.request(bytes: RefusedDeliveries.deliveryBytesMax)) }
        #expect(large.all(at: now).count == RefusedDeliveries.bytesMax / RefusedDeliveries.deliveryBytesMax)
        #expect(large.all(at: now).reduce(0) { $0 + $1.bytes } <= RefusedDeliveries.bytesMax)
    }

    /// What would become too old before the next sweep goes with this one.
    @Test func nothingIsHeldLongerThanTenMinutes() {
        let refused = RefusedDeliveries()
        refused.keep(Self.request(bytes: 1, at: 0))
        refused.keep(Self.request(bytes: 1, at: 1))
        refused.sweep(at: Timestamp(seconds: 570), every: 30)
        #expect(refused.all(at: Timestamp(seconds: 570)).map(\.id) == [2])
    }
}
