import Events
import TestSupport
import Testing

/// Requests that nobody would send: none may stop the process, be believed, or make the doctor tell a secret.
@Suite struct SchemeFuzzTests {
    private static let pieces = [
        "v1,", "v1=", "v0=", "t=", "v1a,", "sha256=", ",", ";", " ", "=", ":", "::", "\"", "[", "]", "for=", "%", "/",
        "Bearer ", "whsec_", "1614265330", "-1", "999999999999", "\u{0}", "\r\n", "\n\n", "é", "e\u{301}", "0", "ff",
        "AAAA", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "127.0.0.1", "::ffff:1.2.3.4", "2001:db8::1", "unknown",
        String(repeating: "a", count: 64), String(repeating: "=", count: 5_000), "Content-Length: 5", "HTTP/1.1",
        "Transfer-Encoding: chunked", "POST / ", "ffffffff\r\n", "{\"type\":\"url_verification\",\"challenge\":",
    ]

    private static let names = [
        "X-Respan-Signature", "webhook-id", "webhook-timestamp", "webhook-signature", "svix-id", "svix-signature",
        "Stripe-Signature", "X-Slack-Signature", "X-Slack-Request-Timestamp", "X-Hub-Signature-256", "Authorization",
        "X-GitHub-Event", "X-GitHub-Delivery", "X-S", "X-Forwarded-For", "Forwarded", "Content-Type",
    ]

    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private static func text(_ random: inout SeededRandom) -> String {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    @Test(.timeLimit(.minutes(3))) func nothingStopsTheProcess() throws {
        var random = SeededRandom.announced(for: "nothingStopsTheProcess")
        let schemes: [SignatureScheme] = [
            .keywordsai, .standardWebhooks, .github, .stripe, .slack, .token(TokenScheme()), .none,
            .hmac(HMACScheme(header: "X-S", algorithm: .sha512, encoding: .base64, prefix: "v=")),
        ]
        let blocks = [try AddressBlock("127.0.0.0/8")]
        let verifiers = schemes.enumerated().map { index, scheme in
            SignatureVerifier(
                source: "s\(index)", scheme: scheme,
                secrets: scheme.takesSecrets ? [Secret(Array(Self.secret.utf8), label: "env S")] : [])
        }
        for round in 0..<6_000 {
            let headers = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                HeaderField(name: Self.names.randomElement(using: &random) ?? "", value: Self.text(&random))
            }
            let sender = ClientAddress.of(peer: IPAddress("127.0.0.1"), headers: headers, trusted: blocks)
            let request = InboundRequest(
                source: "s\(round % verifiers.count)", headers: headers, body: Array(Self.text(&random).utf8),
                receivedAt: Timestamp(seconds: 1_614_265_330), sender: sender)
            for verifier in verifiers { #expect((try? verifier.verify(request)) == nil) }
            if round % 10 == 0 {
                let diagnosis = SignatureDoctor(verifiers).examine(request, knowsSender: round % 20 == 0)
                #expect(!diagnosis.verifies && !diagnosis.verdict.isEmpty)
                #expect(!(diagnosis.lines.joined() + "\(diagnosis.json)").contains("MfKQ9r8G"))
            }
            let capture = Self.text(&random) + "\r\n\r\n" + Self.text(&random)
            _ = try? CapturedRequest(Array(capture.utf8))
            _ = IPAddress(Self.text(&random))
            _ = try? AddressBlock(Self.text(&random))
        }
    }
}
