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
