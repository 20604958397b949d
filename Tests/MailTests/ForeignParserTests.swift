import Foundation
import Mail
import TestSupport
import Testing

/// Composed mails before another parser: nothing may be lost, and nothing may be added.
@Suite(.enabled(if: MailOracle.isAvailable))
struct ForeignParserTests {
    static let headers = [
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress",
        "MIME-Version", "Content-Type",
    ]

    private static let naughty: [String] = [
        "\r", "\n", "\r\n", "\0", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}\u{C}\u{1C}\u{1F}\u{7F}", "\r\n\r\n",
        "\r\nBcc: x@y.z",
        "%0d%0aBcc: x@y.z", "\u{560A}Bcc: x@y.z", "=?utf-8?q?=0d=0aBcc:_x@y.z?=", "=?utf-8?b?DQpCY2M6IHhAeS56?=", "=?",
        "?=",
        "=?utf-8?q?a?= =?utf-8?q?b?=", "--", "--=_", "\n--=_", "\n--=_0123456789abcdef--", "\n.", "\n..", ".\n.\n",
        "\nFrom me",
        "\n From: x", "\r\n.\r\nMAIL FROM:<x@y.z>\r\n", String(repeating: "x", count: 2_000),
        String(repeating: ".", count: 200),
        String(repeating: "é", count: 300), "👩‍👩‍👧‍👦🏳️‍🌈", "مرحبا بالعالم",
        "שלום \u{202E}abc", "\u{FFFD}", "e\u{301}\u{301}",
        "=", "==20",
        "=\n", "a=3D", " ", "  ", "\t", " \n", "\t\n", "<b>&amp;</b>", "\"quoted\"", "\\", "(comment)", ",;:<>@[]",
        "𝔘𝔫𝔦", "漢字かな",
        "\u{1F468}\u{200D}", "\u{FEFF}", "normal words here", "x@y.z", "\u{10FFFF}", "\u{E000}", "''", "«»",
    ]

    private static func text(_ generator: inout SeededRandom, pieces: Int) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...pieces, using: &generator) {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0...1: text += naughty.randomElement(using: &generator) ?? ""
            case 2: text += String(repeating: "word ", count: Int.random(in: 0...12, using: &generator))
            default:
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    let value = UInt32.random(in: 0...0x10FFFF, using: &generator)
                    text.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
                }
            }
        }
        return text
    }

    /// The text as a reader gets it: every line end is one, and the last line has an end.
    private static func normalized(_ text: String) -> String {
        var lines: [UInt8] = []
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0A, previous == 0x0D {
                previous = byte
                continue
            }
            lines.append(byte == 0x0D ? 0x0A : byte)
            previous = byte
        }
        if lines.last != 0x0A { lines.append(0x0A) }
        return String(decoding: lines, as: UTF8.self)
    }

    @Test(.timeLimit(.minutes(5)))
    func randomAndHostileMailsComeThroughWhole() throws {
        let seed =
            ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap(UInt64.init)
            ?? .random(in: 0..<UInt64.max)
        var generator = SeededRandom(seed: seed)
        let to = try Address(parsing: "ops@example.com")
        let names = [
            "Hookmail", "Größe, ✓ \\\"x\\\"", "Ops (night)", String(repeating: "long name ", count: 12), "漢字", "=?x?=",
        ]
        var mails: [MailOracle.Expectation] = []
        for index in 0..<2_400 {
            let pieces = index < Self.naughty.count ? 0 : 8
            let fixed = index < Self.naughty.count ? Self.naughty[index] : ""
            let text = fixed + Self.text(&generator, pieces: pieces * 4)
            let html = fixed + Self.text(&generator, pieces: pieces * 2)
            // A field's value begins and ends where its first and last word do; what is sent has words.
            let subject = "[low] r: " + fixed + Self.text(&generator, pieces: pieces)
            let from = try Mailbox(parsing: "\"\(names[index % names.count])\" <alerts@example.com>")
            let draft = MessageDraft(
                from: from, to: to, subject: subject, date: MailDate(secondsSinceEpoch: Int64(index) * 1_000_003),
                messageID: MessageID(notification: "\(index)-0", recipient: to.description, host: "h.example"),
                listID: ListID(rule: "r", namespace: "h.example"), text: text, html: html)
            mails.append(
                .init(
                    bytes: try draft.compose().bytes, subject: HeaderText.cleaned(subject), from: "alerts@example.com",
                    to: "ops@example.com", displayName: from.displayName, text: Self.normalized(text),
                    html: Self.normalized(html), headers: Self.headers))
        }
        let findings = try MailOracle.findings(mails)
        #expect(findings == ["checked 2400"], "seed \(seed)")
    }

    @Test func referencesPutAMailIntoItsThread() throws {
        let to = try Address(parsing: "ops@example.com")
        let ids = (0..<30).map { MessageID(notification: "\($0)-0", recipient: "x", host: "h.example") }
        let draft = MessageDraft(
            from: Mailbox(to), to: to, subject: "s", date: MailDate(secondsSinceEpoch: 0), messageID: ids[29],
            references: Array(ids[..<29]), listID: ListID(rule: "r", namespace: "h.example"), text: "t\n", html: "h\n")
        var headers = Self.headers
        headers.insert(contentsOf: ["In-Reply-To", "References"], at: 5)
        let mail = MailOracle.Expectation(
            bytes: try draft.compose().bytes, subject: "s", from: "ops@example.com", to: "ops@example.com", text: "t\n",
            html: "h\n", headers: headers)
        let findings = try MailOracle.findings([mail])
        #expect(findings == ["checked 1"])
        let text = String(decoding: mail.bytes, as: UTF8.self)
        #expect(
            text.contains("<\(ids[0])>") && !text.contains("<\(ids[5])>") && text.contains("In-Reply-To: <\(ids[28])>"))
    }

    @Test func aMailThatIsTooLargeIsRefused() throws {
        let to = try Address(parsing: "ops@example.com")
        let draft = MessageDraft(
            from: Mailbox(to), to: to, subject: "s", date: MailDate(secondsSinceEpoch: 0),
            messageID: MessageID(notification: "1", recipient: "x", host: "h"),
            listID: ListID(rule: "r", namespace: "h"),
            text: String(repeating: "é", count: 400_000), html: "")
        #expect(throws: CompositionFault.self) { try draft.compose() }
        #expect(MessageFault.first(in: draft.lastResort().bytes) == nil)
    }
}
