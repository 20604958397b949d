import Mail
import Testing

struct RelaxedFormTests {
    /// The example of RFC 6376 §3.4.5.
    @Test func theStandardsExampleIsAsItSays() {
        let message = "A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n"
        let (fields, body) = RelaxedForm.parts(of: Array(message.utf8))
        #expect(fields.map { String(decoding: $0.bytes, as: UTF8.self) } == ["a:X", "b:Y Z"])
        #expect(String(decoding: body, as: UTF8.self) == " C\r\nD E\r\n")
    }

    @Test(arguments: [
        ("A: b\r\n\r\n", ""), ("A: b\r\n\r\n\r\n\r\n", ""), ("A: b\r\n\r\nx", "x\r\n"),
        ("A: b\r\n\r\n\r\nx\r\n", "\r\nx\r\n"),
        ("A: b\r\n\r\n \t\r\n", ""), ("A: b\r\n\r\na\t\tb\t\r\n\r\n", "a b\r\n"),
    ])
    func bodiesLoseWhatRelaysChange(message: String, body: String) {
        #expect(String(decoding: RelaxedForm.parts(of: Array(message.utf8)).body, as: UTF8.self) == body)
    }
}
