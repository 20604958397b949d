import Bridge
import Events
import Logging
import Store
import TestSupport
import Testing
import Transports

/// The operator is told which of the two doors was closed; the sender is not.
struct RefusalLogTests {
    @Test(arguments: [
        ("203.0.113.9", "request refused: signature does not match"),
        ("198.51.100.1", "request refused: its address is none of the source's `allow`"),
    ])
    func theLogSaysWhichDoorWasClosed(sender: String, message: String) throws {
        let messages = RecordingLogHandler.Messages()
        let allowed = try AddressBlock("203.0.113.0/24")
        let secret = Secret(Array("a secret that nobody presents".utf8), label: "test")
        let verifier = SignatureVerifier(
            source: "production", scheme: .keywordsai, secrets: [secret], allowed: [allowed])
        let receiver = Receiver(
            sources: Current(SourceTable([(path: "/hook", name: "production", verifier: verifier)])),
            store: MemoryStore(),
            evaluatorBell: Doorbell(), log: Logger(label: "test") { _ in RecordingLogHandler(messages) })
        let request = InboundRequest(
            source: "production", headers: [], body: [0x7B, 0x7D], receivedAt: Timestamp(seconds: 1),
            sender: IPAddress(sender))
        let verdict = receiver.judge(request)
        guard case .answer(.unverified) = verdict else {
            Issue.record("the verdict is \(verdict)")
            return
        }
        #expect(messages.texts == [message])
    }

    /// A wrong URL at the sender is told with the right ones, once a minute in all, and without what was asked for.
    @Test(.timeLimit(.minutes(1))) func aPostToAnUnknownPathIsToldWithThePathsThereAre() async throws {
        let messages = RecordingLogHandler.Messages()
        let message = "request refused: no source has its path"
        let log = Logger(label: "test") { _ in RecordingLogHandler(messages) }
        try await RunningBridge.with(rules: "", log: log) { bridge in
            let wrong = bridge.webhookURL + "canary-1?key=canary-2"
            #expect(try await bridge.exchange.send(.init(url: wrong)).status == 404)
            #expect(messages.fields(of: message).isEmpty, "whoever looks around is no sender")
            for path in ["", "-again", "/third"] {
                let answer = try await bridge.exchange.send(
                    .init(method: "POST", url: wrong + path, body: [0x7B, 0x7D]))
                #expect(answer.status == 404)
            }
            #expect(messages.fields(of: message) == [["paths": "/api/webhook", "unlogged_before": "0"]])
            bridge.clock.advance(by: .seconds(61))
            _ = try await bridge.exchange.send(.init(method: "POST", url: wrong, body: []))
            let fields = messages.fields(of: message)
            #expect(fields.count == 2 && fields.last?["unlogged_before"] == "2")
            #expect(!"\(fields)".contains("canary"))
        }
    }
}
