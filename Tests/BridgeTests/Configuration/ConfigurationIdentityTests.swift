import Bridge
import Events
import Foundation
import Mail
import Rendering
import Rules
import Store
import TestSupport
import Testing

/// `sender`, `reply_to`, `addressed_to`, `dkim`, `zone`, `attach`, `public_url` and `link_key`.
@Suite struct ConfigurationIdentityTests {
    private func load(_ mail: String, top: String = "") throws -> Configuration {
        let outcome = try outcome(mail, top: top)
        return try #require(outcome.configuration, "\(outcome.rendered)")
    }

    private func outcome(_ mail: String, top: String = "") throws -> Surroundings.Outcome {
        var surroundings = Surroundings()
        surroundings.environment["DKIM"] = String(decoding: try DKIMOracle.ed25519(), as: UTF8.self)
        return surroundings.load(
            """
            \(top)
            sources: {p: {path: /h/, verify: keywordsai, secrets: [{env: KEYWORDSAI_WEBHOOK_SECRET}]}}
            mail: {from: Hookmail <alerts@example.com>, server: "maildir:./mail"\(mail)}
            recipients:
              berlin: {to: a@example.com, quiet: 22:00-07:00 Europe/Berlin}
              tokyo: {to: [b@example.com, a@example.com], quiet: 22:00-07:00 Europe/Berlin, zone: Asia/Tokyo}
            rules: [{name: r, when: failed, notify: [berlin, tokyo], at_most: 1 per 1h, attach: json}]
            """)
    }

    @Test func everyKeyReachesItsPlace() throws {
        let mail =
            ", sender: Mailer <m@example.com>, reply_to: t@example.com, addressed_to: all, "
            + "dkim: {selector: x, key: {env: DKIM}}"
        let identity = try load(mail).mailIdentity
        #expect(identity.sender?.displayName == "Mailer" && identity.replyTo?.address.description == "t@example.com")
        #expect(identity.showsAllRecipients && identity.signers.map(\.domain) == ["example.com"])
        #expect(identity.signers.map(\.selector) == ["x"])
        #expect(identity.zones.mapValues(\.name) == ["a@example.com": "Europe/Berlin", "b@example.com": "Asia/Tokyo"])
    }

    /// Addresses beyond ASCII are kept in one form, whatever the keyboard made of them.
    @Test func addressesBeyondASCIIAreReadAndNoted() throws {
        let spelled = "jo\u{308}rg@exämple.org"
        let configuration = try load(", reply_to: Jörg <\(spelled)>, operators: [\(spelled), ops@example.com]")
        let wide = "j\u{F6}rg@xn--exmple-cua.org"
        #expect(Array((configuration.mailIdentity.replyTo?.address.description ?? "").utf8) == Array(wide.utf8))
        #expect(configuration.mail.operators.addresses.map { Array($0.utf8) }.first == Array(wide.utf8))
        // A folder takes every mail.
        #expect(configuration.notesOnSMTPUTF8.isEmpty)
        let surroundings = Surroundings()
        func notes(from: String, to: String) throws -> [String] {
            let outcome = surroundings.load(
                """
                sources: {p: {path: /h/, verify: keywordsai, secrets: [{env: KEYWORDSAI_WEBHOOK_SECRET}]}}
                mail: {from: \(from), server: "smtp://smtp.example.com:587"}
                rules: [{name: r, when: failed, notify: [\(to)], at_most: 1 per 1h}]
                """)
            return try #require(outcome.configuration, "\(outcome.rendered)").notesOnSMTPUTF8
        }
        #expect(try notes(from: "a@exämple.org", to: "b@exämple.org").isEmpty)
        let both = try notes(from: "ä@example.org", to: "\(spelled), 用户@example.com, b@example.com")
        #expect(both.count == 2 && both[0].hasPrefix("`mail.from` is beyond ASCII: every mail needs a server"))
        #expect(both[1].hasPrefix("mails to \(wide) and 1 more need a server that offers SMTPUTF8;"), "\(both)")
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let configuration = try load("")
        let identity = configuration.mailIdentity
        #expect(identity.sender == nil && identity.replyTo == nil && !identity.showsAllRecipients)
        #expect(identity.signers.isEmpty && configuration.publicURL == nil && configuration.linkKeys.isEmpty)
        #expect(configuration.ruleSet.rules[0].attachment == .json)
        #expect(
            configuration.ruleSet.text.contains(#""attach":"json""#) && !configuration.ruleSet.text.contains("Tokyo"))
    }

    @Test(arguments: [
        ("https://hookmail.example.com", "https://hookmail.example.com"), ("https://a.b:8443/", "https://a.b:8443"),
        ("https://a.b/hooks/", "https://a.b/hooks"), ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://[::1]:8000", "https://[::1]:8000"),
    ])
    func aPublicURLIsABase(written: String, base: String) throws {
        #expect(try load("", top: "public_url: \"\(written)\"").publicURL == base)
    }

    @Test(arguments: [
        "hookmail.example.com", "ftp://a.b", "https://", "https:///x", "https://a b", "https://u:p@a.b",
        "https://a.b?x",
        "https://a.b/x?y", "https://a.b/#x", "https://a.b//", "https://ä.example", "https://a.b/<x>", "https://a.b:x",
    ])
    func anythingElseIsRefused(written: String) throws {
        let outcome = try outcome("", top: "public_url: \"\(written)\"")
        #expect(outcome.configuration == nil && outcome.rendered.contains("error: 'public_url'"))
    }

    @Test func theKeyOfLinksIsMadeOnceAndForNobodyElse() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("links-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = try load("", top: "public_url: https://a.b")
        configuration.store = .sqlite(path: folder.appendingPathComponent("h.db").path)
        configuration.mail = try load("", top: "").mail
        let file = folder.appendingPathComponent("h.db-links")
        let first = try configuration.openParts()
        await first.store.close()
        let key = try String(contentsOf: file, encoding: .utf8)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(key.utf8.count == 65 && mode == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.filter { $0.contains("links") }.count == 1)
        var dumped = ""
        dump(first.composer.links, to: &dumped)
        #expect(!dumped.contains(key.prefix(64)))
        let again = try configuration.linkSigner()
        #expect(again == first.composer.links)
        try "no key".write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: (any Error).self) { try configuration.linkSigner() }
    }

    @Test func aListOfLinkKeysIsReadInItsOrder() throws {
        let top = """
            public_url: https://a.b
            link_key: [{file: hookmail.secret}, {env: SMTP_PASSWORD}]
            """
        let outcome = try outcome("", top: top)
        let configuration = try #require(outcome.configuration, "\(outcome.rendered)")
        #expect(configuration.linkKeys.map(\.label) == ["file hookmail.secret", "env SMTP_PASSWORD"])
        #expect(outcome.rendered.contains("'link_key' from env SMTP_PASSWORD is shorter than 24 bytes"))
        let one = try load("", top: "public_url: https://a.b\nlink_key: {file: hookmail.secret}")
        #expect(one.linkKeys.map(\.label) == ["file hookmail.secret"])
        let signer = try #require(try configuration.linkSigner())
        let token = try #require(
            try one.linkSigner().map {
                $0.name(
                    LinkToken(.details, of: try NotificationMaker.notification(), recipient: 0, now: EventMaker.start))
            })
        #expect(signer.token(token) != nil)
        // Turned round it signs with the other one, and reads the same.
        let turned = try load(
            "", top: "public_url: https://a.b\nlink_key: [{env: SMTP_PASSWORD}, {file: hookmail.secret}]")
        #expect(try turned.linkSigner()?.token(token) != nil && turned.linkSigner() != signer)
    }

    /// The key that Hookmail made goes on, in its file, behind one that several servers share.
    @Test func theKeyBesideTheStoreMayStandInTheList() throws {
        let digits = String(repeating: "0f", count: 32)
        var surroundings = Surroundings()
        surroundings.files["hookmail.db-links"] = FileContent(bytes: Array("\(digits)\n".utf8))
        let outcome = surroundings.load(
            """
            public_url: https://a.b
            link_key: [{file: hookmail.secret}, {file: hookmail.db-links}]
            sources: {production: {path: /a, verify: keywordsai, secrets: [{env: KEYWORDSAI_WEBHOOK_SECRET}]}}
            mail: {from: a@example.com, server: "maildir:./mail"}
            rules: [{name: one, when: failed, notify: ops@example.com, at_most: 1 per 15m}]
            """)
        let configuration = try #require(outcome.configuration, "\(outcome.rendered)")
        let own = LinkSigner(
            base: "https://a.b", key: Secret([UInt8](repeating: 0x0F, count: 32), label: "own"))
        let token = LinkToken(
            .unsubscribe, of: try NotificationMaker.notification(), recipient: 0, now: EventMaker.start)
        #expect(try configuration.linkSigner()?.token(own.name(token)) == token)
    }

    @Test func operatorsAreAddressesWithAWeeklyReport() throws {
        let operators = try load(", operators: [o@example.com, P@EXAMPLE.com, o@example.com]").mail.operators
        #expect(operators.addresses == ["o@example.com", "P@example.com"])
        #expect(operators.report?.text == "weekly on mon at 09:00 UTC")
        let own = try load(", operators: o@example.com, report: daily at 08:00 Europe/Berlin").mail.operators
        #expect(own.report?.text == "daily at 08:00 Europe/Berlin")
        let never = try load(", operators: o@example.com, report: never").mail.operators
        #expect(never.addresses.count == 1 && never.report == nil)
        let none = try load("").mail.operators
        #expect(none.addresses.isEmpty && none.report == nil)
    }
}
