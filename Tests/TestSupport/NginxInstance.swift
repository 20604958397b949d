import Foundation

/// A real nginx on a loopback port, with a folder of its own and the configuration that README shows, before a port of
/// 127.0.0.1. It ends with the object.
package final class NginxInstance: ProxyInstance {
    /// Whether nginx is installed; `scripts/test` installs it, and there it is required.
    package static let isAvailable = TestProcess.isExpected("nginx")

    /// Where nginx listens, without TLS.
    package let port: Int
    private let scratch: ScratchFolder
    private let process: TestProcess

    /// Starts nginx; it does not accept connections yet.
    package init(before upstreamPort: Int) throws {
        guard let path = TestProcess.find("nginx") else { throw TestSupportFault("nginx is not installed.") }
        port = try LoopbackPort.free()
        let scratch = try ScratchFolder()
        self.scratch = scratch
        let file = scratch.path + "/nginx.conf"
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(scratch.path)/\($0);"
        }
        let text = """
            daemon off;
            master_process off;
            pid \(scratch.path)/nginx.pid;
            error_log \(scratch.path)/error.log info;
            events { worker_connections 512; }
            http {
            access_log off;
            \(temporary.joined(separator: "\n"))
            \(try Self.documented(port: port, upstreamPort: upstreamPort))
            }

            """
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        process = try TestProcess(
            starting: path, ["-e", scratch.path + "/error.log", "-p", scratch.path, "-c", file])
    }

    /// What nginx wrote of faults, its own and those of the server behind it.
    package var errorLog: String {
        (try? String(contentsOfFile: scratch.path + "/error.log", encoding: .utf8)) ?? ""
    }

    /// README's configuration with other ports and without the certificate.
    private static func documented(port: Int, upstreamPort: Int) throws -> String {
        let lines = try ReadmeSnippet.lines(in: "nginx")
        guard lines.contains("listen 443 ssl;"), lines.contains("server 127.0.0.1:8000;") else {
            throw TestSupportFault("README.md shows no configuration of nginx, or none that listens and passes on.")
        }
        return lines.filter { !$0.hasPrefix("ssl_") }.joined(separator: "\n")
            .replacing("listen 443 ssl;", with: "listen 127.0.0.1:\(port);")
            .replacing("server 127.0.0.1:8000;", with: "server 127.0.0.1:\(upstreamPort);")
    }
}
