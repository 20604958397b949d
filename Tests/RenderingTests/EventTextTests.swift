import Rendering
import Testing

struct EventTextTests {
    @Test(arguments: [
        ("https://evil.example/a.b", "hxxps://evil[.]example/a[.]b"), ("HTTP://x.yy", "hxxp://x[.]yy"),
        ("see evil.com.", "see evil[.]com."), ("a@b.co", "a[at]b[.]co"),
        ("acme-user@mail.example", "acme-user[at]mail[.]example"),
        ("ftp://x", "fxp://x"), ("slack://x", "slack[:]//x"), ("mailto:a", "mailto[:]a"), ("tel:+49", "tel[:]+49"),
        ("www.x", "www[.]x"), ("WWW.: x", "WWW[.]: x"), ("1.2.3.4", "1[.]2[.]3[.]4"),
        ("\\\\host\\share", "[\\\\]host\\share"),
        ("gpt-4.1-mini", "gpt-4.1-mini"), ("v1.5.0", "v1.5.0"), ("in 1.29s", "in 1.29s"), ("e.g. so", "e.g. so"),
        ("@user", "@user"),
        ("Error: x", "Error: x"), ("{\"code\":\"a\"}", "{\"code\":\"a\"}"), ("08:01:02", "08:01:02"),
        ("пример.рф", "пример[.]рф"),
        ("你好。我们", "你好。我们"), ("evil。com", "evil[.]com"),
    ])
    func linksAreDefangedAndOtherTextStays(text: String, shown: String) {
        #expect(EventText.line(text) == shown)
    }

    @Test(arguments: [
        ("a\u{202E}b", "a[U+202E]b"), ("a\u{200B}\u{200B}b", "a[U+200B ×2]b"), ("a\u{200D}b", "a[U+200D]b"),
        ("a\0b", "ab"),
        ("a\u{1B}[31mb", "a [31mb"), ("a\r\nb\tc", "a b c"), ("a\u{2028}b\u{85}c", "a b c"), ("a\u{A0}b", "a b"),
        ("👩‍👧", "👩‍👧"), ("❤️", "❤️"), ("1️⃣", "1️⃣"), ("می‌خواهم", "می‌خواهم"), ("\u{E0041}", "[U+E0041]"),
        ("\u{3164}", "[U+3164]"),
        ("Z\u{300}\u{301}\u{302}\u{303}\u{304}", "Z\u{300}\u{301}\u{302}"),
    ])
    func whatCannotBeSeenIsSpelledOut(text: String, shown: String) {
        #expect(EventText.line(text)?.unicodeScalars.elementsEqual(shown.unicodeScalars) == true)
    }

    @Test(arguments: ["", " ", "\0", "\r\n", "\u{2028}", "\t\t"])
    func nothingToSeeIsNothing(text: String) {
        #expect(EventText.line(text) == nil)
        #expect(EventText.block(text) == [])
    }

    @Test func textsAreCut() {
        #expect(EventText.line(String(repeating: "x", count: 200)) == String(repeating: "x", count: 120) + "…")
        #expect(EventText.line(String(repeating: "x", count: 120)) == String(repeating: "x", count: 120))
        #expect(EventText.block(String(repeating: "x", count: 600)) == [String(repeating: "x", count: 500) + " […]"])
        #expect(EventText.block("a\n\n\n\nb  \r\n c\n\n") == ["a", "", "b", "c"])
        #expect(EventText.block(String(repeating: "a\n", count: 60)).count == EventText.blockLinesMax)
    }

    @Test(arguments: [
        ("URGENT” Your account is locked. Call us now", "“URGENT' Your account is locked. Call us…”"),
        ("a\"b", "“a'b”"), ("«x»", "“'x'”"), ("„x“", "“'x'”"), ("Done!", "“Done!”"), ("gpt-4o", "gpt-4o"),
        ("openai/gpt-4.1:free", "openai/gpt-4.1:free"),
        ("claude-3-5-sonnet@20241022", "“claude-3-5-sonnet[at]20241022”"),
        ("a\u{2800}b", "“a[U+2800]b”"), ("800-555-0199", "“800·555·0199”"),
        ("gpt-4.1-2025-04-14", "gpt-4.1-2025-04-14"),
    ])
    func aPhraseCannotEndItsQuotation(text: String, shown: String) {
        #expect(EventText.phrase(text) == shown)
    }

    @Test(arguments: Hostile.texts)
    func aPhraseIsAPlainNameOrWhollyQuoted(text: String) {
        guard let phrase = EventText.phrase(text) else { return }
        let scalars = Array(phrase.unicodeScalars)
        let inner = scalars.first == "“" && scalars.last == "”" ? Array(scalars.dropFirst().dropLast()) : scalars
        #expect(!inner.contains { "“”„«»\"".unicodeScalars.contains($0) || $0.value == 0x2800 })
        #expect(inner.count < scalars.count || !inner.contains(" "))
    }

    @Test(arguments: [
        ("Call +1 (800) 555-0199 now", "Call +1·(800)·555·0199 now"), ("030 12345678", "030·1234·5678"),
        ("+491712345678", "+4917·1234·5678"), ("800.555.0199", "800·555·0199"), ("(800) 555-0199", "(800)·555·0199"),
        ("0800–555–0199", "0800·555·0199"), ("2026-11-19 800 555 0199", "2026-11-19 800·555·0199"),
        ("Call-800-555-0199", "Call-800·555·0199"), ("Limit 30000, Used 29411", "Limit 30000, Used 29411"),
        ("at 2026-11-19 08:01:02.041572", "at 2026-11-19 08:01:02.041572"), ("id 123456789012", "id 123456789012"),
        ("took 12345.6789 s", "took 12345.6789 s"), ("gpt-4-2024-08-06", "gpt-4-2024-08-06"),
        ("id 80000000-1234-5678-9012-123456789012.", "id 80000000-1234-5678-9012-123456789012."),
        ("555 019", "555 019"),
    ])
    func telephoneNumbersAreNoLinks(text: String, shown: String) {
        #expect(EventText.block(text) == [shown])
    }

    @Test(arguments: ["123-456-7890", "2026-10-01T12:00:00Z", "-1234567.891", "\"8005-550199\""])
    func idsAndFiguresOfATableStay(text: String) {
        #expect(EventText.line(text) == text)
    }

    @Test func htmlIsEscapedOnBytes() {
        #expect(HTMLText.escaped("<a b='c'>&\"") == "&lt;a b=&#39;c&#39;&gt;&amp;&quot;")
        #expect(HTMLText.escaped("<\u{338}>\u{301}").utf8.allSatisfy { $0 != 0x3C && $0 != 0x3E })
    }
}

struct FigureTextTests {
    @Test(
        arguments: [
            (0.0, "$0.00"), (0.0007, "$0.0007"), (0.000_156_45, "$0.00016"), (2.25e-05, "$0.000023"), (0.024, "$0.024"),
            (0.5, "$0.50"),
            (0.999_999, "$1.00"), (1, "$1.00"), (3, "$3.00"), (1_234.5, "$1,234.50"), (1e-9, "under $0.000001"),
            (-2, "-$2.00"),
            (999_999_999_999, "$999,999,999,999.00"), (0.01, "$0.01"), (0.009_99, "$0.0100"), (.infinity, nil),
            (.nan, nil), (1e300, nil),
        ] as [(Double, String?)])
    func costsReadAsMoney(cost: Double, text: String?) {
        #expect(FigureText.cost(cost) == text)
    }

    @Test(
        arguments: [
            (0, "0 ms"), (0.1425, "143 ms"), (0.9994, "999 ms"), (0.9996, "1.0 s"), (4.512, "4.5 s"), (59.96, "1 min"),
            (125, "2 min 5 s"),
            (3_600, "1 h"), (11_100, "3 h 5 min"), (-1, nil), (.nan, nil), (.infinity, nil),
        ] as [(Double, String?)])
    func latenciesReadAsTimes(seconds: Double, text: String?) {
        #expect(FigureText.latency(seconds) == text)
    }

    @Test func numbersAreGrouped() {
        #expect(
            FigureText.grouped(0) == "0" && FigureText.grouped(999) == "999" && FigureText.grouped(1_000) == "1,000")
        #expect(FigureText.grouped(.min) == "-9,223,372,036,854,775,808")
    }
}
