import Events
import Foundation
import Mail
import Testing
import Transports

@testable import Bridge

/// What `mail` says of its servers arrives where it is used.
@Suite struct MailServerLoadingTests {
    private func mail(_ fixture: String) throws -> MailConfiguration {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ConfigurationFixtures/\(fixture)/hookmail.yaml")
        let outcome = Surroundings().load(try String(decoding: Data(contentsOf: file), as: UTF8.self))
        return try #require(outcome.configuration, "\(outcome.rendered)").mail
    }

    @Test func everyKeyOfAServerIsTaken() throws {
        let mail = try mail("mail-servers")
        guard case .smtp(let first) = mail.server, case .oauth2(let microsoft)? = first.credentials?.proof,
            case .oauth2(let google)? = mail.fallback[1].credentials?.proof
        else {
            Issue.record("the logins are mixed up")
            return
        }
        #expect(first.connections == 2 && first.rate == SendRate(count: 30, span: .seconds(60)))
        #expect(microsoft.tokenURL.hasSuffix("/oauth2/v2.0/token") && microsoft.refreshToken == nil)
        #expect(microsoft.clientID == "11111111-1111-1111-1111-111111111111")
        #expect(microsoft.scope == "https://outlook.office365.com/.default")
        #expect(microsoft.clientSecret?.revealedBytes == Array("an SMTP password".utf8))
        #expect(google.refreshToken != nil && google.certificateAuthorityFile == "hookmail.secret")
        #expect(mail.fallback.map(\.host) == ["backup.example.com", "smtp.gmail.com", "127.0.0.1"])
        #expect(mail.fallback.map(\.security) == [.implicitTLS, .startTLS, .none])
        #expect(mail.fallback.map(\.connections) == [4, 4, 4] && mail.fallback.allSatisfy { $0.rate == nil })
        #expect(mail.fallback[0].ownCertificateFile == "hookmail.secret" && mail.fallback[0].ownKeyFile != nil)
        #expect(mail.secrets.count == 4)
    }

    @Test func severalServersMakeOneTransport() async throws {
        let mail = try mail("mail-servers")
        var connections: [Int] = []
        let transport = try mail.openTransport(tokens: RefreshTokenFolder(store: "/nowhere/hookmail.db")) {
            connections.append($0.connectionsMax)
        }
        #expect(transport is FailoverTransport && transport.connectionsMax == 4)
        #expect(connections == [2, 4, 4, 4])
        await transport.shutdown(grace: .zero)
    }

    @Test func aTokenServersAnswerIsRead() throws {
        func read(_ text: String) -> TokenResponse? { TokenResponse(json: Array(text.utf8)) }
        let google = try #require(read(#"{"access_token":"t","expires_in":3599,"token_type":"Bearer"}"#))
        #expect(google.accessToken != nil && google.expiresInSeconds == 3_599 && google.error == nil)
        #expect(read(#"{"access_token":"t","expires_in":"3599"}"#)?.expiresInSeconds == 3_599)
        let refused = read(#"{"error":"invalid_grant","error_description":"no"}"#)
        #expect(refused?.error == "invalid_grant" && refused?.errorDescription == "no" && refused?.accessToken == nil)
        for other in ["", "[]", "null", "<html>", "{"] { #expect(read(other) == nil) }
        #expect(read("{}")?.accessToken == nil)
    }

    /// The secrets of tokens take part in the comparison by which a reload knows what changed.
    @Test func anotherSecretIsAnotherConfiguration() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ConfigurationFixtures/mail-servers/hookmail.yaml")
        let text = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        var other = Surroundings()
        other.environment["SMTP_PASSWORD"] = "another one"
        let old = try #require(Surroundings().load(text).configuration)
        let new = try #require(other.load(text).configuration)
        #expect(ConfigurationDifference(old, new).keys == ["mail"])
        #expect(ConfigurationDifference(old, old).keys.isEmpty)
        #expect(!"\(new.mail)".contains("another one"))
    }
}
