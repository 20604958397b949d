import Bridge
import Events
import Mail
import Rules
import Store
import TestSupport
import Testing
import Transports

/// What `/readyz` and the operators are told of mail servers that mails go past.
@Suite(.timeLimit(.minutes(2))) struct PassedOverServerTests {
    private static let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"

    private func smtp(_ server: RawSMTPServer) throws -> FailoverTransport.Server {
        let configuration = try SMTPConfiguration(
            host: "127.0.0.1", port: server.port, security: .unprotected, login: nil)
        return .init(name: "smtp://127.0.0.1:\(server.port)", transport: SMTPTransport(configuration: configuration))
    }

    /// A mail server that refuses our sender at first, so many times.
    private func refusing(_ times: Int) throws -> RawSMTPServer {
        try RawSMTPServer { number in
            number < times ? .init(answers: ["MAIL": .send("550 5.7.1 not from you\r\n")]) : .init()
        }
    }

    private func ready(
        _ bridge: RunningBridge, _ headers: [(name: String, value: String)] = []
    ) async throws -> (status: Int, value: JSONValue) {
        let answer = try await bridge.exchange.send(.init(url: bridge.adminURL + "/readyz", headers: headers))
        return (answer.status, try JSONValue.decode(answer.body))
    }

    private func seconds(_ value: JSONValue?, after now: Timestamp) throws -> Duration {
        let text = try #require(value?.string)
        return try #require(Timestamp(rfc3339: text)) - now
    }

    @Test func aServerThatRefusesUsIsShownAndTheBridgeStaysReady() async throws {
        let (first, second) = (try refusing(1), try RawSMTPServer())
        let servers = [try smtp(first), try smtp(second)]
        func adjust(_ parts: inout Bridge.Parts) { parts.transport = FailoverTransport(servers) }
        try await RunningBridge.with(rules: Self.rules, adjust: adjust) { bridge in
            let before = try await ready(bridge)
            #expect(before.status == 200 && before.value["mail_servers"]?.array?.count == 2)
            #expect(before.value["mail_servers"]?.array?.allSatisfy { $0["passed_over"] == .null } == true)

            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled()
            let after = try await ready(bridge)
            #expect(after.status == 200 && after.value["reasons"]?.array?.isEmpty == true)
            let shown = after.value["mail_servers"]?.array ?? []
            try #require(shown.count == 2)
            #expect(shown[0]["server"]?.string == "smtp://127.0.0.1:\(first.port)")
            let passedOver = try #require(shown[0]["passed_over"])
            #expect(passedOver["class"]?.string == "configuration")
            #expect(passedOver["reason"]?.string == "sender_refused")
            #expect(passedOver["problem"]?.string?.contains("refuses the sender's address") == true)
            let now = bridge.clock.now()
            let until = try seconds(passedOver["until"], after: now)
            #expect(until > .seconds(600) && until <= .seconds(901))
            #expect(try seconds(passedOver["since"], after: now) <= .seconds(1))
            #expect(shown[1]["passed_over"] == .null)

            // What was mended is tried at the operator's word.
            let resumed = try await bridge.exchange.send(
                .init(method: "POST", url: bridge.adminURL + "/api/mails/resume", body: []))
            #expect(resumed.status == 200)
            _ = try await bridge.post(#"{"unique_id": "e2", "status_code": 500}"#)
            try await bridge.settled()
            #expect(first.records.flatMap(\.texts).count == 1 && second.records.flatMap(\.texts).count == 1)
            #expect(try await ready(bridge).value["mail_servers"]?.array?.first?["passed_over"] == .null)
        }
    }

    @Test func withNoServerLeftTheBridgeIsNotReady() async throws {
        let raw = [try refusing(9), try refusing(9)]
        let servers = try raw.map(smtp)
        func adjust(_ parts: inout Bridge.Parts) { parts.transport = FailoverTransport(servers) }
        try await RunningBridge.with(rules: Self.rules, adminToken: .bearer, adjust: adjust) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled { $0 == .held }
            // The hold of the queue ends before the pauses of the servers, and says nothing of theirs.
            bridge.clock.advance(by: .seconds(1_200))
            try await bridge.settled { $0 == .queued }
            let words = "no mail server takes mails: The mail server refuses the sender's address."
            let told = try await ready(bridge, [("Authorization", "Bearer \(Secret.bearerText)")])
            #expect(told.status == 503)
            #expect(told.value["reasons"]?.array?.contains { $0.string?.hasPrefix(words) ?? false } == true)
            // Nothing of it is for those who show no token.
            let bare = try await ready(bridge)
            #expect(bare.status == 503 && bare.value["mail_servers"] == nil && bare.value["reasons"] == nil)
            #expect(raw.allSatisfy { $0.records.count == 1 }, "each was asked once")
        }
    }

    @Test func operatorsAreToldThroughTheServerThatWorks() async throws {
        let raw = try refusing(9)
        let server = try smtp(raw)
        let recording = RecordingTransport()
        func adjust(_ parts: inout Bridge.Parts) {
            parts.transport = FailoverTransport([server, .init(name: "second", transport: recording)])
            parts.operators.addresses = ["ops@example.com"]
            parts.operatorPause = .milliseconds(20)
        }
        try await RunningBridge.with(rules: Self.rules, adjust: adjust) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            for _ in 0..<1_000 where recording.messages.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
            let told = try #require(recording.messages.first { $0.recipient.description == "ops@example.com" })
            let mail = ReadableMessage(told.bytes)
            #expect(mail.subject == "[trouble] Mails go past \(server.name)")
            #expect(raw.records.count == 1)
            #expect(mail.text.contains("refuses the sender's address") && mail.text.contains("Another server takes"))
        }
    }
}

extension Secret {
    fileprivate static let bearerText = "a-token-of-operators-0123456789abcdef"
    fileprivate static let bearer = Secret(Array(bearerText.utf8), label: "admin_token")
}
