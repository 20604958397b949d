import Events
import Foundation
import Mail
import Rendering
import Rules
import TestSupport
import Testing

/// Signed mails before somebody else's verifier.
@Suite(.enabled(if: DKIMOracle.isAvailable, "python3-dkim is not installed"), .timeLimit(.minutes(5)))
struct DKIMTests {
    private let now = Timestamp(seconds: 1_795_075_265)

    private func signers() throws -> [DKIMSigner] {
        [
            DKIMSigner(
                domain: "example.com", selector: "rsa", key: try PrivateKey(pem: try DKIMOracle.rsa(bits: 2_048))),
            DKIMSigner(
                domain: "example.com", selector: "ed25519.2026", key: try PrivateKey(pem: try DKIMOracle.ed25519())),
        ]
    }

    private func composer(_ signers: [DKIMSigner]) -> Composer {
        var identity = MailIdentity.test
        identity.signers = signers
        identity.replyTo = identity.from
        return Composer(
            templates: .builtin, identity: identity,
            links: LinkSigner(base: "https://hookmail.example.com", key: Secret(Array("key".utf8), label: "test")))
    }

    private func expectValid(_ bytes: [UInt8], _ signers: [DKIMSigner], _ what: String = "") throws {
        let verdicts = try DKIMOracle.verdicts(bytes, records: signers.map { ($0.record.name, $0.record.text) })
        #expect(
            verdicts == ["example.com rsa rsa-sha256 True", "example.com ed25519.2026 ed25519-sha256 True"],
            "\(what) \(verdicts)")
    }

    @Test func everyBuiltInMailVerifiesWithBothKinds() throws {
        let signers = try signers()
        let composer = composer(signers)
        for (name, make) in GoldenMailsTests.all.sorted(by: { $0.key < $1.key }) {
            let mail = composer.compose(try make(), recipient: "ops@example.com", now: now)
            #expect(mail.templateFault == nil && MessageFault.first(in: mail.message.bytes) == nil)
            try expectValid(mail.message.bytes, signers, name)
        }
    }

    /// What a name server is given: strings it can hold, which are the text again when they are put together.
    @Test func recordsAreZoneEntries() throws {
        let records = try signers().map(\.record)
        #expect(records.map(\.name) == ["rsa._domainkey.example.com", "ed25519.2026._domainkey.example.com"])
        #expect(records.map(\.strings.count) == [2, 1])
        for record in records {
            #expect(record.strings.joined() == record.text && record.strings.allSatisfy { $0.utf8.count <= 255 })
            #expect(record.zoneEntry.hasPrefix("\(record.name). IN TXT "))
        }
        #expect(DKIMRecord(name: "a", text: String(repeating: "x", count: 510)).strings.map(\.count) == [255, 255])
        let long = DKIMRecord(name: "a", text: String(repeating: "x", count: 256)).zoneEntry
        #expect(long == "a. IN TXT (\n    \"\(String(repeating: "x", count: 255))\"\n    \"x\" )")
    }

    @Test func theTestMailAndTheShortFormVerify() throws {
        let signers = try signers()
        let composer = composer(signers)
        let to = try Address(parsing: "ops@example.com")
        for own in OwnSample.all.values {
            try expectValid(composer.compose(own, to: to, now: now).message.bytes, signers)
        }
        let notification = try Sample.notification(Sample.failedLog)
        let short = try #require(composer.composeShort(notification, recipient: "ops@example.com", now: now))
        try expectValid(short.bytes, signers)
    }

    /// UTF-8 in the header is signed as any other bytes (RFC 8616 §2), and the copy in ASCII as ever.
    @Test func internationalisedMailsVerify() throws {
        let signers = try signers()
        let notification = try Sample.notification(Sample.failedLog)
        let both = ["jörg@xn--exmple-cua.org", "ops@example.com"]
        let told = Rules.Notification(
            id: notification.id, rule: notification.rule, group: notification.group, reason: notification.reason,
            severity: notification.severity, at: notification.at, recipients: both,
            template: nil, subject: nil, holdsThrottleSlot: false, figures: notification.figures)
        var identity = MailIdentity.test
        identity.signers = signers
        identity.showsAllRecipients = true
        let composer = Composer(templates: .builtin, identity: identity)
        for recipient in both {
            let message = composer.compose(told, recipient: recipient, now: now).message
            #expect(message.needsSMTPUTF8 == (recipient != "ops@example.com"))
            try expectValid(message.bytes, signers, recipient)
        }
    }

    @Test func whatIsChangedOnTheWayIsFoundOut() throws {
        let signers = try signers()
        let bytes = composer(signers).compose(
            try Sample.notification(Sample.failedLog), recipient: "ops@example.com", now: now
        ).message.bytes
        let text = String(decoding: bytes, as: UTF8.self)
        // Relays fold anew and add their own fields.
        let refolded = "Received: by relay\r\n" + text.replacing("Subject: [medium]", with: "Subject:  [medium]")
        try expectValid(Array(refolded.utf8), signers)
        for changed in [
            text.replacing("Subject: [medium]", with: "Subject: [low]"), text.replacing("429 Too", with: "200 Too"),
            text.replacing("\r\nTo: ", with: "\r\nFrom: bank@example.net\r\nTo: "), text + "more\r\n",
            text.replacing("\r\nList-Id: ", with: "\r\nCc: x@example.net\r\nList-Id: "),
            text.replacing("List-Unsubscribe-Post: List", with: "List-Unsubscribe-Post: Lost"),
            text.replacing("List-Unsubscribe:\r\n <https://hook", with: "List-Unsubscribe:\r\n <https://hack"),
            // Verifiers read the lowest field of a name, mail programs perhaps the first.
            "List-Unsubscribe: <https://hack.example.net/m/x>\r\n" + text,
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" + text,
        ] {
            #expect(changed != text)
            let verdicts = try DKIMOracle.verdicts(
                Array(changed.utf8), records: signers.map { ($0.record.name, $0.record.text) })
            #expect(verdicts.count == 2 && verdicts.allSatisfy { !$0.hasSuffix(" True") }, "\(verdicts)")
        }
    }

    @Test func equalMailsHaveEqualSignaturesAndShortLines() throws {
        let signers = try signers()
        let notification = try Sample.notification(Sample.failedLog)
        let mails = (0..<2).map { _ in
            composer(signers).compose(notification, recipient: "ops@example.com", now: now).message.bytes
        }
        #expect(mails[0] == mails[1])
        let head = String(decoding: mails[0], as: UTF8.self).components(separatedBy: "\r\n\r\n")[0]
        // A URL cannot be folded.
        for line in head.components(separatedBy: "\r\n") where !line.hasPrefix(" <https://") {
            #expect(line.utf8.count <= 78, "\(line)")
        }
    }

    @Test(arguments: [
        ("", PrivateKeyFault.unreadable), ("hello", .unreadable),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", .passphrase),
        ("-----BEGIN PUBLIC KEY-----\n", .publicKey), ("-----BEGIN CERTIFICATE-----\n", .publicKey),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", .unreadable),
    ])
    func whatIsNoKeyIsRefused(text: String, fault: PrivateKeyFault) {
        #expect(throws: fault) { try PrivateKey(pem: Array(text.utf8)) }
    }

    @Test func aKeyOfAnotherKindIsRefusedAndNoneIsPrinted() throws {
        let other = try DKIMOracle.privateKey(["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        #expect(throws: PrivateKeyFault.otherAlgorithm) { try PrivateKey(pem: other) }
        let signer = try signers()[1]
        var dumped = ""
        dump(signer, to: &dumped)
        #expect(dumped.contains("•••") && !dumped.contains("PRIVATE"))
    }
}
