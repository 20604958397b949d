import Foundation
import Mail
import TestSupport
import Testing

@testable import Transports

/// Asking for access tokens: what is sent, how long a token is used, and what a refusal is taken for.
@Suite(.timeLimit(.minutes(2)))
struct AccessTokensTests {
    private func text(_ outcome: AccessTokens.Outcome) -> String {
        switch outcome {
        case .token(let secret, let number, let isNew): "\(secret.text) \(number)\(isNew ? " new" : "")"
        case .refused(let text): "refused: \(text)"
        case .unavailable(let text): "unavailable: \(text)"
        case .cut: "cut"
        }
    }

    @Test func clientCredentialsAreAForm() throws {
        let server = try TokenServer(.token("t1"))
        let tokens = server.tokens(scope: "https://outlook.office365.com/.default")
        #expect(text(tokens.token()) == "t1 1 new")
        #expect(
            server.forms == [
                "grant_type=client_credentials&client_id=hookmail%20%26%20co&client_secret=s3cret-canary%2F%2B%3D"
                    + "&scope=https%3A%2F%2Foutlook.office365.com%2F.default"
            ])
    }

    @Test func aRefreshTokenIsUsedAndItsSuccessorNext() throws {
        let server = try TokenServer(
            .token("t1", seconds: 0, more: #","refresh_token":"r2""#), .token("t2", seconds: 0))
        let tokens = server.tokens(refreshToken: "r1")
        #expect(text(tokens.token()) == "t1 1 new")
        #expect(text(tokens.token()) == "t2 2 new")
        #expect(text(tokens.token()) == "t2 3 new")
        let used = server.forms.map { form in form.split(separator: "&").first { $0.hasPrefix("refresh_token=") } }
        #expect(used == ["refresh_token=r1", "refresh_token=r2", "refresh_token=r2"])
    }

    @Test func aTokenServesUntilShortlyBeforeItsEnd() throws {
        let server = try TokenServer(.token("t1", seconds: 3_600), .token("t2"))
        let tokens = server.tokens()
        #expect(text(tokens.token()) == "t1 1 new")
        for _ in 0..<3 { #expect(text(tokens.token()) == "t1 1") }
        #expect(server.forms.count == 1)
        // Four seconds less a quarter: replaced while it would still be taken.
        let short = try TokenServer(.token("s1", seconds: 4), .token("s2"))
        let shortTokens = short.tokens()
        #expect(text(shortTokens.token()) == "s1 1 new")
        Thread.sleep(forTimeInterval: 3.1)
        #expect(text(shortTokens.token()) == "s2 2 new")
    }

    @Test func aRefusedTokenIsReplacedOnceForEverybody() throws {
        let server = try TokenServer(.token("t1"), .token("t2"))
        let tokens = server.tokens()
        _ = tokens.token()
        #expect(text(tokens.token(inPlaceOf: 1)) == "t2 2 new")
        // Another thread whose login was refused with the same old token gets the new one.
        #expect(text(tokens.token(inPlaceOf: 1)) == "t2 2")
        #expect(server.forms.count == 2)
    }

    @Test func threadsThatAskAtOnceShareOneRequest() async throws {
        let server = try TokenServer(.token("t1"))
        let tokens = server.tokens()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        DetachedThread.start {
                            _ = tokens.token()
                            continuation.resume()
                        }
                    }
                }
            }
        }
        #expect(server.forms.count == 1)
    }

    static let refusals: [(TokenServer.Answer, String)] = [
        (
            .init(status: 400, body: #"{"error":"invalid_grant","error_description":"canary-text"}"#),
            "refused: The token server answers 400: invalid_grant."
        ),
        (
            .init(
                status: 401,
                body: #"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret canary"}"#),
            "refused: The token server answers 401: invalid_client (AADSTS7000215)."
        ),
        (
            .init(status: 400, body: #"{"error":"canary-word"}"#),
            "refused: The token server answers 400: an error of its own."
        ),
        (.init(status: 404, body: "<html>canary"), "refused: The token server answers 404."),
        (.init(status: 429, body: "{}"), "unavailable: The token server answers 429."),
        (
            .init(status: 400, body: #"{"error":"temporarily_unavailable"}"#),
            "unavailable: The token server answers 400: temporarily_unavailable."
        ),
        (.init(status: 503, body: "canary"), "unavailable: The token server answers 503."),
        (.init(status: 302, body: ""), "unavailable: The token server answers 302."),
        (.init(body: "canary no JSON"), "unavailable: The token server's answer holds no access token."),
        (.init(body: #"{"access_token":""}"#), "unavailable: The token server's answer holds no access token."),
        (.token(#"two\r\nlines"#), "unavailable: The token server's answer holds no access token."),
    ]

    @Test(arguments: refusals.indices)
    func whatIsNoTokenIsSaidWithoutTheServersWords(index: Int) throws {
        let (answer, wanted) = Self.refusals[index]
        let server = try TokenServer(answer)
        let tokens = server.tokens()
        #expect(text(tokens.token()) == wanted)
        // Remembered for a moment: several threads do not ask one after the other.
        #expect(text(tokens.token()) == wanted)
        #expect(server.forms.count == 1)
    }

    @Test func aServerThatIsNotThereIsUnavailable() throws {
        let port = try LoopbackPort.free()
        let endpoint = TokenEndpoint(
            url: "http://127.0.0.1:\(port)/token", clientID: "c", clientSecret: nil, refreshToken: Password("r-canary"))
        let said = text(AccessTokens(endpoint) { TokenServer.read($0) }.token())
        #expect(said.hasPrefix("unavailable: The token server did not answer:"))
        #expect(!said.contains("canary"))
    }

    @Test func aCutEndsTheWait() throws {
        let silent = try RawHTTPServer(response: nil)
        let endpoint = TokenEndpoint(
            url: "http://127.0.0.1:\(silent.port)/token", clientID: "c", clientSecret: Password("s"), refreshToken: nil)
        let tokens = AccessTokens(endpoint) { TokenServer.read($0) }
        DetachedThread.start {
            while silent.requests.isEmpty { usleep(1_000) }
            tokens.cut()
        }
        #expect(text(tokens.token()) == "cut")
    }
}
