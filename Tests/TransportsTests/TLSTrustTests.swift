import Mail
import TestSupport
import Testing

@testable import Transports

/// Servers that cannot show who they are, with STARTTLS and with TLS from the first byte: they get no byte of the login
/// and none of the mail. A server that can gets both, behind TLS alone.
@Suite(.enabled(if: TLSMailServer.isAvailable, "openssl or python3 is not installed"), .timeLimit(.minutes(5)))
struct TLSTrustTests {
    private func send(
        to server: TLSMailServer, isImplicit: Bool, trustsAuthority: Bool = true,
        change: (inout SMTPConfiguration) throws -> Void = { _ in }
    ) async throws -> Reply {
        var configuration = try SMTPConfiguration(
            host: "localhost", port: server.port, security: isImplicit ? .implicitTLS : .startTLS,
            login: .password(username: "u-canary", password: Password("p-canary")), helloName: "client.example.test")
        if trustsAuthority { configuration.certificateAuthorityFile = server.authorityFile }
        configuration.connectSecondsMax = 10
        configuration.replySecondsMax = 10
        try change(&configuration)
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(5))
        return reply
    }

    private func expectNothingSaid(to server: TLSMailServer, isImplicit: Bool) {
        let said = server.lines.map(\.text)
        let wanted = isImplicit ? [] : ["EHLO client.example.test", "STARTTLS"]
        #expect(said.filter { $0 != "QUIT" } == wanted, "no AUTH, no MAIL, and nothing else either")
    }

    static let untrusted: [(TLSMailServer.Certificate, ReplyReason)] = [
        (.wrongName, .certificateName), (.expired, .certificateExpired), (.selfSigned, .certificateUntrusted),
        (.unknownAuthority, .certificateUntrusted),
    ]

    @Test(arguments: untrusted.indices, [false, true])
    func aCertificateThatProvesNothingGetsNothing(index: Int, isImplicit: Bool) async throws {
        let (certificate, reason) = Self.untrusted[index]
        let server = try await TLSMailServer(certificate, isImplicit: isImplicit, options: ["auth=PLAIN LOGIN"])
        let reply = try await send(to: server, isImplicit: isImplicit)
        #expect(reply.classification == .configuration, "\(reply)")
        #expect(reply.reason == reason, "\(reply)")
        expectNothingSaid(to: server, isImplicit: isImplicit)
    }

    @Test(arguments: [false, true])
    func anAuthorityOfOnesOwnIsNotTrustedUnasked(isImplicit: Bool) async throws {
        let server = try await TLSMailServer(isImplicit: isImplicit, options: ["auth=PLAIN LOGIN"])
        let reply = try await send(to: server, isImplicit: isImplicit, trustsAuthority: false)
        #expect(reply.reason == .certificateUntrusted, "\(reply)")
        expectNothingSaid(to: server, isImplicit: isImplicit)
    }

    @Test(arguments: [false, true])
    func oldTLSGetsNothing(isImplicit: Bool) async throws {
        let server = try await TLSMailServer(isImplicit: isImplicit, options: ["auth=PLAIN LOGIN", "max=1.1"])
        let reply = try await send(to: server, isImplicit: isImplicit)
        #expect(reply.classification == .host && reply.reason == .tlsFailed, "\(reply)")
        expectNothingSaid(to: server, isImplicit: isImplicit)
    }

    /// The test above could not fail if this one did not hold.
    @Test(arguments: [false, true])
    func aTrustedServerGetsBothBehindTLS(isImplicit: Bool) async throws {
        let server = try await TLSMailServer(isImplicit: isImplicit, options: ["auth=PLAIN LOGIN"])
        let reply = try await send(to: server, isImplicit: isImplicit)
        #expect(reply.classification == .accepted, "\(reply)")
        let lines = server.lines
        for verb in ["AUTH", "MAIL", "RCPT", "DATA"] {
            #expect(lines.contains { $0.text.hasPrefix(verb) && $0.isProtected }, "\(verb)")
            #expect(!lines.contains { $0.text.hasPrefix(verb) && !$0.isProtected }, "\(verb)")
        }
    }

    // MARK: Our own certificate

    @Test func aServerThatAsksSeesOurCertificate() async throws {
        let server = try await TLSMailServer(options: ["auth=PLAIN"], wantsClient: true)
        let own = try server.makeClient(name: "hookmail-client")
        let reply = try await send(to: server, isImplicit: false) {
            $0.ownCertificateFile = own.certificate
            $0.ownKeyFile = own.key
        }
        #expect(reply.classification == .accepted, "\(reply)")
        #expect(server.lines.contains { $0.text == "certificate hookmail-client" && $0.isProtected })
    }

    @Test func withoutOneNoMailLeaves() async throws {
        let server = try await TLSMailServer(options: ["auth=PLAIN"], wantsClient: true)
        let reply = try await send(to: server, isImplicit: false)
        #expect(reply.classification == .host, "\(reply)")
        #expect(!server.lines.contains { $0.text.hasPrefix("MAIL") || $0.text.hasPrefix("AUTH") })
    }

    @Test func aKeyThatDoesNotFitIsOurFault() async throws {
        let server = try await TLSMailServer(options: ["auth=PLAIN"], wantsClient: true)
        let (one, other) = (try server.makeClient(name: "one"), try server.makeClient(name: "other-one"))
        for (certificate, key) in [(one.certificate, other.key), ("/does/not/exist.pem", one.key)] {
            let reply = try await send(to: server, isImplicit: false) {
                $0.ownCertificateFile = certificate
                $0.ownKeyFile = key
            }
            #expect(reply.classification == .configuration && reply.reason == .ownCertificate, "\(reply)")
        }
        #expect(!server.lines.contains { $0.text.hasPrefix("MAIL") || $0.text.hasPrefix("AUTH") })
    }
}
