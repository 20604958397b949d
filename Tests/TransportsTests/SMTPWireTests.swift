import Mail
import TestSupport
import Testing

@testable import Transports

/// What is on the wire, byte for byte, and what never is.
@Suite(.timeLimit(.minutes(2)))
struct SMTPWireTests {
    @Test func commandsAndTextAreExactlyThese() async throws {
        let server = try RawSMTPServer(.init(capabilities: ["SIZE 10000000", "8BITMIME"]))
        let message = try TestMessages.message()
        let reply = try await TestMessages.send(message, port: server.port)
        #expect(reply.classification == .accepted)
        #expect(reply.code == 250)
        #expect(reply.enhancedCode == "2.0.0")
        #expect(reply.text == "250 2.0.0 taken")
        let records = try await server.records { $0.first?.commands.last == "QUIT" }
        #expect(
            records.map(\.commands) == [
                [
                    "EHLO client.example.test", "MAIL FROM:<alerts@example.test> SIZE=\(message.bytes.count)",
                    "RCPT TO:<someone@example.test>", "DATA", "QUIT",
                ]
            ]
        )
        #expect(records.map(\.texts) == [[message.bytes]])
    }

    /// Bodies at libcurl's weak places: sizes around its buffers, many line ends, lines of the full length, dots inside
    /// lines, and what looks like commands.
    static let bodies: [String] =
        [65_534, 65_535, 65_536, 65_537, 131_072, 1_000_001].map { size in
            let line = String(repeating: "x", count: 76) + "\r\n"
            return String(repeating: line, count: size / 78) + String(repeating: "y", count: size % 78) + "\r\n"
        } + [
            "\r\n", String(repeating: "\r\n", count: 50_000), String(repeating: "z", count: 998) + "\r\n",
            String(repeating: "a.\r\n", count: 30_000), "x.\r\nQUIT\r\nMAIL FROM:<a@b.c>\r\nDATA\r\n",
            "=2E\r\n=2E=2E\r\n", "-.\r\n \r\n\t.\r\n",
        ]

    @Test(arguments: bodies.indices)
    func hostileBodyArrivesByteForByte(_ index: Int) async throws {
        let server = try RawSMTPServer(.init(capabilities: ["SIZE"]))
        let message = try TestMessages.message(body: Self.bodies[index])
        let reply = try await TestMessages.send(message, port: server.port)
        #expect(reply.classification == .accepted)
        #expect(server.records.flatMap(\.texts) == [message.bytes])
    }

    @Test(arguments: [
        "no line end", "bare\nLF\r\n", "bare\rCR\r\n", "\r\n.\r\nsmuggled\r\n", "\n.\n\r\n", "8-bit: é\r\n",
        "NUL \0\r\n",
        String(repeating: "l", count: 999) + "\r\n", "\r", "ends with LF\n",
    ])
    func unsafeTextNeverLeaves(_ body: String) async throws {
        let server = try RawSMTPServer()
        let reply = try await TestMessages.send(TestMessages.message(body: body), port: server.port)
        #expect(reply.classification == .permanent)
        #expect(reply.text.hasPrefix("Not sent:"))
        #expect(server.records.isEmpty)
    }

    /// libcurl would send these as they are; no address can hold them.
    @Test(arguments: [
        "x\r\nRCPT TO:<victim@example.test", "x> NOTIFY=SUCCESS <y", "x\0y", "a b", "a,b", "a;b", "\"q\"", "é\u{202E}",
    ])
    func unsafeAddressDoesNotExist(_ localPart: String) {
        #expect(throws: AddressFault.self) { try Address(parsing: "\(localPart)@example.test") }
    }

    @Test func longRepliesAreCutOffAndShortened() async throws {
        let endless = String(repeating: "250-" + String(repeating: "x", count: 500) + "\r\n", count: 300) + "250 ok\r\n"
        let server = try RawSMTPServer(.init(answers: ["MAIL": .send(endless)]))
        let reply = try await TestMessages.send(TestMessages.message(), port: server.port)
        #expect(reply.classification == .host)

        let wordy =
            "550-5.7.1 " + String(repeating: "a", count: 400) + "\r\n550 5.7.1 \u{1B}[31m"
            + String(repeating: "b", count: 400) + "\r\n"
        let other = try RawSMTPServer(.init(answers: ["RCPT": .send(wordy)]))
        let refusal = try await TestMessages.send(TestMessages.message(), port: other.port)
        #expect(refusal.classification == .permanent)
        #expect(refusal.enhancedCode == "5.7.1")
        #expect(refusal.text.unicodeScalars.count <= 500)
        #expect(!refusal.text.utf8.contains(0x1B))
    }

    @Test func successAfterTheDotWithAnotherCodeIsAccepted() async throws {
        let server = try RawSMTPServer(.init(answers: [".": .send("251 2.1.5 will forward\r\n")]))
        let reply = try await TestMessages.send(TestMessages.message(), port: server.port)
        #expect(reply.classification == .accepted)
        #expect(reply.code == 251)
    }

    @Test func dialogueIsShownWithoutSecrets() async throws {
        let server = try RawSMTPServer()
        let lines = LineRecorder()
        let reply = try await TestMessages.send(TestMessages.message(), port: server.port) { configuration in
            configuration.onDialogue = { lines.add($0) }
        }
        #expect(reply.classification == .accepted)
        #expect(lines.all.contains(.received("220 raw.example.test ESMTP")))
        #expect(lines.all.contains(.sent("MAIL FROM:<alerts@example.test>")))
        #expect(lines.all.contains(.received("250 2.0.0 taken")))
        #expect(!lines.all.contains { "\($0)".contains("Hello.") })
    }
}
