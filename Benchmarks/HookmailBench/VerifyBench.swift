import ArgumentParser
import Events

/// Verifies one body again and again: signature, reading, facts, digest, removal of credentials.
struct VerifyBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Microseconds for verifying a signed body and reading its facts.")

    @Argument(help: "A file with the body.") var file: String
    @Argument(help: "For how long, in seconds.") var seconds: Double = 1

    func run() throws {
        let body = try BodyFile.read(file)
        let secret = Secret(Array("secret".utf8), label: "bench")
        let scheme = SignatureScheme.keywordsai
        let request = InboundRequest(
            source: "bench", headers: [scheme.sign(body, with: secret)], body: body,
            receivedAt: Timestamp(microseconds: 0))
        let verifier = SignatureVerifier(source: "bench", scheme: scheme, secrets: [secret])
        print(try Stopwatch.microseconds(over: seconds) { _ = try verifier.verify(request) })
    }
}
