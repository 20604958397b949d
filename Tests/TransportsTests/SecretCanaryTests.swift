import Foundation
import Mail
import TestSupport
import Testing

@testable import Transports

/// A marked password, and servers that do strange things with a login: it is in no line that people are shown and in no
/// reply that is kept, neither as it is nor in a form of the wire.
@Suite(.enabled(if: TLSFront.isAvailable, "openssl is not installed"), .timeLimit(.minutes(3)))
struct SecretCanaryTests {
    static let username = "user-name@example.test"
    static let password = "canary-s3cret-päss"

    /// Everything by which the password could be known, and the user name as LOGIN sends it.
    static let forms: [String] = {
        let wire = [password, "\0\(username)\0\(password)", "\(username)\0\(password)", username]
        return [password] + wire.map { Data($0.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "") }
    }()

    static let plain = ["AUTH PLAIN LOGIN"]
    static let login = ["AUTH LOGIN"]
    static let echo = "535 5.7.8 bad: \(password) \(forms.dropFirst().joined(separator: " "))\r\n"

    static let scripts: [(name: String, script: RawSMTPServer.Script)] = [
        ("refused at once, with an echo", .init(answers: ["AUTH": .send(echo)], capabilities: plain)),
        ("refused after a challenge", .init(answers: ["AUTH": .send("334 \r\n")], capabilities: plain)),
        (
            "LOGIN, challenge after challenge",
            .init(
                answers: ["AUTH": .send("334 VXNlcm5hbWU6\r\n"), "*": .send("334 UGFzc3dvcmQ6\r\n")],
                capabilities: login)
        ),
        ("354 as the answer to AUTH", .init(answers: ["AUTH": .send("354 go on\r\n")], capabilities: plain)),
        ("250 as the answer to AUTH", .init(answers: ["AUTH": .send("250 fine\r\n")], capabilities: plain)),
        ("two answers to AUTH", .init(answers: ["AUTH": .send("334 \r\n235 2.7.0 yes\r\n")], capabilities: plain)),
        (
            "three answers to AUTH",
            .init(
                answers: ["AUTH": .send("334 \r\n334 \r\n334 \r\n")], capabilities: login)
        ),
        ("the challenge is no base64", .init(answers: ["AUTH": .send("334 ????\r\n")], capabilities: plain)),
        ("hangs up at AUTH", .init(answers: ["AUTH": .close], capabilities: plain)),
        ("hangs up after the challenge", .init(answers: ["AUTH": .sendAndClose("334 \r\n")], capabilities: plain)),
        ("EHLO names the mechanism late", .init(answers: ["EHLO": .send("250-a\r\n250 AUTH LOGIN PLAIN\r\n")])),
        ("421 at AUTH", .init(answers: ["AUTH": .sendAndClose("421 4.3.2 \(password)\r\n")], capabilities: plain)),
        (
            "echo at MAIL",
            .init(
                answers: ["AUTH": .send("235 2.7.0 ok\r\n"), "MAIL": .send("550 5.7.1 \(password)\r\n")],
                capabilities: plain)
        ),
    ]

    @Test(arguments: scripts.map(\.name))
    func theSecretIsNowhere(_ name: String) async throws {
        let script = try #require(Self.scripts.first { $0.name == name }).script
        let front = try await TLSFront(script)
        let lines = LineRecorder()
        var configuration = try SMTPConfiguration(
            host: front.host, port: front.port, security: .implicitTLS,
            login: .password(username: Self.username, password: Password(Self.password)),
            helloName: "client.example.test")
        configuration.certificateAuthorityFile = front.certificateFile
        configuration.replySecondsMax = 2
        configuration.connectSecondsMax = 10
        configuration.onDialogue = { lines.add($0) }
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(5))
        let shown = lines.all.map { "\($0)" } + ["\(reply)", "\(configuration)"]
        #expect(lines.sent.contains { $0.hasPrefix("AUTH ") }, "the login was not tried: \(reply)")
        for line in shown {
            for form in Self.forms { #expect(!line.contains(form), "\(line)") }
        }
        if reply.classification != .accepted { #expect(reply.reason != nil) }
    }

    @Test func theMaskFindsEveryFormAndNothingElse() {
        let mask = SecretMask(.password(username: Self.username, password: Password(Self.password)))
        for form in Self.forms {
            #expect(mask.masked("before \(form) after") == "before ••• after")
            #expect(mask.masked(form + form) == "••••••")
        }
        #expect(mask.masked("250 2.0.0 Ok: queued") == "250 2.0.0 Ok: queued")
        #expect(mask.masked("") == "")
        #expect(SecretMask(nil).masked("canary") == "canary")
        let short = SecretMask(.password(username: "u", password: Password("a")))
        #expect(short.masked("Ed, dQ") == "Ed, dQ", "so is the code of a name of one letter")
        #expect(short.masked("a mail, accepted") == "a mail, accepted", "a password of one letter is in every text")
    }

    /// A server's words are cut at a length; what the cut leaves of a secret is no longer one of its forms.
    @Test func whatACutLeavesOfASecretIsHidden() {
        let mask = SecretMask(.password(username: Self.username, password: Password(Self.password)))
        for form in Self.forms {
            for kept in [4, 7, 12] {
                let start = String(form.prefix(kept))
                let before = String(repeating: "x", count: SMTPDialogue.textCharactersMax - kept)
                #expect(mask.masked(before + start) == before + "•••")
            }
        }
        let whole = String(repeating: "x", count: SMTPDialogue.textCharactersMax)
        #expect(mask.masked(whole) == whole)
    }

    @Test func anAccessTokenIsHiddenLikewise() {
        var mask = SecretMask(nil)
        mask.add(Password("ya29.canary-token"), username: "u@example.test")
        let wire = Data("user=u@example.test\u{1}auth=Bearer ya29.canary-token\u{1}\u{1}".utf8).base64EncodedString()
        #expect(mask.masked("535 \(wire)").contains("canary") == false)
        #expect(mask.masked("535 \(wire)") == "535 •••" || mask.masked("535 \(wire)") == "535 •••==")
        #expect(mask.masked("535 ya29.canary-token") == "535 •••")
    }
}
