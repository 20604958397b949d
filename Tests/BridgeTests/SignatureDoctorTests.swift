import Bridge
import Events
import Foundation
import Testing

/// Every folder of `DoctorFixtures` is a captured request and all that the signature doctor says about it under the
/// configuration beside the folders. With `HOOKMAIL_RECORD_FIXTURES=1` the expected texts are written anew: read the
/// difference before it is kept.
@Suite struct SignatureDoctorTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "DoctorFixtures")

    private static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") && !$0.hasSuffix(".yaml") }.sorted()
    }()

    /// The secrets of the configuration, as the environment holds them.
    static let secrets = [
        "KEYWORDSAI": "whsec_0123456789abcdef0123456789",
        "OLD": "an old secret of the production source",
        "PLAIN": "0123456789abcdef0123456789abcdef",
        "STRIPE": "whsec_stripe_0123456789abcdef01234",
        "SLACK": "8f742231b10e8888abcd99aaaaaa85a5",
        "SW": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "GENERIC": "generic-0123456789abcdef0123456789",
        "SPACED": " spaced-0123456789abcdef0123456789\n",
        "QUOTED": "\"quoted-0123456789abcdef0123456789\"",
        "HEXED": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        "TOKEN": "token-0123456789abcdef0123456789ab",
        "LISTED": "listed-0123456789abcdef0123456789",
    ]

    private static func configuration() throws -> Configuration {
        let text = try String(contentsOf: folder.appending(path: "hookmail.yaml"), encoding: .utf8)
        let outcome = Surroundings(environment: secrets).load(text)
        return try #require(outcome.configuration, "\(outcome.rendered)")
    }

    private static func line(_ folder: URL, _ name: String) -> String? {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8))?.split(separator: "\n").first
            .map(String.init)
    }

    @Test func thereAreEnoughCases() {
        #expect(Self.cases.count >= 40)
    }

    @Test(arguments: cases) func whatIsWrongIsSaid(name: String) throws {
        let folder = Self.folder.appending(path: name)
        let configuration = try Self.configuration()
        let captured = try CapturedRequest(Array(Data(contentsOf: folder.appending(path: "request"))))
        let path = try #require(captured.path)
        let source = try #require(configuration.sources.first { path == $0.path || path == $0.path + "/" })
        let sender = Self.line(folder, "from").flatMap { IPAddress($0) }
        let request = InboundRequest(
            source: source.name, headers: captured.headers, body: captured.body,
            receivedAt: Timestamp(seconds: 1_770_796_800), sender: sender)
        let doctor = SignatureDoctor(configuration.sources.map(\.verifier))
        let diagnosis = doctor.examine(request, knowsSender: sender != nil)
        let said = (captured.remarks + diagnosis.lines).joined(separator: "\n") + "\n"
        let expected = folder.appending(path: "expected.txt")
        if ProcessInfo.processInfo.environment["HOOKMAIL_RECORD_FIXTURES"] != nil {
            try Data(said.utf8).write(to: expected)
        }
        #expect(try said == String(contentsOf: expected, encoding: .utf8))
        // Whoever has the signature of a body can send it: nothing that was not sent may be read off.
        let all = said + diagnosis.json.text
        for secret in Self.secrets.values {
            #expect(!all.contains(secret.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        #expect(!all.contains("do-not-show-me") && !all.contains("u1"))
        #expect(all.range(of: "[0-9a-f]{32}", options: .regularExpression) == nil)
        // The exit code follows what the server itself would do.
        let verifier =
            sender == nil
            ? source.verifier
            : SignatureVerifier(
                source: source.name, scheme: source.scheme, secrets: source.secrets, allowed: source.allowed)
        if sender != nil || source.allowed.isEmpty {
            let passes = (try? verifier.verify(request)) != nil
            #expect(passes == diagnosis.verifies)
        }
        #expect(diagnosis.json["verifies"]?.bool == diagnosis.verifies)
    }

    @Test func theSearchIsBounded() throws {
        let secrets = (0..<16).map { Secret(Array("secret number \($0), long enough".utf8), label: "env S\($0)") }
        let verifiers = (0..<20).map {
            SignatureVerifier(source: "s\($0)", scheme: .keywordsai, secrets: secrets)
        }
        let header = HeaderField(name: "X-Respan-Signature", value: String(repeating: "ab", count: 32))
        let body = Array("[\(String(repeating: "1, ", count: 1 << 20))2]".utf8)
        let diagnosis = SignatureDoctor(verifiers).examine(
            InboundRequest(source: "s0", headers: [header], body: body, receivedAt: Timestamp(seconds: 0)))
        #expect(!diagnosis.verifies && diagnosis.tried.isCut)
        #expect(diagnosis.lines.contains { $0.contains("not everything") })
    }

    @Test(arguments: [
        ("X-A: b\n\nbody", "- X-A=b body"), ("X-A: b\r\n\r\n", "- X-A=b "),
        ("POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nX-A:  b \r\n\r\n\r\n{}", "/a/b Host=x,X-A=b \r\n{}"),
        ("Content-Length: 2\n\n{}\n", "- Content-Length=2 {}"), ("Content-Length: 2\n\n{}x", "- Content-Length=2 {}x"),
        ("Content-Length: 9\n\n{}", "- Content-Length=9 {}"),
        ("Transfer-Encoding: chunked\n\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "- Transfer-Encoding=chunked abcde"),
        ("X-A: b", "fault"), ("no header\n\n", "fault"), (": b\n\n", "fault"),
        ("Transfer-Encoding: chunked\n\n9\r\nabc", "fault"), ("Transfer-Encoding: chunked\n\nx", "fault"),
        ("", "fault"),
    ])
    func capturesAreRead(text: String, wanted: String) {
        let captured = try? CapturedRequest(Array(text.utf8))
        let found = captured.map { captured in
            let headers = captured.headers.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
            return "\(captured.path ?? "-") \(headers) \(String(decoding: captured.body, as: UTF8.self))"
        }
        #expect((found ?? "fault") == wanted)
    }
}
