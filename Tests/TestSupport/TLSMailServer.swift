import Foundation
import Glibc

/// A mail server behind TLS, any number of conversations, that keeps every line it gets and knows in which layer it
/// came.
package final class TLSMailServer {
    /// What is in the way of trusting the server's certificate, which is for `localhost`.
    package enum Certificate: Sendable, CaseIterable {
        /// Nothing: the authority in `authorityFile` signed it.
        case trusted
        /// It is for another name.
        case wrongName
        /// It ended yesterday.
        case expired
        /// It signed itself.
        case selfSigned
        /// An authority that nobody knows signed it.
        case unknownAuthority
    }

    /// A line that the server got.
    package struct Line: Sendable {
        /// The number of its connection, from 0.
        package let connection: Int
        /// Whether TLS protected it.
        package let isProtected: Bool
        package let text: String
    }

    /// The programs it needs are installed.
    package static let isAvailable = TestProcess.find("openssl") != nil && TestProcess.find("python3") != nil

    package let port: Int
    /// The authority to trust, as a PEM file.
    package var authorityFile: String { folder.path + "/ca.pem" }
    private let folder: ScratchFolder
    private let process: TestProcess

    /// - Parameters:
    ///   - isImplicit: TLS from the first byte; else STARTTLS.
    ///   - options: those of `tls_mail_server.py`; `client=` takes the name of a certificate made by `makeClient`.
    package init(
        _ certificate: Certificate = .trusted, isImplicit: Bool = false, options: [String] = [],
        wantsClient: Bool = false
    ) async throws {
        guard let python = TestProcess.find("python3"), let timeout = TestProcess.find("timeout") else {
            throw TestSupportFault("python3 is not installed.")
        }
        let folder = try ScratchFolder()
        try Self.makeCertificates(certificate, in: folder.path)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "tls_mail_server.py"
        ).path
        // The time limit ends a server whose test process died before it could.
        let process = try TestProcess(
            starting: timeout,
            [
                "300", python, script, isImplicit ? "implicit" : "starttls", folder.path + "/server.pem",
                folder.path + "/server.key", folder.path + "/record",
            ] + options + (wantsClient ? ["client=\(folder.path)/ca.pem"] : []),
            folder: "/", input: .file("/dev/null"), output: .file(folder.path + "/port"),
            errors: .file(folder.path + "/errors"))
        self.folder = folder
        self.process = process
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let said = FileManager.default.contents(atPath: folder.path + "/port") ?? Data()
            if said.last == 0x0A, let port = Int(String(decoding: said, as: UTF8.self).dropLast()) {
                self.port = port
                return
            }
            guard ContinuousClock.now < deadline, process.isRunning else {
                throw TestSupportFault("The mail server did not start.")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    deinit {
        process.stop()
    }

    /// Everything received so far.
    package var lines: [Line] {
        let text = String(
            decoding: FileManager.default.contents(atPath: folder.path + "/record") ?? Data(), as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: true).compactMap { line in
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let number = Int(parts[0]) else { return nil }
            return Line(connection: number, isProtected: parts[1] == "tls", text: String(parts[2]))
        }
    }

    /// A certificate for a client, and its key, signed by the authority unless `isForeign`.
    package func makeClient(name: String, isForeign: Bool = false) throws -> (certificate: String, key: String) {
        let place = folder.path + "/" + name
        try Self.sign(
            name: name, file: place, authority: folder.path + (isForeign ? "/other" : "/ca"), extensions: "",
            days: "2")
        return (place + ".pem", place + ".key")
    }

    private static func makeCertificates(_ kind: Certificate, in folder: String) throws {
        for name in ["ca", "other"] {
            try openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=Test authority \(name)", "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).pem")
        }
        let host = kind == .wrongName ? "elsewhere.example.test" : "localhost"
        guard kind != .selfSigned else {
            return try openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "\(folder)/server.key", "-out",
                "\(folder)/server.pem")
        }
        try sign(
            name: host, file: "\(folder)/server", authority: folder + (kind == .unknownAuthority ? "/other" : "/ca"),
            extensions: "subjectAltName = DNS:\(host)\n", days: kind == .expired ? "-1" : "2")
    }

    private static func sign(
        name: String, file: String, authority: String, extensions: String, days: String
    ) throws {
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)", "-keyout",
            "\(file).key", "-out", "\(file).csr")
        try extensions.write(toFile: "\(file).ext", atomically: true, encoding: .utf8)
        try openssl(
            "x509", "-req", "-in", "\(file).csr", "-CA", "\(authority).pem", "-CAkey", "\(authority).key",
            "-set_serial", String(Int.random(in: 2...1_000_000)), "-days", days, "-extfile", "\(file).ext", "-out",
            "\(file).pem")
    }

    private static func openssl(_ arguments: String...) throws {
        guard let openssl = TestProcess.find("openssl") else { throw TestSupportFault("openssl is not installed.") }
        let (status, output) = try TestProcess.run(openssl, arguments)
        guard status == 0 else { throw TestSupportFault("openssl failed: \(output)") }
    }
}
