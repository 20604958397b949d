import Events
import Foundation
import Mail
import TestSupport
import Testing

/// Mails signed by the server's own key, after a real Postfix has had them.
@Suite(
    .enabled(if: PostfixInstance.isAvailable && DKIMOracle.isAvailable, "Postfix or python3-dkim is not installed"),
    .timeLimit(.minutes(3)))
struct SignedMailTests {
    @Test func signaturesHoldBehindARelay() async throws {
        let postfix = try PostfixInstance.shared()
        let place = try SendTestTests.Place(
            server: "smtp://localhost:\(postfix.port)",
            lines: [
                "ca_file: \(postfix.certificateAuthorityFile)", "reply_to: Team <team@example.test>",
                "sender: bounces@example.test",
                "dkim: [{selector: a, key: {file: ./rsa.pem}}, {selector: b, key: {file: ./ed25519.pem}}]",
            ])
        var records: [(name: String, text: String)] = []
        for (selector, file, pem) in [
            ("a", "rsa", try DKIMOracle.rsa(bits: 2_048)), ("b", "ed25519", try DKIMOracle.ed25519()),
        ] {
            let url = place.folder.appendingPathComponent("\(file).pem")
            try Data(pem).write(to: url)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
            let text = "v=DKIM1; k=\(file); p=\(Base64.encode(try PrivateKey(pem: pem).publicKey))"
            records.append(("\(selector)._domainkey.example.test", text))
        }
        let address = "signed-\(UUID().uuidString.prefix(8))@example.test"
        let result = try await place.sendTest("--to", address)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(!result.output.contains("PRIVATE KEY") && result.output.contains("MAIL FROM:<bounces@example.test>"))
        let mail = try await postfix.mail(containing: address)
        let text = String(decoding: mail, as: UTF8.self)
        #expect(text.contains("Received: ") && text.contains("\nReply-To: Team <team@example.test>"))
        let bytes = Array(text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n").utf8)
        let verdicts = try DKIMOracle.verdicts(bytes, records: records)
        #expect(
            verdicts == ["example.test a rsa-sha256 True", "example.test b ed25519-sha256 True"], "\(verdicts)\n\(text)"
        )
    }
}
