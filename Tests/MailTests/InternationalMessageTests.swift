import Foundation
import Mail
import TestSupport
import Testing

/// Internationalised messages (RFC 6532): UTF-8 in the addresses of the header where a copy needs it, ASCII elsewhere.
struct InternationalMessageTests {
    static let wide = "jörg@xn--exmple-cua.org"

    private func draft(
        from: String = "Büro <alerts@example.com>", to: String, shown: [String] = [], replyTo: String? = nil,
        sender: String? = nil
    ) throws -> MessageDraft {
        var draft = MessageDraft(
            from: try Mailbox(parsing: from), to: try Address(parsing: to), subject: "[high] größer: 7 failed",
            date: MailDate(secondsSinceEpoch: 1_795_780_800),
            messageID: MessageID(notification: "1-0", recipient: "x", host: "h.example"),
            listID: ListID(rule: "größer", namespace: "h.example"), text: "Grüße.\n", html: "<p>Grüße.</p>\n")
        draft.shownRecipients = try shown.map { try Address(parsing: $0) }
        draft.replyTo = try replyTo.map { try Mailbox(parsing: $0) }
        draft.sender = try sender.map { try Mailbox(parsing: $0) }
        return draft
    }

    /// The mail byte for byte, with LF for CRLF. `HOOKMAIL_REWRITE_GOLDEN=1` writes the file anew.
    @Test func theMailIsAsRecorded() throws {
        let bytes = try draft(
            from: "Büro <büro@example.com>", to: Self.wide, shown: [Self.wide, "anna@example.org", "用户@example.com"],
            replyTo: "Jörg & Co <jörg@example.com>"
        ).compose().bytes
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Golden/international.eml")
        let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
        if ProcessInfo.processInfo.environment["HOOKMAIL_REWRITE_GOLDEN"] != nil {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(decoding: Data(contentsOf: file), as: UTF8.self) == text)
        #expect(MessageFault.first(in: bytes, allowsUTF8Headers: true) == nil)
    }

    @Test(.enabled(if: MailOracle.isAvailable)) func anotherParserFindsTheAddresses() throws {
        let mail = try draft(
            from: "Büro <büro@example.com>", to: Self.wide, shown: [Self.wide, "anna@example.org", "用户@example.com"],
            replyTo: "\"Jörg, Co\" <jörg@example.com>", sender: "пост@example.com"
        ).compose()
        #expect(mail.needsSMTPUTF8 && mail.senderNeedsSMTPUTF8 && mail.sender.description == "пост@example.com")
        let found = try MailOracle.addresses(mail.bytes)
        #expect(found.defects == 0 && found.isSame && found.subject == "[high] größer: 7 failed")
        #expect(found.fields["From"] == [[nil, "büro@example.com"]])
        #expect(found.fields["Sender"] == [[nil, "пост@example.com"]])
        #expect(found.fields["Reply-To"] == [[nil, "jörg@example.com"]])
        #expect(found.fields["To"] == [[nil, Self.wide], [nil, "anna@example.org"], [nil, "用户@example.com"]])
    }

    /// An address beyond ASCII keeps no mail from its neighbours: their copies are ASCII, and name it all the same.
    @Test(.enabled(if: MailOracle.isAvailable)) func copiesForASCIIRecipientsNeedNothing() throws {
        let long = String(repeating: "ü", count: 32) + "@example.com"
        let all = ["anna@example.org", Self.wide, long, "bob@example.org"]
        let mail = try draft(to: "anna@example.org", shown: all).compose()
        #expect(!mail.needsSMTPUTF8 && MessageFault.first(in: mail.bytes) == nil)
        let found = try MailOracle.addresses(mail.bytes)
        #expect(found.defects == 0)
        // Older versions of the package put a space between two encoded-words of a name.
        let groups = found.fields["To"]?.map { pair in pair.map { $0?.filter { $0 != " " } } }
        #expect(groups == [[nil, "anna@example.org"], [Self.wide, ""], [long, ""], [nil, "bob@example.org"]])
        let own = try draft(to: Self.wide, shown: all).compose()
        #expect(own.needsSMTPUTF8 && !own.senderNeedsSMTPUTF8)
        #expect(try MailOracle.addresses(own.bytes).fields["To"] == all.map { [nil, $0] })
    }

    /// What our own side needs, every mail needs.
    @Test func whoSendsAndWhoIsAnsweredDecideForAll() throws {
        for mail in [
            try draft(from: "büro@example.com", to: "anna@example.org").compose(),
            try draft(to: "anna@example.org", replyTo: "jörg@example.com").compose(),
            try draft(to: "anna@example.org", sender: "пост@example.com").compose(),
        ] {
            #expect(mail.needsSMTPUTF8 && mail.senderNeedsSMTPUTF8)
        }
        let plain = try draft(to: "anna@example.org").compose()
        #expect(!plain.needsSMTPUTF8 && !plain.senderNeedsSMTPUTF8 && plain.bytes.allSatisfy { $0 < 0x80 })
    }

    /// Lines are folded by their bytes, and no line is longer than any other mail's.
    @Test func manyAddressesAreFolded() throws {
        let all = (0..<30).map { "\(String(repeating: "ö", count: 20))\($0)@example.com" }
        for to in [all[0], "anna@example.org"] {
            let bytes = try draft(to: to, shown: all + ["anna@example.org"]).compose().bytes
            let text = String(decoding: bytes, as: UTF8.self)
            let head = try #require(text.components(separatedBy: "\r\n\r\n").first)
            #expect(head.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 78 })
        }
    }

    @Test func theLastResortNeedsNoMoreThanItsAddresses() throws {
        #expect(try draft(to: Self.wide).lastResort().needsSMTPUTF8)
        #expect(try !draft(to: "anna@example.org", shown: [Self.wide]).lastResort().needsSMTPUTF8)
    }
}
