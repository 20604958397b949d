import Foundation

/// A real Caddy on a loopback port, with a folder of its own and the configuration that README shows, before a port of
/// 127.0.0.1. It ends with the object.
package final class CaddyInstance: ProxyInstance {
    /// Whether Caddy is installed; `scripts/test` installs it, and there it is required.
    package static let isAvailable = TestProcess.isExpected("caddy")

    /// Where Caddy listens, without TLS.
    package let port: Int
    private let scratch: ScratchFolder
    private let process: TestProcess

    /// Starts Caddy; it does not accept connections yet.
    package init(before upstreamPort: Int) throws {
        guard let path = TestProcess.find("caddy") else { throw TestSupportFault("Caddy is not installed.") }
        port = try LoopbackPort.free()
        scratch = try ScratchFolder()
        let file = scratch.path + "/Caddyfile"
        let text = """
            {
                admin off
                storage file_system \(scratch.path)/storage
            }
            \(try Self.documented(port: port, upstreamPort: upstreamPort))

            """
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let log = TestProcess.Stream.file(scratch.path + "/error.log")
        process = try TestProcess(
            starting: "/usr/bin/env",
            ["HOME=" + scratch.path, "XDG_CONFIG_HOME=" + scratch.path, path, "run", "--config", file]
                + ["--adapter", "caddyfile"],
            folder: scratch.path, input: .file("/dev/null"), output: log, errors: log)
    }

    /// What Caddy wrote, of faults of the server behind it too.
    package var errorLog: String {
        (try? String(contentsOfFile: scratch.path + "/error.log", encoding: .utf8)) ?? ""
    }

    /// README's configuration with other ports and without the certificate.
    private static func documented(port: Int, upstreamPort: Int) throws -> String {
        let lines = try ReadmeSnippet.lines(in: "caddyfile")
        guard lines.contains("hooks.example.com {"), lines.contains("reverse_proxy 127.0.0.1:8000 {") else {
            throw TestSupportFault("README.md shows no configuration of Caddy that listens and passes on.")
        }
        return lines.joined(separator: "\n")
            .replacing("hooks.example.com {", with: "http://:\(port) {\nbind 127.0.0.1")
            .replacing("127.0.0.1:8000 {", with: "127.0.0.1:\(upstreamPort) {")
    }
}
