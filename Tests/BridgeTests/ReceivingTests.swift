import Bridge
import Events
import Foundation
import Store
import TestSupport
import Testing
import Transports

/// The receiving side over real HTTP: what a sender is told, and what is stored.
@Suite(.timeLimit(.minutes(2))) struct ReceivingTests {
    static let rules = """
        rules:
          - {name: failed-calls, when: failed, notify: a@example.com}
        """

    @Test func aSignedEventIsStoredOnceAndKnownAgain() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let first = try await bridge.post(#"{"unique_id": "e1", "status_code": 200}"#)
            #expect(first.status == 200)
            #expect(first.text == #"{"status":"accepted","id":"1"}"#)
            let again = try await bridge.post(#"{"unique_id": "e1", "status_code": 200}"#)
            #expect(again.text == #"{"status":"duplicate","id":"1"}"#)
            let revised = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            #expect(revised.text == #"{"status":"revision","id":"2"}"#)
            try await bridge.settled()
            #expect(bridge.transport.messages.isEmpty, "a revision is evaluated only by rules that ask for it")
        }
    }

    @Test func anArrayIsOneAnswer() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let answer = try await bridge.post(
                #"[{"unique_id": "a", "status_code": 500}, {"unique_id": "b"}, {"unique_id": "a", "status_code": 500}]"#
            )
            #expect(answer.text == #"{"status":"accepted","ids":["1","2","1"],"duplicates":1}"#)
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 1)
        }
    }

    @Test func aLargeBodyIsVerifiedAsASmallOneIs() async throws {
        let padding = Receiver.verifiedInPlaceBytesMax * 4
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let large = EventMaker.body("large", status: 500, padding: padding)
            let forged = try await bridge.post(large, secret: Secret(Array("another".utf8), label: "test"))
            #expect(forged.status == 401)
            #expect(try await bridge.post(large).text == #"{"status":"accepted","id":"1"}"#)
            #expect(try await bridge.post(#"{"broken": \#(String(repeating: "x", count: padding))}"#).status == 400)
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 1)
        }
    }

    @Test func whatDoesNotVerifyGetsOneConstantAnswer() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let body = Array(#"{"unique_id": "e1"}"#.utf8)
            let right = SignatureScheme.keywordsai.sign(body, with: RunningBridge.secret)
            let attempts: [(headers: [(name: String, value: String)], body: [UInt8])] = [
                ([], body),
                ([(right.name, String(right.value.dropLast() + "x"))], body),
                ([(right.name, String(repeating: "0", count: 64))], body),
                ([(right.name, right.value)], body + [0x20, 0x21]),
                ([(right.name, right.value)], []),
                ([(right.name, "")], Array("not json".utf8)),
            ]
            for attempt in attempts {
                let answer = try await bridge.exchange.send(
                    .init(method: "POST", url: bridge.webhookURL, headers: attempt.headers, body: attempt.body))
                #expect(answer.status == 401)
                #expect(answer.text == #"{"error":"signature does not match"}"#)
            }
            #expect(try await bridge.store.status(now: bridge.clock.now()).events == 0)
        }
    }

    @Test(arguments: ["", "not json", "null", "[]", "42", "[1]", #"{"a": }"#])
    func aRightlySignedBodyWithoutAnEventIsTheSendersFault(body: String) async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let answer = try await bridge.post(body)
            #expect(answer.status == 400)
            #expect(!answer.text.contains("not json"), "the answer echoes the body")
            #expect(try await bridge.store.status(now: bridge.clock.now()).events == 0)
        }
    }

    @Test func pathMethodSizeAndEncodingAreLookedAtFirst() async throws {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 1_000
        try await RunningBridge.with(rules: Self.rules, limits: limits) { bridge in
            let elsewhere = bridge.webhookURL.replacingOccurrences(of: "webhook/", with: "other")
            #expect(try await bridge.exchange.send(.init(method: "POST", url: elsewhere)).status == 404)
            let get = try await bridge.exchange.send(.init(url: bridge.webhookURL))
            #expect(get.status == 405)
            #expect(get.header("allow") == "POST")
            #expect(try await bridge.post(String(repeating: " ", count: 1_001)).status == 413)
            let packed = HTTPExchange.Request(
                method: "POST", url: bridge.webhookURL, headers: [("Content-Encoding", "gzip")], body: [1, 2, 3])
            #expect(try await bridge.exchange.send(packed).status == 415)
            let bare = String(bridge.webhookURL.dropLast())
            #expect(try await bridge.exchange.send(.init(method: "POST", url: bare, body: [1])).status == 401)
            #expect(try await bridge.post(#"{"unique_id": "still fine"}"#).status == 200)
        }
    }

    @Test func aFullStoreIsAnsweredWithTryAgain() async throws {
        let store = MemoryStore(options: StoreOptions(floorBytes: 1_000, freeBytes: { 999 }))
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            let answer = try await bridge.post(#"{"unique_id": "e1"}"#)
            #expect(answer.status == 503)
            #expect(answer.header("retry-after") == "30")
            let ready = try await bridge.exchange.send(.init(url: bridge.adminURL + "/readyz"))
            #expect(ready.status == 503)
        }
    }
}

extension HTTPExchange.Response {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}
