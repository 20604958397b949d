import Bridge
import Events
import Foundation
import Store
import TestSupport
import Testing
import Transports

/// Other senders over real HTTP: what they are told, and what is stored.
@Suite(.timeLimit(.minutes(2))) struct SchemeReceivingTests {
    private static let rules = """
        rules:
          - {name: issues, when: event_type == "issues" and event.action == "opened", notify: a@example.com}
        """

    private static let loopback = "127.0.0.0/8"

    private func with(
        _ scheme: SignatureScheme, allowed: [String] = [], trusted: [String] = [],
        _ body: @Sendable @escaping (RunningBridge) async throws -> Void
    ) async throws {
        let verifier = SignatureVerifier(
            source: "test", scheme: scheme, secrets: scheme.takesSecrets ? [RunningBridge.secret] : [],
            allowed: try allowed.map { try AddressBlock($0) })
        try await RunningBridge.with(
            rules: Self.rules, verifier: verifier, trustedProxies: try trusted.map { try AddressBlock($0) }, body)
    }

    private static func post(
        _ bridge: RunningBridge, _ scheme: SignatureScheme, _ body: String,
        more: [(name: String, value: String)] = [], id: String = "d-1", at: Timestamp? = nil
    ) async throws -> HTTPExchange.Response {
        let bytes = Array(body.utf8)
        let signed = scheme.sign(bytes, with: RunningBridge.secret, at: at ?? bridge.clock.now(), id: id) ?? []
        return try await bridge.exchange.send(
            .init(
                method: "POST", url: bridge.webhookURL, headers: signed.map { ($0.name, $0.value) } + more, body: bytes
            ))
    }

    @Test func gitHubsPingIsAnsweredAndNotStored() async throws {
        try await with(.github) { bridge in
            let ping = try await Self.post(
                bridge, .github, #"{"zen":"Keep it logically awesome."}"#, more: [("X-GitHub-Event", "ping")])
            #expect(ping.status == 200 && ping.text == #"{"status":"pong"}"#)
            let forged = try await bridge.exchange.send(
                .init(
                    method: "POST", url: bridge.webhookURL, headers: [("X-GitHub-Event", "ping")], body: [0x7B, 0x7D]))
            #expect(forged.status == 401)
            #expect(try await bridge.store.status(now: bridge.clock.now()).events == 0)
        }
    }

    @Test func gitHubsDeliveryIsKnownByItsIdAndTypedByItsHeader() async throws {
        try await with(.github) { bridge in
            let body = #"{"action":"opened","issue":{"number":7}}"#
            let type = [(name: "X-GitHub-Event", value: "issues")]
            let first = try await Self.post(bridge, .github, body, more: type)
            #expect(first.text == #"{"status":"accepted","id":"1"}"#)
            let again = try await Self.post(bridge, .github, body, more: type)
            #expect(again.text == #"{"status":"duplicate","id":"1"}"#)
            let other = try await Self.post(bridge, .github, body, more: type, id: "d-2")
            #expect(other.text == #"{"status":"accepted","id":"2"}"#)
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 2)
            let records = try await bridge.store.events(before: nil, limit: 10)
            #expect(records.map(\.key.type) == ["issues", "issues"])
            #expect(records.map(\.key.origin) == [.delivery, .delivery])
        }
    }

    @Test func slacksChallengeComesBackAndIsNotStored() async throws {
        try await with(.slack) { bridge in
            let body = #"{"token":"t","challenge":"3eZbrw1aBm2rZgRNFdxV","type":"url_verification"}"#
            let answer = try await Self.post(bridge, .slack, body)
            #expect(answer.status == 200 && answer.text == #"{"challenge":"3eZbrw1aBm2rZgRNFdxV"}"#)
            #expect(answer.header("content-type") == "application/json")
            let unsigned = try await bridge.exchange.send(
                .init(method: "POST", url: bridge.webhookURL, body: Array(body.utf8)))
            #expect(unsigned.status == 401 && !unsigned.text.contains("3eZbrw"))
            let long = #"{"challenge":"\#(String(repeating: "x", count: 5_000))","type":"url_verification"}"#
            let refused = try await Self.post(bridge, .slack, long)
            #expect(refused.status == 400 && !refused.text.contains("xxx"))
            #expect(try await bridge.store.status(now: bridge.clock.now()).events == 0)
        }
    }

    @Test(arguments: [SignatureScheme.standardWebhooks, .stripe, .slack])
    func replaysAreRefusedBothWays(scheme: SignatureScheme) async throws {
        try await with(scheme) { bridge in
            let now = bridge.clock.now()
            let body = #"{"id":"evt_1","event_id":"Ev1","type":"a"}"#
            for (seconds, status) in [(-301, 401), (301, 401), (-300, 200), (300, 200)] as [(Int64, Int)] {
                let signedAt = Timestamp(seconds: now.microseconds / 1_000_000 + seconds)
                let answer = try await Self.post(bridge, scheme, body, at: signedAt)
                #expect(answer.status == status, "\(seconds) s")
                if status == 401 { #expect(answer.text == #"{"error":"signature does not match"}"#) }
            }
        }
    }

    @Test func aTokenIsEnough() async throws {
        try await with(.token(TokenScheme())) { bridge in
            #expect(try await Self.post(bridge, .token(TokenScheme()), #"{"a":1}"#).status == 200)
            for value in ["Bearer x", "Basic x", "Bearer", ""] {
                let answer = try await bridge.exchange.send(
                    .init(
                        method: "POST", url: bridge.webhookURL, headers: [("Authorization", value)], body: [0x7B, 0x7D])
                )
                #expect(answer.status == 401, "\(value)")
            }
        }
    }

    @Test func anAddressIsEnoughWhereNothingIsSigned() async throws {
        try await with(.none, allowed: [Self.loopback]) { bridge in
            #expect(try await Self.post(bridge, .none, #"{"a":1}"#).status == 200)
            // A proxy of this machine that nobody named: whoever stands behind it is unknown.
            let proxied = try await Self.post(bridge, .none, #"{"a":2}"#, more: [("X-Forwarded-For", "127.0.0.1")])
            #expect(proxied.status == 401)
        }
    }

    @Test func aRightSignatureFromElsewhereGetsTheConstantAnswer() async throws {
        try await with(.keywordsai, allowed: ["203.0.113.0/24"]) { bridge in
            let answer = try await bridge.post(#"{"unique_id":"u"}"#)
            #expect(answer.status == 401 && answer.text == #"{"error":"signature does not match"}"#)
            let spoofed = try await Self.post(
                bridge, .keywordsai, #"{"unique_id":"u"}"#, more: [("X-Forwarded-For", "203.0.113.9")])
            #expect(spoofed.status == 401, "no proxy is trusted, so the header counts for nothing")
        }
    }

    @Test func aTrustedProxySpeaksForTheSender() async throws {
        try await with(.keywordsai, allowed: ["203.0.113.0/24"], trusted: [Self.loopback]) { bridge in
            let rows: [(String, String, Int)] = [
                ("X-Forwarded-For", "203.0.113.9", 200), ("Forwarded", "for=203.0.113.9", 200),
                // The sender wrote the first address, the proxy the last.
                ("X-Forwarded-For", "203.0.113.9, 192.0.2.1", 401), ("X-Forwarded-For", "192.0.2.1, 203.0.113.9", 200),
                ("Forwarded", "for=203.0.113.9, for=192.0.2.1", 401), ("X-Real-IP", "203.0.113.9", 401),
            ]
            for (name, value, status) in rows {
                let answer = try await Self.post(
                    bridge, .keywordsai, #"{"unique_id":"u"}"#, more: [(name, value)])
                #expect(answer.status == status, "\(name): \(value)")
            }
            let both = try await Self.post(
                bridge, .keywordsai, #"{"unique_id":"u"}"#,
                more: [("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=203.0.113.9")])
            #expect(both.status == 401, "a stranger's Forwarded passed on by the proxy")
        }
    }
}
