import Foundation

/// Somebody else's verifier of DKIM signatures: dkimpy, of Debian's python3-dkim.
package enum DKIMOracle {
    private static let python = "/usr/bin/python3"

    /// Whether it is installed.
    package static let isAvailable: Bool = {
        let found = try? TestProcess.run(python, ["-c", "import dkim, nacl"])
        return found?.status == 0
    }()

    /// What it says of every signature of a mail, one line each: domain, selector, algorithm, and `True` where it
    /// holds.
    ///
    /// - Parameter records: TXT records of DNS by their names.
    package static func verdicts(_ mail: [UInt8], records: [(name: String, text: String)]) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("dkim-\(UUID().uuidString).eml")
        try Data(mail).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("verify_dkim.py").path
        let result = try TestProcess.run(
            python, [script, file.path] + records.map { "\($0.name)=\($0.text)" })
        return result.output.split(separator: "\n").map(String.init)
    }

    /// A new private key in PEM, as `openssl genpkey` makes it.
    package static func privateKey(_ arguments: [String]) throws -> [UInt8] {
        guard let openssl = TestProcess.find("openssl") else { throw TestSupportFault("openssl is not installed.") }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("key-\(UUID().uuidString).pem")
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try TestProcess.run(openssl, ["genpkey"] + arguments + ["-out", file.path])
        guard result.status == 0 else { throw TestSupportFault("openssl: \(result.output)") }
        return Array(try Data(contentsOf: file))
    }

    /// A new Ed25519 key in PEM.
    package static func ed25519() throws -> [UInt8] { try privateKey(["-algorithm", "ed25519"]) }

    /// A new RSA key in PEM.
    package static func rsa(bits: Int) throws -> [UInt8] {
        try privateKey(["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:\(bits)"])
    }
}
