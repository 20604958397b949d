import Bridge
import Events
import Logging
import Store
import TestSupport
import Testing

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
}
