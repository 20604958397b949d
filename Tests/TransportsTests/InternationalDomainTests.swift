import Mail
import Testing

@testable import Transports

/// Domains beyond ASCII, and what is left as it is for the reader of addresses to refuse.
struct InternationalDomainTests {
    static let converted: [(String, String)] = [
        ("ops@bücher.example", "ops@xn--bcher-kva.example"), ("ops@BÜCHER.Example", "ops@xn--bcher-kva.example"),
        ("ops@straße.example", "ops@xn--strae-oqa.example"), ("ops@例え.テスト", "ops@xn--r8jz45g.xn--zckzah"),
        ("ops@sub.München.example", "ops@sub.xn--mnchen-3ya.example"),
        // Two spellings of one letter are one domain.
        ("ops@bu\u{308}cher.example", "ops@xn--bcher-kva.example"),
    ]

    @Test(arguments: converted.indices)
    func aDomainIsWrittenAsItCrossesTheWire(index: Int) throws {
        let (text, wanted) = Self.converted[index]
        let ascii = InternationalDomain.ascii(address: text)
        #expect(ascii == wanted)
        #expect(try Address(parsing: ascii).description == wanted)
        #expect(InternationalDomain.ascii(mailbox: "Büro <\(text)>") == "Büro <\(wanted)>")
        #expect(InternationalDomain.ascii(mailbox: text) == wanted)
    }

    static let kept = [
        "", "@", "ops@example.com", "grüße@example.com", "no sign", "ops@exämple .com", "ops@a/b.ü", "ops@ü:25",
        "ops@[ü]", "ops@ü%41.example", "ops@u@ü#x", "ops@\u{FFFF}.example",
        "ops@" + String(repeating: "ü", count: 2_000) + ".example", "ops@ü\r\nRCPT TO:<x@y>",
    ]

    @Test(arguments: kept)
    func anythingElseIsLeftToTheReader(text: String) {
        #expect(InternationalDomain.ascii(address: text) == text)
    }

    /// Whatever comes out has passed the reader of addresses before it is used.
    @Test(arguments: ["ops@ü..example", "ops@-ü.example", "ops@ü.", "ops@" + String(repeating: "ü", count: 70) + ".de"])
    func aFaultyDomainStaysFaulty(text: String) {
        #expect(throws: AddressFault.self) { try Address(parsing: InternationalDomain.ascii(address: text)) }
    }
}
