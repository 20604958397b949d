import Mail
import TestSupport
import Testing

@testable import Transports

/// A server, or somebody in its place, that takes STARTTLS away: nothing of the login and nothing of the mail is said.
@Suite(.timeLimit(.minutes(5)))
struct STARTTLSTests {
    /// The ways to take it away.
    static let scripts: [(name: String, script: RawSMTPServer.Script)] = [
        ("not offered", .init(capabilities: ["AUTH PLAIN LOGIN", "SIZE"])),
        (
            "offered and denied",
            .init(answers: ["STARTTLS": .send("454 4.7.0 TLS not available\r\n")], capabilities: offer)
        ),
        ("offered and unknown", .init(answers: ["STARTTLS": .send("502 5.5.1 unknown\r\n")], capabilities: offer)),
        ("EHLO refused", .init(answers: ["EHLO": .send("500 5.5.1 unknown\r\n")])),
        (
            "reply injected",
            .init(
                answers: ["STARTTLS": .send("220 2.0.0 go\r\n250-injected\r\n250 AUTH PLAIN\r\n")], capabilities: offer)
        ),
        ("no TLS behind it", .init(answers: ["STARTTLS": .send("220 2.0.0 go\r\n")], capabilities: offer)),
        ("hangs up at it", .init(answers: ["STARTTLS": .close], capabilities: offer)),
    ]

    static let offer = ["STARTTLS", "AUTH PLAIN LOGIN"]

    @Test(arguments: scripts.map(\.name))
    func nothingLeavesWithoutTLS(_ name: String) async throws {
        let script = try #require(Self.scripts.first { $0.name == name }).script
        let server = try RawSMTPServer(script)
        var configuration = try SMTPConfiguration(
            host: "127.0.0.1",
            port: server.port,
            security: .startTLS,
            login: .password(username: "u-canary", password: Password("p-canary"))
        )
        configuration.connectSecondsMax = 2
        configuration.replySecondsMax = 2
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(5))
        #expect([ReplyClass.configuration, .host, .transient].contains(reply.classification), "\(reply)")
        #expect(!reply.text.isEmpty)
        for record in server.records {
            let commands = record.commands.map { $0.uppercased() }
            #expect(!commands.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") || $0.hasPrefix("RCPT") })
            let received = String(decoding: record.received, as: UTF8.self)
            #expect(!received.contains("canary"))
            #expect(!received.contains("alerts@example.test"))
        }
    }

    @Test func implicitTLSSaysNothingInClear() async throws {
        let server = try RawSMTPServer()
        var configuration = try SMTPConfiguration(
            host: "127.0.0.1", port: server.port, security: .implicitTLS,
            login: .password(username: "u-canary", password: Password("p-canary"))
        )
        configuration.connectSecondsMax = 2
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(5))
        #expect(reply.classification == .host)
        #expect(!server.records.contains { String(decoding: $0.received, as: UTF8.self).contains("canary") })
    }

    @Test func loginWithoutProtectionIsNoConfiguration() {
        #expect(throws: SMTPConfigurationFault.self) {
            try SMTPConfiguration(
                host: "127.0.0.1", port: 25, security: .unprotected,
                login: .password(username: "u", password: Password("p"))
            )
        }
    }
}
