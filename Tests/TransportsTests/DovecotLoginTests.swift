import Foundation
import Mail
import TestSupport
import Testing

@testable import Transports

/// Logins that a real Dovecot judges behind a real Postfix.
@Suite(
    .enabled(if: PostfixInstance.hasDovecot, "Dovecot is not installed, or this is not root"), .timeLimit(.minutes(3)))
struct DovecotLoginTests {
    /// A port and what it offers.
    enum Door: CaseIterable {
        case plainAndLogin, onlyLOGIN

        /// What the client has to say first.
        var command: String { self == .plainAndLogin ? "AUTH PLAIN" : "AUTH LOGIN" }
    }

    private func configuration(
        _ postfix: PostfixInstance, port: Int, security: SMTPConfiguration.Security = .startTLS, username: String,
        password: String, lines: LineRecorder = LineRecorder()
    ) throws -> SMTPConfiguration {
        var configuration = try SMTPConfiguration(
            host: "localhost", port: port, security: security,
            login: .password(username: username, password: Password(password)), helloName: "client.example.test")
        configuration.certificateAuthorityFile = postfix.certificateAuthorityFile
        configuration.connectionsMax = 1
        configuration.onDialogue = { lines.add($0) }
        return configuration
    }

    private func send(
        through door: Door, username: String = PostfixInstance.username, password: String = PostfixInstance.password,
        lines: LineRecorder = LineRecorder()
    ) async throws -> (reply: Reply, message: Message) {
        let postfix = try PostfixInstance.shared()
        let isPlain = door == .plainAndLogin
        let settings = try configuration(
            postfix, port: isPlain ? postfix.dovecotPort : postfix.onlyLOGINPort,
            security: isPlain ? .startTLS : .implicitTLS, username: username, password: password, lines: lines)
        let message = try TestMessages.message()
        let transport = SMTPTransport(configuration: settings)
        let reply = await transport.send(message)
        await transport.shutdown(grace: .seconds(10))
        return (reply, message)
    }

    @Test(arguments: Door.allCases)
    func theMechanismFollowsFromTheOffer(door: Door) async throws {
        let lines = LineRecorder()
        let (reply, message) = try await send(through: door, lines: lines)
        #expect(reply.classification == .accepted, "\(reply)")
        #expect(lines.sent.filter { $0.hasPrefix("AUTH") } == [door.command])
        let mail = try await PostfixInstance.shared().mail(containing: message.messageID)
        #expect(String(decoding: mail, as: UTF8.self).contains("with ESMTPSA"))
    }

    @Test(arguments: Door.allCases)
    func aWrongPasswordIsTriedOnceAndIsConfiguration(door: Door) async throws {
        let lines = LineRecorder()
        let (reply, _) = try await send(through: door, password: "wrong-canary-password", lines: lines)
        #expect(reply.classification == .configuration, "\(reply)")
        #expect(reply.code == 535)
        #expect(reply.reason == .loginRefused)
        #expect(lines.sent.filter { $0.hasPrefix("AUTH") } == [door.command], "no second mechanism, no second try")
        #expect(!lines.sent.contains { $0.hasPrefix("MAIL") })
        #expect(!"\(lines.all) \(reply)".contains("canary"))
    }

    @Test(arguments: PostfixInstance.oddLogins.indices, Door.allCases)
    func oddNamesAndPasswordsAreSentAsTheyAre(index: Int, door: Door) async throws {
        let (username, password) = PostfixInstance.oddLogins[index]
        let lines = LineRecorder()
        let (reply, _) = try await send(through: door, username: username, password: password, lines: lines)
        #expect(reply.classification == .accepted, "\(username): \(reply)")
        #expect(lines.sent.filter { $0.hasPrefix("AUTH") } == [door.command])
    }

    @Test func aServerWithoutPLAINAndLOGINGetsNothing() async throws {
        let postfix = try PostfixInstance.shared()
        let lines = LineRecorder()
        let settings = try configuration(
            postfix, port: postfix.onlyCRAMPort, username: PostfixInstance.username,
            password: PostfixInstance.password, lines: lines)
        let transport = SMTPTransport(configuration: settings)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(10))
        #expect(reply.classification == .configuration)
        #expect(reply.reason == .loginMechanism)
        #expect(reply.code == nil)
        #expect(reply.text.contains("CRAM-MD5"))
        #expect(!lines.sent.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    /// The sender is refused at RCPT, as Postfix does it: that says nothing against the recipient's address.
    @Test func aSenderThatTheLoginMayNotUseIsNotTheRecipientsFault() async throws {
        let postfix = try PostfixInstance.shared()
        let settings = try configuration(
            postfix, port: postfix.ownSenderPort, username: PostfixInstance.username,
            password: PostfixInstance.password)
        let transport = SMTPTransport(configuration: settings)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(10))
        #expect(reply.classification == .permanent, "\(reply)")
        #expect(reply.reason == .policy)
        #expect(reply.code == 553)
    }

    @Test func oneLoginServesManyMails() async throws {
        let postfix = try PostfixInstance.shared()
        let lines = LineRecorder()
        let settings = try configuration(
            postfix, port: postfix.dovecotPort, username: PostfixInstance.username,
            password: PostfixInstance.password, lines: lines)
        let transport = SMTPTransport(configuration: settings)
        for recipient in ["one", "nosuch", "two", "three"] {
            let reply = await transport.send(try TestMessages.message(to: recipient))
            #expect(reply.classification == .accepted, "\(recipient): \(reply)")
        }
        await transport.shutdown(grace: .seconds(10))
        #expect(lines.sent.filter { $0 == "AUTH PLAIN" }.count == 1)
    }
}
