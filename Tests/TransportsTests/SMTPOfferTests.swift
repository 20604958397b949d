import Mail
import TestSupport
import Testing

@testable import Transports

/// What counts as the offer of a login or of TLS: exactly what libcurl takes for one.
@Suite(.timeLimit(.minutes(2)))
struct SMTPOfferTests {
    private func send(to front: TLSFront) async throws -> Reply {
        var configuration = try SMTPConfiguration(
            host: front.host, port: front.port, security: .implicitTLS,
            login: .password(username: "u-canary", password: Password("p-canary")), helloName: "client.example.test"
        )
        configuration.certificateAuthorityFile = front.certificateFile
        configuration.replySecondsMax = 10
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(5))
        return reply
    }

    /// libcurl would send the mail to these servers without a login.
    @Test(
        .enabled(if: TLSFront.isAvailable, "openssl is not installed"),
        arguments: ["AUTH=PLAIN LOGIN", "AUTH=PLAIN", "auth plain", "AUTH", "XAUTH PLAIN", "SIZE 1000000"])
    func noMailLeavesWithoutTheLogin(_ capability: String) async throws {
        let front = try await TLSFront(.init(capabilities: [capability]))
        let reply = try await send(to: front)
        #expect(reply.classification == .configuration, "\(reply)")
        #expect(reply.text.hasPrefix("The server offers no login"), "\(reply)")
        #expect(front.record.commands.filter { $0 != "QUIT" } == ["EHLO client.example.test"])
        #expect(front.record.texts.isEmpty)
    }

    /// The name in the reply to HELO is no offer, either.
    @Test(.enabled(if: TLSFront.isAvailable, "openssl is not installed"))
    func replyToHELOOffersNothing() async throws {
        let front = try await TLSFront(
            .init(answers: ["EHLO": .send("500 5.5.1 unknown\r\n"), "HELO": .send("250 AUTH PLAIN\r\n")]))
        let reply = try await send(to: front)
        #expect(reply.classification == .configuration, "\(reply)")
        #expect(!front.record.commands.contains { $0.hasPrefix("MAIL") || $0.hasPrefix("AUTH") })
    }

    @Test(.enabled(if: TLSFront.isAvailable, "openssl is not installed"))
    func offeredLoginIsUsed() async throws {
        let front = try await TLSFront(
            .init(answers: ["AUTH": .send("535 5.7.8 no\r\n")], capabilities: ["AUTH PLAIN LOGIN"]))
        let reply = try await send(to: front)
        #expect(reply.classification == .configuration, "\(reply)")
        #expect(reply.code == 535)
        #expect(front.record.commands.prefix(2) == ["EHLO client.example.test", "AUTH PLAIN"])
        #expect(!front.record.commands.contains { $0.hasPrefix("MAIL") })
    }

    /// Small letters are no offer for libcurl, so they are none for us.
    @Test(arguments: ["starttls", "StartTLS", "XSTARTTLS"])
    func strangeSTARTTLSIsNotOffered(_ capability: String) async throws {
        let server = try RawSMTPServer(.init(capabilities: [capability]))
        let configuration = try SMTPConfiguration(host: "127.0.0.1", port: server.port, security: .startTLS)
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(5))
        #expect(reply.classification == .configuration, "\(reply)")
        #expect(!server.records.flatMap(\.commands).contains { $0.hasPrefix("STARTTLS") || $0.hasPrefix("MAIL") })
    }

    /// Should the account of the conversation be behind libcurl's, 354 sets it right.
    @Test func goAheadIsTrustedAtEveryStage() {
        let replies = [
            "220 hello\r\n",
            "250-raw\r\n", "250 AUTH PLAIN\r\n", "250 sender\r\n", "250 recipient\r\n",
            "354 go on\r\n",
        ]
        for count in 1...replies.count {
            var dialogue = SMTPDialogue(security: .implicitTLS, wantsLogin: true)
            dialogue.beginUnconnected()
            for line in replies.prefix(count - 1) + ["354 go on\r\n"] { take(line, &dialogue) }
            #expect(dialogue.stage == .content, "after \(count - 1) lines")
            #expect(!dialogue.isOver)
            #expect(dialogue.last?.isPositive == true)
            take("250 2.0.0 taken\r\n", &dialogue)
            #expect(dialogue.isOver)
            #expect(dialogue.last?.stage == .content)
            #expect(dialogue.last?.isPositive == true)
        }
    }

    private func take(_ line: String, _ dialogue: inout SMTPDialogue) {
        let goesOn = Array(line.utf8).withUnsafeBufferPointer { dialogue.receive($0) }
        #expect(goesOn)
    }
}
