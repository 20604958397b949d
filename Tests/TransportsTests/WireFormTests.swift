import Mail
import Testing

@testable import Transports

/// Addresses beyond ASCII as they cross the wire, and what is left as it is for the reader of addresses to refuse.
struct WireFormTests {
    static let converted: [(String, String)] = [
        ("ops@bücher.example", "ops@xn--bcher-kva.example"), ("ops@BÜCHER.Example", "ops@xn--bcher-kva.example"),
        ("ops@straße.example", "ops@xn--strae-oqa.example"), ("ops@例え.テスト", "ops@xn--r8jz45g.xn--zckzah"),
        ("ops@sub.München.example", "ops@sub.xn--mnchen-3ya.example"),
        // Two spellings of one letter are one domain.
        ("ops@bu\u{308}cher.example", "ops@xn--bcher-kva.example"),
        // The local part keeps its letters and their case, and one letter is one character (NFC).
        ("Jörg@exämple.org", "Jörg@xn--exmple-cua.org"), ("jo\u{308}rg@example.org", "j\u{F6}rg@example.org"),
        ("\u{1112}\u{1161}\u{11AB}@example.org", "\u{D55C}@example.org"),
        ("\u{212B}@example.org", "\u{C5}@example.org"),
        ("e\u{301}\u{323}@example.org", "\u{1EB9}\u{301}@example.org"), ("ﬁ@example.org", "ﬁ@example.org"),
    ]

    @Test(arguments: converted.indices)
    func aDomainIsWrittenAsItCrossesTheWire(index: Int) throws {
        let (text, wanted) = Self.converted[index]
        let ascii = InternationalAddress.wireForm(ofAddress: text)
        #expect(Array(ascii.utf8) == Array(wanted.utf8))
        #expect(try Address(parsing: ascii).description == wanted)
        #expect(InternationalAddress.wireForm(ofMailbox: "Büro <\(text)>") == "Büro <\(wanted)>")
        #expect(InternationalAddress.wireForm(ofMailbox: text) == wanted)
    }

    static let kept = [
        "", "@", "ops@example.com", "grüße@example.com", "no sign", "ops@exämple .com", "ops@a/b.ü", "ops@ü:25",
        "ops@[ü]", "ops@ü%41.example", "ops@u@ü#x", "ops@\u{FFFF}.example",
        "ops@" + String(repeating: "ü", count: 2_000) + ".example", "ops@ü\r\nRCPT TO:<x@y>",
    ]

    @Test(arguments: kept)
    func anythingElseIsLeftToTheReader(text: String) {
        #expect(InternationalAddress.wireForm(ofAddress: text) == text)
    }

    /// Whatever comes out has passed the reader of addresses before it is used.
    @Test(arguments: ["ops@ü..example", "ops@-ü.example", "ops@ü.", "ops@" + String(repeating: "ü", count: 70) + ".de"])
    func aFaultyDomainStaysFaulty(text: String) {
        #expect(throws: AddressFault.self) { try Address(parsing: InternationalAddress.wireForm(ofAddress: text)) }
    }

    /// The other spelling of a sender's domain is the same domain, whatever it ends with.
    @Test(arguments: ["a@b.c", "ops@example.com", "a@xn--bcher-kva.example", "a@x.xn--p1ai", "a@b-c.d1", "a@localhost"])
    func aDomainHasAnotherSpelling(text: String) throws {
        let other = try #require(InternationalAddress.spelledBeyondASCII(try Address(parsing: text)))
        #expect(other != text && other.utf8.contains { $0 >= 0x80 })
        #expect(InternationalAddress.wireForm(ofAddress: other) == text)
    }
}
