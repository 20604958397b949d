import Mail
import Testing

struct MailHeaderTests {
    private func subject(_ text: String) -> String {
        String(decoding: MailHeader(name: "Subject", value: .text(text)).encoded(), as: UTF8.self)
    }

    @Test func plainTextStaysReadable() {
        #expect(subject("[medium] slow: gpt-4o took 4.5 s") == "Subject: [medium] slow: gpt-4o took 4.5 s\r\n")
    }

    @Test func longTextIsFoldedAtSpaces() {
        let text = (1...30).map { "word\($0)" }.joined(separator: " ")
        let lines = subject(text).split(separator: "\r\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.utf8.count <= 78 })
        #expect(subject(text).replacing("\r\n ", with: " ") == "Subject: \(text)\r\n")
    }

    @Test func onlyTheWordsThatNeedItAreEncoded() {
        #expect(subject("price 5 € today") == "Subject: price 5 =?utf-8?b?4oKs?= today\r\n")
        #expect(subject("a =?utf-8?q?=0d=0a?= b") == "Subject: a =?utf-8?b?PT91dGYtOD9xPz0wZD0wYT89?= b\r\n")
    }

    @Test func spacesThatFoldingCouldLoseAreEncoded() {
        #expect(subject("x a  b y") == "Subject: x =?utf-8?q?a__b?= y\r\n")
        #expect(subject(" a ") == "Subject: =?utf-8?q?_a_?=\r\n")
    }

    @Test(arguments: ["\r", "\n", "\r\n", "\u{0}", "\u{B}", "\u{7F}", "\u{85}", "\u{9B}", "\u{2028}", "\u{2029}", "\t"])
    func everyControlCharacterBecomesASpace(control: String) {
        let text = subject("a\(control)Bcc: x@y.z")
        #expect(text.utf8.count { $0 < 0x20 } == 2)
        #expect(HeaderText.cleaned("a\(control)b").utf8.allSatisfy { $0 == 0x20 || $0 == 0x61 || $0 == 0x62 })
    }

    @Test func displayNamesAreWrittenAsAtomsQuotedOrEncoded() throws {
        func from(_ text: String) throws -> String {
            let header = MailHeader(name: "From", value: .mailbox(try Mailbox(parsing: text)))
            return String(decoding: header.encoded(), as: UTF8.self)
        }
        #expect(try from("Hookmail <a@b.c>") == "From: Hookmail <a@b.c>\r\n")
        #expect(try from("\"Ops, night\" <a@b.c>") == "From: \"Ops, night\" <a@b.c>\r\n")
        #expect(try from("Größe <a@b.c>") == "From: =?utf-8?b?R3LDtsOfZQ==?= <a@b.c>\r\n")
        #expect(try from("a@b.c") == "From: a@b.c\r\n")
    }

    @Test func dateHasANumericZone() {
        #expect(MailDate(secondsSinceEpoch: 0).rfc5322 == "Thu, 1 Jan 1970 00:00:00 +0000")
        #expect(MailDate(secondsSinceEpoch: 1_795_075_262).rfc5322 == "Thu, 19 Nov 2026 08:01:02 +0000")
        #expect(
            MailDate(secondsSinceEpoch: 951_782_400, offsetMinutes: -330).rfc5322 == "Mon, 28 Feb 2000 18:30:00 -0530")
        #expect(MailDate(secondsSinceEpoch: -1).rfc5322 == "Wed, 31 Dec 1969 23:59:59 +0000")
        #expect(MailDate(secondsSinceEpoch: .max).year == 9999)
        #expect(MailDate(secondsSinceEpoch: .min).year == 0)
    }

    @Test func messageIDsFollowFromNotificationAndRecipient() {
        let id = MessageID(notification: "1042-0", recipient: "Ops@example.com", host: "mail.example.com")
        #expect(
            id.text == MessageID(notification: "1042-0", recipient: "ops@example.com", host: "mail.example.com").text)
        #expect(id.text != MessageID(notification: "1042-0", recipient: "b@example.com", host: "mail.example.com").text)
        #expect(id.text.hasPrefix("1042-0.") && id.text.hasSuffix("@mail.example.com"))
        #expect(MessageID(notification: "a>\r\n b", recipient: "x", host: "not a host").text.hasPrefix("a----b."))
        #expect(MessageID(id.text) != nil)
        #expect(MessageID("no-at") == nil && MessageID("a b@c") == nil && MessageID("a@b\r\n") == nil)
    }

    @Test func listIDsNameTheRule() {
        #expect(ListID(rule: "failed-calls", namespace: "mail.example.com").text == "failed-calls.mail.example.com")
        let odd = ListID(rule: "Über <teuer>", namespace: "h.example").text
        #expect(
            odd.hasSuffix(".h.example") && odd.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E })
        #expect(ListID(rule: "Über", namespace: "h").text != ListID(rule: "Öber", namespace: "h").text)
    }
}
