import ArgumentParser
import Events

/// Signs one body again and again: what of verifying is the HMAC itself.
struct CodeBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hmac", abstract: "Microseconds for the HMAC-SHA256 of a body.")

    @Argument(help: "A file with the body.") var file: String
    @Argument(help: "For how long, in seconds.") var seconds: Double = 1

    func run() throws {
        let body = try BodyFile.read(file)
        let secret = Secret(Array("secret".utf8), label: "bench")
        print(Stopwatch.microseconds(over: seconds) { _ = SignatureScheme.keywordsai.sign(body, with: secret) })
    }
}
