import Mail
import Testing

struct MessageFaultTests {
    private static let longestLine = String(repeating: "x", count: 998)

    @Test(
        arguments: [
            ("a: b\r\n\r\nc\r\n", nil), ("", MessageFault.unfinished), ("a", .unfinished), ("a\n", .unfinished),
            ("a\r\nb\nc\r\n", .bareLineEnd(offset: 4)), ("a\rb\r\n", .bareLineEnd(offset: 1)),
            ("\n.\n\r\n", .bareLineEnd(offset: 0)),
            ("é\r\n", .notSevenBit(offset: 0)), ("a\0\r\n", .notSevenBit(offset: 1)),
            ("a\r\n.\r\n", .leadingDot(offset: 3)),
            (".\r\n", .leadingDot(offset: 0)), ("\(longestLine)\r\n", nil),
            ("a\r\n\(longestLine)x\r\n", .lineTooLong(offset: 3)),
        ] as [(String, MessageFault?)])
    func theFirstFaultIsFound(text: String, fault: MessageFault?) {
        #expect(MessageFault.first(in: Array(text.utf8)) == fault)
    }

    /// The header of an internationalised message is UTF-8 (RFC 6532 §3.2); its body has 7 bits like any other.
    @Test(
        arguments: [
            (Array("To: ö@b.c\r\n\r\nx\r\n".utf8), nil), (Array("To: 用户@b.c\r\n".utf8), nil),
            (Array("a: b\r\n\r\nö\r\n".utf8), MessageFault.notSevenBit(offset: 8)),
            (Array("\r\nö\r\n".utf8), .notSevenBit(offset: 2)),
            (Array("a: ö\0\r\n".utf8), .notSevenBit(offset: 5)), (Array("a: ö\n.\r\n".utf8), .bareLineEnd(offset: 5)),
            // No UTF-8: a lone byte, one cut short, one too long for what it says, a surrogate.
            ([0x61, 0x3A, 0xE9, 0x0D, 0x0A], .notSevenBit(offset: 2)),
            ([0x61, 0x3A, 0xC3, 0x0D, 0x0A], .notSevenBit(offset: 2)),
            ([0x61, 0x3A, 0xC0, 0xAF, 0x0D, 0x0A], .notSevenBit(offset: 2)),
            ([0x61, 0x3A, 0xED, 0xA0, 0x80, 0x0D, 0x0A], .notSevenBit(offset: 2)),
            (Array("a: \(String(repeating: "ö", count: 498))\r\n".utf8), .lineTooLong(offset: 0)),
        ] as [([UInt8], MessageFault?)])
    func aHeaderMayBeUTF8WhereThatIsWanted(bytes: [UInt8], fault: MessageFault?) {
        #expect(MessageFault.first(in: bytes, allowsUTF8Headers: true) == fault)
        #expect(MessageFault.first(in: bytes) != nil)
    }
}

struct QuotedPrintableTests {
    private func encoded(_ text: String) -> String { String(decoding: QuotedPrintable.encoded(text), as: UTF8.self) }

    @Test func dotsAndFromAtALineStartAreEncoded() {
        #expect(encoded(".\n..x\nFrom here\na.b") == "=2E\r\n=2E.x\r\n=46rom here\r\na.b\r\n")
    }

    @Test func everyKindOfLineEndIsOne() {
        #expect(encoded("a\r\nb\rc\nd") == "a\r\nb\r\nc\r\nd\r\n")
        #expect(encoded("") == "\r\n" && encoded("\n\n") == "\r\n\r\n")
    }

    @Test func spacesAtALineEndAreEncoded() {
        #expect(encoded("a \nb\t\n- - ") == "a=20\r\nb=09\r\n- -=20\r\n")
    }

    @Test(arguments: [74, 75, 76, 77, 150, 152])
    func longLinesAreBrokenSoftlyAndADotAfterABreakIsEncoded(length: Int) {
        let lines = encoded(String(repeating: ".", count: length)).split(separator: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.first != "." })
        #expect(lines.joined().replacing("=2E", with: ".").replacing("=", with: "").count == length)
    }
}
