import Mail
import Testing

struct AddressTests {
    private static let longLocalPart = String(repeating: "a", count: 64)
    private static let longLabel = String(repeating: "b", count: 64)

    @Test(
        arguments: [
            ("ops@example.com", "ops@example.com"),
            ("Ops.Team+x@Example.COM", "Ops.Team+x@example.com"),
            ("root@localhost", "root@localhost"),
            ("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"),
            ("a@xn--mnchen-3ya.example", "a@xn--mnchen-3ya.example"),
            ("a@1und1.de", "a@1und1.de"),
            ("\(longLocalPart)@example.com", "\(longLocalPart)@example.com"),
        ] as [(String, String)])
    func dotAtomsAreRead(text: String, written: String) throws {
        #expect(try Address(parsing: text).description == written)
    }

    @Test(
        arguments: [
            ("", AddressFault.Reason.empty),
            ("a@b.c\r\nRCPT TO:<x@y.z>", .control), ("a@b.c\n", .control), ("a\r@b.c", .control), ("a@b.c\0", .control),
            ("x> NOTIFY=SUCCESS <y@b.c", .localPartCharacter), ("a b@c.d", .localPartCharacter),
            ("a,b@c.d", .localPartCharacter),
            ("<a@b.c>", .localPartCharacter), ("a(comment)@b.c", .localPartCharacter), ("a;b@c.d", .localPartCharacter),
            ("\"a b\"@c.d", .quotedLocalPart), ("example.com", .atSignMissing), ("@b.c", .localPartEmpty),
            (".a@b.c", .localPartDot), ("a.@b.c", .localPartDot), ("a..b@c.d", .localPartDot),
            ("a@münchen.example", .domainNotASCII),
            ("a@", .domainEmpty), ("a@[127.0.0.1]", .domainLiteral), ("a@127.0.0.1", .domainLiteral),
            ("a@b..c", .domainDot), ("a@.b", .domainDot), ("a@b.c.", .domainDot), ("a@b@c.d", .domainCharacter),
            ("a@b_c.d", .domainCharacter), ("a@b.c>", .domainCharacter), ("a@-b.c", .labelHyphen),
            ("a@b-.c", .labelHyphen),
            ("\(longLocalPart)a@b.c", .localPartTooLong), ("a@\(longLabel).c", .labelTooLong),
            ("a@\(longLabel).\(longLabel).\(longLabel).\(longLabel).c", .tooLong),
        ] as [(String, AddressFault.Reason)])
    func everythingElseIsRefusedWithItsReason(text: String, reason: AddressFault.Reason) {
        let fault = #expect(throws: AddressFault.self) { try Address(parsing: text) }
        #expect(fault?.reason == reason)
    }

    @Test func anInternationalDomainIsRefusedWithAHintForItsASCIIForm() {
        let fault = #expect(throws: AddressFault.self) { try Address(parsing: "a@münchen.example") }
        #expect(fault?.description.contains("xn--") == true)
        #expect(fault?.description.contains("münchen") == false)
    }
}
