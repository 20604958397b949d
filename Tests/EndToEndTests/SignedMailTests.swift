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
        for (file, pem) in [("rsa", try DKIMOracle.rsa(bits: 2_048)), ("ed25519", try DKIMOracle.ed25519())] {
            let url = place.folder.appendingPathComponent("\(file).pem")
            try Data(pem).write(to: url)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
        }
        let records = try await records(in: place)
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

    /// What `hookmail dkim` says has to stand in DNS: of its zone entries the name and the strings put together, which
    /// are those of `--json`.
    private func records(in place: SendTestTests.Place) async throws -> [(name: String, text: String)] {
        let printed = try await ServerProcess.run(["dkim"], in: place.folder)
        #expect(printed.status == 0 && !printed.output.contains("PRIVATE"), "\(printed.errors)")
        let parts = printed.output.components(separatedBy: " IN TXT ")
        #expect(parts.count == 3 && parts[0] == "a._domainkey.example.test.")
        let json = try await ServerProcess.run(["dkim", "--json"], in: place.folder)
        let records = try #require(try JSONValue.decode(Array(json.output.utf8)).array)
        #expect(records.compactMap { $0["algorithm"]?.string } == ["rsa", "ed25519"])
        return try zip(parts.dropFirst(), records).map { entry, record in
            let text = entry.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }.joined()
            #expect(text == record["text"]?.string && record["strings"]?.array?.isEmpty == false)
            return (try #require(record["name"]?.string), text)
        }
    }

    @Test func withoutAKeyThereIsNoRecord() async throws {
        let place = try SendTestTests.Place(server: "smtp://localhost:25", lines: [])
        let none = try await ServerProcess.run(["dkim"], in: place.folder)
        #expect(none.status == 78 && none.errors.contains("names no key") && none.output.isEmpty)
        let missing = try SendTestTests.Place(
            server: "smtp://localhost:25", lines: ["dkim: {selector: x, key: {file: ./nowhere.pem}}"])
        let unread = try await ServerProcess.run(["dkim"], in: missing.folder)
        #expect(unread.status == 78 && unread.errors.contains("key of x cannot be read"), "\(unread.errors)")
    }
}
