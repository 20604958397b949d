import Foundation
import Mail
import TestSupport
import Testing

@testable import Transports

/// Against a real Postfix with TLS: what arrives, and what is refused before anything is said.
@Suite(
    .enabled(if: PostfixInstance.isAvailable, "Postfix is not installed, or this is not root"), .timeLimit(.minutes(3)))
struct PostfixTests {
    private func configuration(
        _ postfix: PostfixInstance, host: String = "localhost", port: Int,
        security: SMTPConfiguration.Security = .startTLS,
        login: SMTPLogin? = nil
    ) throws -> SMTPConfiguration {
        var configuration = try SMTPConfiguration(
            host: host, port: port, security: security, login: login, helloName: "client.example.test"
        )
        configuration.certificateAuthorityFile = postfix.certificateAuthorityFile
        configuration.connectionsMax = 2
        return configuration
    }

    private func send(_ message: Message, _ configuration: SMTPConfiguration) async -> Reply {
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(message)
        await transport.shutdown(grace: .seconds(10))
        return reply
    }

    private func login(_ password: String = PostfixInstance.password) -> SMTPLogin {
        .password(username: PostfixInstance.username, password: Password(password))
    }

    @Test func mailOverSTARTTLSArrivesByteForByte() async throws {
        let postfix = try PostfixInstance.shared()
        let body = (0..<500).map { "Line \($0): =2E x. trailing space \r\n" }.joined() + " .dot\r\n\r\n\r\n"
        let message = try TestMessages.message(to: "byte.for.byte", body: body)
        let reply = await send(message, try configuration(postfix, port: postfix.port))
        #expect(reply.classification == .accepted, "\(reply)")
        #expect(reply.code == 250)
        let mail = try await postfix.mail(containing: message.messageID)
        // Postfix puts its own headers in front and writes LF; all that follows is ours.
        let expected = String(decoding: message.bytes, as: UTF8.self).utf8.filter { $0 != 0x0D }
        #expect(Array(mail.suffix(expected.count)) == expected)
        #expect(String(decoding: mail.dropLast(expected.count), as: UTF8.self).contains("with ESMTPS"))
    }

    @Test func mailOverImplicitTLSArrives() async throws {
        let postfix = try PostfixInstance.shared()
        let message = try TestMessages.message()
        let settings = try configuration(postfix, port: postfix.implicitTLSPort, security: .implicitTLS)
        #expect(await send(message, settings).classification == .accepted)
        _ = try await postfix.mail(containing: message.messageID)
    }

    @Test func mailWithLoginArrives() async throws {
        let postfix = try PostfixInstance.shared()
        let message = try TestMessages.message()
        let lines = LineRecorder()
        var settings = try configuration(postfix, port: postfix.loginPort, login: login())
        settings.onDialogue = { lines.add($0) }
        let reply = await send(message, settings)
        #expect(reply.classification == .accepted, "\(reply)")
        let mail = try await postfix.mail(containing: message.messageID)
        #expect(String(decoding: mail, as: UTF8.self).contains("with ESMTPSA"))
        // The dialogue that people are shown names the mechanism and hides the rest.
        #expect(lines.all.contains(.sent("AUTH PLAIN")))
        #expect(lines.all.contains(.sent("•••")))
        let encoded = Data("\0\(PostfixInstance.username)\0\(PostfixInstance.password)".utf8).base64EncodedString()
        #expect(!lines.all.contains { "\($0)".contains(encoded) || "\($0)".contains(PostfixInstance.password) })
    }

    @Test func wrongPasswordIsConfiguration() async throws {
        let postfix = try PostfixInstance.shared()
        let settings = try configuration(postfix, port: postfix.loginPort, login: login("wrong"))
        let reply = await send(try TestMessages.message(), settings)
        #expect(reply.classification == .configuration)
        #expect(reply.code == 535)
        #expect(!reply.text.contains("wrong"))
    }

    @Test func missingLoginOfferIsConfiguration() async throws {
        let postfix = try PostfixInstance.shared()
        let message = try TestMessages.message()
        let reply = await send(message, try configuration(postfix, port: postfix.port, login: login()))
        #expect(reply.classification == .configuration)
        #expect(reply.text.contains("offers no login"))
        #expect(!postfix.log.contains(message.messageID))
    }

    @Test func missingLoginIsConfiguration() async throws {
        let postfix = try PostfixInstance.shared()
        let reply = await send(try TestMessages.message(), try configuration(postfix, port: postfix.loginPort))
        #expect([ReplyClass.configuration, .permanent].contains(reply.classification), "\(reply)")
    }

    @Test func certificateForAnotherNameIsRefused() async throws {
        let postfix = try PostfixInstance.shared()
        let settings = try configuration(postfix, host: "127.0.0.1", port: postfix.port)
        try await expectRefusedCertificate(settings)
    }

    @Test func unknownAuthorityIsRefused() async throws {
        let postfix = try PostfixInstance.shared()
        var settings = try configuration(postfix, port: postfix.port)
        settings.certificateAuthorityFile = nil
        try await expectRefusedCertificate(settings)
        settings = try configuration(postfix, port: postfix.implicitTLSPort, security: .implicitTLS)
        settings.certificateAuthorityFile = nil
        try await expectRefusedCertificate(settings)
    }

    @Test func expiredCertificateIsRefused() async throws {
        let postfix = try PostfixInstance.shared()
        try await expectRefusedCertificate(try configuration(postfix, port: postfix.expiredPort))
    }

    @Test func unreadableAuthorityFileIsConfiguration() async throws {
        let postfix = try PostfixInstance.shared()
        var settings = try configuration(postfix, port: postfix.port)
        settings.certificateAuthorityFile = "/does/not/exist.pem"
        #expect(await send(try TestMessages.message(), settings).classification == .configuration)
    }

    private func expectRefusedCertificate(_ configuration: SMTPConfiguration) async throws {
        let lines = LineRecorder()
        var configuration = configuration
        configuration.onDialogue = { lines.add($0) }
        let reply = await send(try TestMessages.message(), configuration)
        #expect(reply.classification == .configuration, "\(reply)")
        #expect(reply.text.contains("certificate is not trusted"))
        let sent = lines.all.compactMap { if case .sent(let text) = $0 { text } else { nil } }
        #expect(!sent.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    @Test(arguments: [
        ("nosuch", ReplyClass.recipientRefused, "5.1.1"), ("moved", .recipientRefused, "5.1.6"),
        ("full", .transient, "4.2.2"),
        ("greylisted", .greylisted, "4.7.1"), ("policy", .permanent, "5.7.1"), ("large", .permanent, "5.3.4"),
    ])
    func refusedRecipientHasItsClass(_ recipient: String, _ expected: ReplyClass, _ enhancedCode: String) async throws {
        let postfix = try PostfixInstance.shared()
        let message = try TestMessages.message(to: recipient)
        let reply = await send(message, try configuration(postfix, port: postfix.port))
        #expect(reply.classification == expected, "\(reply)")
        #expect(reply.enhancedCode == enhancedCode)
    }

    @Test func manyMailsArriveOverTwoConnections() async throws {
        let postfix = try PostfixInstance.shared()
        let transport = SMTPTransport(configuration: try configuration(postfix, port: postfix.port))
        let marker = UUID().uuidString
        let messages = try (0..<60).map { try TestMessages.message(body: "Batch \(marker) \($0)\r\n") }
        let replies: [Reply] = await withTaskGroup(of: Reply.self) { group in
            for message in messages { group.addTask { await transport.send(message) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        await transport.shutdown(grace: .seconds(10))
        #expect(replies.allSatisfy { $0.classification == .accepted })
        _ = try await postfix.mails(containing: marker, count: 60)
    }
}
