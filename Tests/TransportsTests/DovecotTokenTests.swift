import Mail
import TestSupport
import Testing

@testable import Transports

/// Access tokens that a real Dovecot judges behind a real Postfix, and a certificate that Postfix judges.
@Suite(
    .serialized, .enabled(if: PostfixInstance.hasDovecot, "Dovecot is not installed, or this is not root"),
    .timeLimit(.minutes(3)))
struct DovecotTokenTests {
    static let owners = ["token-1": PostfixInstance.username, "token-2": PostfixInstance.username]

    private func send(
        _ source: TokenServer, tokens: AccessTokens? = nil, lines: LineRecorder = LineRecorder()
    ) async throws -> (reply: Reply, message: Message) {
        let postfix = try PostfixInstance.shared()
        var configuration = try SMTPConfiguration(
            host: "localhost", port: postfix.tokenPort, security: .startTLS,
            login: .bearer(username: PostfixInstance.username, tokens: tokens ?? source.tokens()),
            helloName: "client.example.test")
        configuration.certificateAuthorityFile = postfix.certificateAuthorityFile
        configuration.onDialogue = { lines.add($0) }
        let message = try TestMessages.message()
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(message)
        await transport.shutdown(grace: .seconds(10))
        return (reply, message)
    }

    private func source(_ answers: TokenServer.Answer...) throws -> TokenServer {
        let port = try PostfixInstance.shared().tokenInfoPort
        return try TokenServer(answers, port: port, owners: Self.owners)
    }

    @Test func aTokenOfTheUserIsALogin() async throws {
        let lines = LineRecorder()
        let (reply, message) = try await send(try source(.token("token-1")), lines: lines)
        #expect(reply.classification == .accepted, "\(reply)")
        #expect(lines.sent.filter { $0.hasPrefix("AUTH") } == ["AUTH OAUTHBEARER"])
        let mail = try await PostfixInstance.shared().mail(containing: message.messageID)
        #expect(String(decoding: mail, as: UTF8.self).contains("with ESMTPSA"))
        #expect(!"\(lines.all)".contains("token-1"))
    }

    @Test func aTokenThatDovecotRefusesIsReplacedOnce() async throws {
        let source = try source(.token("withdrawn"), .token("token-2"))
        let tokens = source.tokens()
        _ = tokens.token()
        let lines = LineRecorder()
        let (reply, _) = try await send(source, tokens: tokens, lines: lines)
        #expect(reply.classification == .accepted, "\(reply)")
        #expect(lines.sent.filter { $0.hasPrefix("AUTH") }.count == 2)
    }

    @Test func aTokenOfNobodyIsConfiguration() async throws {
        let lines = LineRecorder()
        let (reply, _) = try await send(try source(.token("nobodys-canary")), lines: lines)
        #expect(reply.classification == .configuration && reply.reason == .tokenRefused, "\(reply)")
        #expect(!lines.sent.contains { $0.hasPrefix("MAIL") })
        #expect(!"\(lines.all) \(reply)".contains("canary"))
    }

    @Test func postfixTakesMailFromOurCertificate() async throws {
        let postfix = try PostfixInstance.shared()
        for isShown in [true, false] {
            var configuration = try SMTPConfiguration(
                host: "localhost", port: postfix.clientCertificatePort, security: .startTLS)
            configuration.certificateAuthorityFile = postfix.certificateAuthorityFile
            if isShown {
                configuration.ownCertificateFile = postfix.clientCertificateFile
                configuration.ownKeyFile = postfix.clientKeyFile
            }
            let transport = SMTPTransport(configuration: configuration)
            let reply = await transport.send(try TestMessages.message())
            await transport.shutdown(grace: .seconds(10))
            #expect((reply.classification == .accepted) == isShown, "\(reply)")
        }
    }
}
