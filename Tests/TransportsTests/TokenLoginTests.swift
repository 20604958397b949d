import Foundation
import Mail
import TestSupport
import Testing

@testable import Transports

/// Logins by access token: the bytes on the wire, and what follows when the token is refused.
@Suite(.enabled(if: TLSMailServer.isAvailable, "openssl or python3 is not installed"), .timeLimit(.minutes(5)))
struct TokenLoginTests {
    static let username = "alerts@example.test"

    private func transport(
        _ server: TLSMailServer, _ tokens: AccessTokens, connectionsMax: Int = 1, lines: LineRecorder = LineRecorder()
    ) throws -> SMTPTransport {
        var configuration = try SMTPConfiguration(
            host: "localhost", port: server.port, security: .startTLS,
            login: .bearer(username: Self.username, tokens: tokens), helloName: "client.example.test")
        configuration.certificateAuthorityFile = server.authorityFile
        configuration.connectSecondsMax = 10
        configuration.replySecondsMax = 10
        configuration.connectionsMax = connectionsMax
        configuration.onDialogue = { lines.add($0) }
        return SMTPTransport(configuration: configuration)
    }

    private func send(
        to server: TLSMailServer, _ tokens: AccessTokens, lines: LineRecorder = LineRecorder()
    ) async throws -> Reply {
        let transport = try transport(server, tokens, lines: lines)
        let reply = await transport.send(try TestMessages.message())
        await transport.shutdown(grace: .seconds(5))
        return reply
    }

    /// The logins as the server got them, decoded; each with its connection.
    private func logins(_ server: TLSMailServer) -> [String] {
        let lines = server.lines
        return lines.indices.filter { lines[$0].text.hasPrefix("AUTH ") }.map { index in
            let words = lines[index].text.split(separator: " ").map(String.init)
            let encoded = words.count > 2 ? words[2] : index + 1 < lines.count ? lines[index + 1].text : ""
            let decoded = Data(base64Encoded: encoded).map { String(decoding: $0, as: UTF8.self) } ?? "?"
            return "\(words[1]) \(decoded)"
        }
    }

    @Test func bothMechanismsSayWhatTheirPapersWant() async throws {
        let google = try await TLSMailServer(options: ["auth=LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER"])
        let microsoft = try await TLSMailServer(options: ["auth=LOGIN XOAUTH2"])
        for server in [google, microsoft] {
            let source = try TokenServer(.token("ya29.canary"))
            let reply = try await send(to: server, source.tokens())
            #expect(reply.classification == .accepted, "\(reply)")
        }
        // RFC 7628 §3.1, with the host and port that libcurl adds.
        let bearer =
            "OAUTHBEARER n,a=\(Self.username),\u{1}host=localhost\u{1}port=\(google.port)\u{1}"
            + "auth=Bearer ya29.canary\u{1}\u{1}"
        #expect(logins(google) == [bearer])
        #expect(logins(microsoft) == ["XOAUTH2 user=\(Self.username)\u{1}auth=Bearer ya29.canary\u{1}\u{1}"])
        for server in [google, microsoft] {
            #expect(server.lines.filter { !$0.isProtected }.map(\.text) == ["EHLO client.example.test", "STARTTLS"])
        }
    }

    static let offers = ["XOAUTH2", "OAUTHBEARER", "OAUTHBEARER XOAUTH2"]

    @Test(arguments: offers, [["refuse=1"], ["refuse=1", "challenge=1"]])
    func aRefusedTokenThatWasKeptIsReplacedOnce(offer: String, refusal: [String]) async throws {
        let server = try await TLSMailServer(options: ["auth=\(offer)"] + refusal)
        let source = try TokenServer(.token("t1-canary"), .token("t2-canary"))
        let tokens = source.tokens()
        // Fetched before, as by an earlier mail.
        _ = tokens.token()
        let reply = try await send(to: server, tokens)
        #expect(reply.classification == .accepted, "\(reply)")
        #expect(logins(server).map { $0.contains("t1-canary") } == [true, false])
        #expect(logins(server).map { $0.contains("t2-canary") } == [false, true])
        #expect(server.lines.count { $0.text.hasPrefix("MAIL") } == 1)
        #expect(source.forms.count == 2)
    }

    @Test(arguments: offers, [["refuse=9"], ["refuse=9", "challenge=1"]])
    func aNewTokenThatIsRefusedIsConfigurationAndTriedOnce(offer: String, refusal: [String]) async throws {
        let server = try await TLSMailServer(options: ["auth=\(offer)"] + refusal)
        let source = try TokenServer(.token("t1-canary"))
        let lines = LineRecorder()
        let reply = try await send(to: server, source.tokens(), lines: lines)
        #expect(reply.classification == .configuration && reply.reason == .tokenRefused, "\(reply)")
        #expect(server.lines.count { $0.text.hasPrefix("AUTH") } == 1, "no second login with what was just made")
        #expect(!server.lines.contains { $0.text.hasPrefix("MAIL") })
        #expect(!"\(reply) \(lines.all)".contains("canary"))
    }

    @Test func aServerWithoutBothGetsNothing() async throws {
        let server = try await TLSMailServer(options: ["auth=PLAIN LOGIN"])
        let source = try TokenServer(.token("t-canary"))
        let reply = try await send(to: server, source.tokens())
        #expect(reply.classification == .configuration && reply.reason == .loginMechanism, "\(reply)")
        #expect(!server.lines.contains { $0.text.hasPrefix("MAIL") || $0.text.hasPrefix("AUTH") })
    }

    @Test func withoutATokenNothingIsConnected() async throws {
        let server = try await TLSMailServer(options: ["auth=XOAUTH2"])
        let refusing = try TokenServer(.init(status: 400, body: #"{"error":"invalid_grant"}"#))
        let refused = try await send(to: server, refusing.tokens())
        #expect(refused.classification == .configuration && refused.reason == .noToken, "\(refused)")
        #expect(refused.text.contains("invalid_grant"))
        let failing = try TokenServer(.init(status: 500, body: ""))
        let unwell = try await send(to: server, failing.tokens())
        #expect(unwell.classification == .host && unwell.reason == .tokenUnavailable, "\(unwell)")
        #expect(server.lines.isEmpty)
    }

    /// Mails over kept connections need no login of their own; a token that is replaced makes a new connection.
    @Test func oneTokenServesManyMailsAndItsSuccessorTheNext() async throws {
        let server = try await TLSMailServer(options: ["auth=XOAUTH2"])
        let source = try TokenServer(.token("t1", seconds: 8), .token("t2"))
        let transport = try transport(server, source.tokens())
        for _ in 0..<3 { #expect(try await transport.send(TestMessages.message()).classification == .accepted) }
        #expect(logins(server).count == 1)
        try await Task.sleep(for: .seconds(6.2))
        for _ in 0..<3 { #expect(try await transport.send(TestMessages.message()).classification == .accepted) }
        await transport.shutdown(grace: .seconds(5))
        let used = logins(server)
        #expect(used.count == 2 && used[0].contains("Bearer t1\u{1}") && used[1].contains("Bearer t2\u{1}"))
        #expect(source.forms.count == 2)
    }

    @Test func aShutdownDoesNotWaitForASilentTokenServer() async throws {
        let server = try await TLSMailServer(options: ["auth=XOAUTH2"])
        let silent = try RawHTTPServer(response: nil)
        let endpoint = TokenEndpoint(
            url: "http://127.0.0.1:\(silent.port)/token", clientID: "c", clientSecret: Password("s"), refreshToken: nil)
        let transport = try transport(server, AccessTokens(endpoint) { TokenServer.read($0) })
        async let reply = transport.send(try TestMessages.message())
        while silent.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        await transport.shutdown(grace: .milliseconds(50))
        #expect(try await reply.classification == .notAttempted)
        #expect(server.lines.isEmpty)
    }
}
