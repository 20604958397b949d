import Mail
import TestSupport
import Testing

@testable import Transports

/// Keeping, losing and cutting connections.
@Suite(.timeLimit(.minutes(2)))
struct SMTPConnectionTests {
    @Test func manyMailsUseOneConnection() async throws {
        let server = try RawSMTPServer()
        let transport = try TestMessages.transport(port: server.port, connectionsMax: 4)
        for _ in 0..<50 {
            #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        }
        await transport.shutdown(grace: .seconds(5))
        let records = try await server.records { $0.first?.commands.last == "QUIT" }
        #expect(records.count == 1)
        #expect(records[0].texts.count == 50)
    }

    /// The ways a server ends a kept connection between two mails: no attempt is lost by any.
    @Test(arguments: [
        RawSMTPServer.Answer.close, .reset, .sendAndClose("421 4.4.2 idle too long\r\n"),
    ])
    func closedKeptConnectionCostsNoAttempt(_ ending: RawSMTPServer.Answer) async throws {
        let server = try RawSMTPServer { number in
            // The first connection takes one mail; the second command MAIL on it meets the ending.
            number == 0 ? .init(secondMail: ending) : .init()
        }
        let transport = try TestMessages.transport(port: server.port)
        #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        let reply = try await transport.send(TestMessages.message())
        #expect(reply.classification == .accepted, "\(reply)")
        await transport.shutdown(grace: .seconds(5))
        #expect(server.records.map(\.texts.count) == [1, 1])
    }

    /// Hanging up unasked right after the first mail: the client finds the end, or the 421 before it, on the next one.
    @Test(arguments: ["250 ok\r\n", "250 ok\r\n421 4.4.2 good night\r\n"])
    func hangUpWhileIdleCostsNoAttempt(_ words: String) async throws {
        let server = try RawSMTPServer { number in
            number == 0 ? .init(answers: [".": .sendAndClose(words)]) : .init()
        }
        let transport = try TestMessages.transport(port: server.port)
        #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        let reply = try await transport.send(TestMessages.message())
        #expect(reply.classification == .accepted, "\(reply)")
        await transport.shutdown(grace: .seconds(5))
        #expect(server.records.map(\.texts.count) == [1, 1])
    }

    @Test func refusalOnKeptConnectionIsNotRepeated() async throws {
        let server = try RawSMTPServer { _ in .init(secondMail: .send("550 5.7.1 sender refused\r\n")) }
        let transport = try TestMessages.transport(port: server.port)
        #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        #expect(try await transport.send(TestMessages.message()).classification == .configuration)
        await transport.shutdown(grace: .seconds(5))
        #expect(server.records.count == 1)
    }

    @Test func cutAfterTheDotIsAmbiguousAndNotRepeated() async throws {
        let server = try RawSMTPServer(.init(answers: [".": .close]))
        let reply = try await TestMessages.send(TestMessages.message(), port: server.port)
        #expect(reply.classification == .ambiguous)
        #expect(server.records.count == 1)
    }

    @Test func cutInsideTheTextIsNotAmbiguous() async throws {
        // Far more text than the buffers between client and server hold.
        let server = try RawSMTPServer(.init(answers: ["DATA": .sendAndClose("354 go on\r\n")]))
        let message = try TestMessages.message(body: String(repeating: "0123456789\r\n", count: 2_000_000))
        let reply = try await TestMessages.send(message, port: server.port)
        #expect(reply.classification == .host, "\(reply)")
    }

    @Test func slowReplyAfterTheDotIsAwaited() async throws {
        // Longer than the stall limit: while a reply is awaited, no byte flows, and that is no stall.
        let server = try RawSMTPServer(.init(answers: [".": .sendAfter(.seconds(4), "250 2.0.0 at last\r\n")]))
        let reply = try await TestMessages.send(TestMessages.message(), port: server.port) { configuration in
            configuration.stallSecondsMax = 1
        }
        #expect(reply.classification == .accepted, "\(reply)")
        #expect(server.records.map(\.texts.count) == [1])
    }

    @Test func stalledUploadEnds() async throws {
        let server = try RawSMTPServer(.init(answers: ["DATA": .stopReading("354 go on\r\n")]))
        let message = try TestMessages.message(body: String(repeating: "0123456789\r\n", count: 2_000_000))
        let reply = try await TestMessages.send(message, port: server.port) { configuration in
            configuration.stallSecondsMax = 2
        }
        #expect(reply.classification == .host, "\(reply)")
    }

    @Test(arguments: ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
    func silenceBeforeTheTextIsTheHosts(_ point: String) async throws {
        let server = try RawSMTPServer(.init(answers: [point: .silence]))
        let reply = try await TestMessages.send(TestMessages.message(), port: server.port) { configuration in
            configuration.replySecondsMax = 1
            configuration.connectSecondsMax = 2
        }
        #expect(reply.classification == .host, "\(reply)")
    }

    @Test func silenceAfterTheDotIsAmbiguous() async throws {
        let server = try RawSMTPServer(.init(answers: [".": .silence]))
        let reply = try await TestMessages.send(TestMessages.message(), port: server.port) { configuration in
            configuration.replySecondsMax = 1
        }
        #expect(reply.classification == .ambiguous, "\(reply)")
    }

    /// The reply comes after we stopped waiting: the next mail must not take it for one of its own.
    @Test func lateReplyIsNotReadByTheNextMail() async throws {
        let server = try RawSMTPServer { number in
            number == 0
                ? .init(answers: [".": .sendAfter(.milliseconds(1_500), "250 2.0.0 late\r\n")])
                : .init(answers: ["RCPT": .send("550 5.1.1 nobody here\r\n")])
        }
        let transport = try TestMessages.transport(port: server.port) { $0.replySecondsMax = 1 }
        let first = try await transport.send(TestMessages.message())
        #expect(first.classification == .ambiguous, "\(first)")
        let second = try await transport.send(TestMessages.message(to: "nobody"))
        #expect(second.classification == .recipientRefused, "\(second)")
        #expect(second.text == "550 5.1.1 nobody here")
        await transport.shutdown(grace: .seconds(5))
        #expect(server.records.map(\.texts.count) == [1, 0])
    }

    /// A refused text leaves nothing for the next mail, either.
    @Test(arguments: ["550 5.7.1 no\r\n", "451 4.3.0 later\r\n", "251 2.1.5 will forward\r\n"])
    func everyFailureOfLibcurlEndsItsConnection(_ words: String) async throws {
        let server = try RawSMTPServer { number in number == 0 ? .init(answers: [".": .send(words)]) : .init() }
        let transport = try TestMessages.transport(port: server.port)
        let first = try await transport.send(TestMessages.message())
        #expect(first.text + "\r\n" == words)
        let second = try await transport.send(TestMessages.message())
        #expect(second.text == "250 2.0.0 taken")
        await transport.shutdown(grace: .seconds(5))
        #expect(server.records.map(\.texts.count) == [1, 1])
    }

    @Test func idleConnectionIsClosedWithQuit() async throws {
        let server = try RawSMTPServer()
        let transport = try TestMessages.transport(port: server.port) { $0.idleSecondsMax = 1 }
        #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        let records = try await server.records { $0.first?.commands.last == "QUIT" }
        #expect(records.count == 1)
        #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        await transport.shutdown(grace: .seconds(5))
        #expect(server.records.count == 2)
    }

    @Test func refusedConnectionIsTheHosts() async throws {
        let reply = try await TestMessages.send(TestMessages.message(), port: LoopbackPort.free())
        #expect(reply.classification == .host)
        #expect(reply.code == nil)
    }

    /// Where there is no connection, none can have been kept, and nothing was said.
    @Test func unresolvableNameIsReportedWhileConnecting() async throws {
        var configuration = try SMTPConfiguration(host: "no-such-host.invalid", port: 25, security: .unprotected)
        configuration.connectSecondsMax = 20
        let transport = SMTPTransport(configuration: configuration)
        // The second mail finds the lane used and still without a connection.
        for _ in 0..<2 {
            let reply = await transport.send(try TestMessages.message())
            #expect(reply.classification == .host, "\(reply)")
            #expect(reply.code == nil)
            #expect(reply.text == "Could not resolve host: no-such-host.invalid, while connecting")
        }
        await transport.shutdown(grace: .seconds(5))
    }
}
