import Mail
import TestSupport
import Testing

@testable import Transports

/// What failed is said by a constant word, and no code stands beside it that decided nothing.
@Suite(.timeLimit(.minutes(3)))
struct FailureReasonTests {
    private func reply(
        host: String = "localhost", port: Int, security: SMTPConfiguration.Security = .startTLS,
        authorities: String? = nil, login: SMTPLogin? = nil
    ) async throws -> Reply {
        var configuration = try SMTPConfiguration(
            host: host, port: port, security: security, login: login, helloName: "client.example.test")
        configuration.certificateAuthorityFile = authorities
        configuration.connectSecondsMax = 2
        configuration.replySecondsMax = 2
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(5))
        return reply
    }

    @Test(.enabled(if: PostfixInstance.isAvailable, "Postfix is not installed, or this is not root"))
    func certificatesSayWhatIsWrongWithThem() async throws {
        let postfix = try PostfixInstance.shared()
        let authorities = postfix.certificateAuthorityFile
        let cases: [(Reply, ReplyReason)] = [
            (try await reply(port: postfix.port), .certificateUntrusted),
            (try await reply(port: postfix.implicitTLSPort, security: .implicitTLS), .certificateUntrusted),
            (try await reply(port: postfix.expiredPort, authorities: authorities), .certificateExpired),
            (try await reply(host: "127.0.0.1", port: postfix.port, authorities: authorities), .certificateName),
            (try await reply(port: postfix.port, authorities: "/does/not/exist.pem"), .authorityFile),
        ]
        for (reply, reason) in cases {
            #expect(reply.reason == reason, "\(reply)")
            #expect(reply.classification == .configuration)
            #expect(reply.code == nil, "220 is no verdict: \(reply)")
        }
    }

    @Test(.enabled(if: PostfixInstance.isAvailable, "Postfix is not installed, or this is not root"))
    func theWrongKindOfPortIsTold() async throws {
        let postfix = try PostfixInstance.shared()
        let authorities = postfix.certificateAuthorityFile
        let implicit = try await reply(port: postfix.port, security: .implicitTLS, authorities: authorities)
        #expect(implicit.reason == .tlsFailed, "\(implicit)")
        let explicit = try await reply(port: postfix.implicitTLSPort, authorities: authorities)
        #expect(explicit.reason == .noGreeting, "\(explicit)")
        #expect(explicit.classification == .host)
    }

    @Test func whatStandsInTheWayOfAConnectionIsTold() async throws {
        let unknown = try await reply(host: "no-such-host.invalid", port: 587)
        #expect(unknown.reason == .nameNotFound, "\(unknown)")
        let closed = try await reply(host: "127.0.0.1", port: try LoopbackPort.free())
        #expect(closed.reason == .unreachable, "\(closed)")
        let silent = try RawSMTPServer(.init(answers: ["CONNECT": .silence]))
        let mute = try await reply(host: "127.0.0.1", port: silent.port)
        #expect(mute.reason == .noGreeting, "\(mute)")
        let handshake = try await reply(host: "127.0.0.1", port: silent.port, security: .implicitTLS)
        #expect(handshake.reason == .tlsFailed, "\(handshake)")
    }

    static let points: [(String, RawSMTPServer.Answer, ReplyReason, Int?)] = [
        ("CONNECT", .send("554 5.7.1 go away\r\n"), .greetingRefused, 554), ("EHLO", .silence, .replyTimeout, nil),
        ("MAIL", .send("550 5.1.0 no\r\n"), .senderRefused, 550), ("MAIL", .close, .connectionLost, nil),
        ("RCPT", .send("550 5.1.1 no\r\n"), .recipientRefused, 550),
        ("DATA", .send("451 4.3.0 no\r\n"), .deferred, 451),
        (".", .send("552 5.3.4 big\r\n"), .tooLarge, 552), (".", .close, .replyLost, nil),
        (".", .send("421 4.3.2 bye\r\n"), .busy, 421), (".", .silence, .replyLost, nil),
    ]

    @Test(arguments: points.indices)
    func theCodeIsThatOfTheVerdict(index: Int) async throws {
        let (point, answer, reason, code) = Self.points[index]
        let server = try RawSMTPServer(.init(answers: [point: answer]))
        let reply = try await reply(host: "127.0.0.1", port: server.port, security: .unprotected)
        #expect(reply.reason == reason, "\(reply)")
        #expect(reply.code == code, "\(reply)")
        #expect((reply.enhancedCode == nil) == (code == nil))
    }

    @Test func anAcceptedMailHasNoReason() async throws {
        let server = try RawSMTPServer()
        let reply = try await reply(host: "127.0.0.1", port: server.port, security: .unprotected)
        #expect(reply.reason == nil)
        #expect(reply.code == 250)
    }
}
