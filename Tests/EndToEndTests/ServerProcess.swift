import Events
import Foundation
import TestSupport
import Testing
import Transports

/// A `hookmail serve` of its own: a folder with configuration, secret and store, and the process, which can be stopped,
/// killed and started again.
final class ServerProcess: @unchecked Sendable {  // started and stopped by its one test
    let folder: URL
    let webhookPort: Int
    let adminPort: Int
    let secret = Secret(Array("whsec_end_to_end_0123456789abcdef".utf8), label: "test")
    private let mail: String
    private var process: TestProcess?

    /// - Parameters:
    ///   - mail: the lines under `mail:`.
    ///   - rest: further top-level lines: `rules`, `recipients`, ….
    init(mail: String, rest: String) throws {
        folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(
            "hookmail-e2e-\(UUID().uuidString)")
        webhookPort = try LoopbackPort.free()
        adminPort = try LoopbackPort.free()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try "whsec_end_to_end_0123456789abcdef\n".write(
            to: folder.appendingPathComponent("hook.secret"), atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder.appendingPathComponent("hook.secret").path)
        self.mail = mail
        try rewrite(rest: rest)
    }

    /// Writes the configuration anew with other further lines.
    func rewrite(rest: String) throws {
        let text = """
            listen: 127.0.0.1:\(webhookPort)
            admin: 127.0.0.1:\(adminPort)
            store: sqlite:./hookmail.db
            sources:
              test: {path: /api/webhook/, verify: keywordsai, secrets: [{file: ./hook.secret}]}
            mail:
            \(mail.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            \(rest)

            """
        try text.write(to: folder.appendingPathComponent("hookmail.yaml"), atomically: true, encoding: .utf8)
    }

    deinit {
        process?.stop(with: SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    var url: String { "http://127.0.0.1:\(webhookPort)/api/webhook/" }

    /// Starts the server and returns when it is ready.
    ///
    /// - Parameter log: the options that say what it logs.
    func start(log options: [String] = ["--log-level", "warning"]) async throws {
        let log = folder.appendingPathComponent("serve.log").path
        let process = try TestProcess(
            starting: Self.executable.path, ["serve"] + options, folder: folder.path,
            input: .file("/dev/null"), output: .file(log), errors: .file(log))
        self.process = process
        let exchange = HTTPExchange()
        for _ in 0..<1_000 {
            let health = HTTPExchange.Request(url: "http://127.0.0.1:\(adminPort)/healthz", timeout: .seconds(2))
            if let answer = try? await exchange.send(health), answer.status == 200,
                (try? await exchange.send(.init(url: url)))?.status == 405
            {
                await exchange.shutdown()
                return
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        await exchange.shutdown()
        throw ServerFault(text: "the server did not come up:\n" + logText)
    }

    /// What the server's threads are called.
    var threadNames: [String] { process?.threadNames ?? [] }

    var logText: String {
        (try? String(contentsOf: folder.appendingPathComponent("serve.log"), encoding: .utf8)) ?? ""
    }

    /// `kill -9`, and waits for the end.
    func kill9() {
        process?.stop(with: SIGKILL)
        process = nil
    }

    /// Sends a signal to the running process.
    func signal(_ signal: Int32) {
        process?.signal(signal)
    }

    /// SIGTERM; returns the exit status.
    func terminate() async throws -> Int32 {
        try await DetachedThread.run { [self] in
            defer { process = nil }
            return process?.stop() ?? -1
        }
    }

    /// Posts a body with a right signature.
    func post(_ body: [UInt8], over exchange: HTTPExchange) async throws -> HTTPExchange.Response {
        let signature = SignatureScheme.keywordsai.sign(body, with: secret)
        return try await exchange.send(
            .init(
                method: "POST", url: url, headers: [(name: signature.name, value: signature.value)], body: body,
                timeout: .seconds(20)))
    }

    /// Runs another command in the server's folder: exit status, standard output and standard error.
    func run(_ arguments: [String], input: String? = nil) async throws -> CommandResult {
        try await Self.run(arguments, in: folder, input: input)
    }

    /// Runs a command in any folder.
    static func run(_ arguments: [String], in folder: URL, input: String? = nil) async throws -> CommandResult {
        try await DetachedThread.run { try runBlocking(arguments, in: folder, input: input) }
    }

    private static func runBlocking(_ arguments: [String], in folder: URL, input: String?) throws -> CommandResult {
        let scratch = try ScratchFolder()
        let (output, errors) = (scratch.path + "/out", scratch.path + "/err")
        let standardInput = scratch.path + "/in"
        try (input ?? "").write(toFile: standardInput, atomically: true, encoding: .utf8)
        let process = try TestProcess(
            starting: executable.path, arguments, folder: folder.path, input: .file(standardInput),
            output: .file(output), errors: .file(errors))
        return CommandResult(
            status: process.wait(), output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    /// The program under test stands beside the test bundle.
    static let executable: URL = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("hookmail")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        return URL(fileURLWithPath: "/nonexistent/hookmail")
    }()
}

/// What a command left.
struct CommandResult: Sendable {
    let status: Int32
    let output: String
    let errors: String
}

struct ServerFault: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
