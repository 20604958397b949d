import Mail
import Testing

struct MailboxTests {
    private static let longName = String(repeating: "n", count: 257)

    @Test(
        arguments: [
            ("a@b.c", nil, "a@b.c"), ("<a@b.c>", nil, "a@b.c"),
            ("Hookmail <alerts@example.com>", "Hookmail", "alerts@example.com"),
            ("  Two  Words  <a@b.c>", "Two Words", "a@b.c"),
            ("\"Ops, \\\"night\\\" \\\\ shift\" <a@b.c>", "Ops, \"night\" \\ shift", "a@b.c"),
            ("Größe ✓ <a@b.c>", "Größe ✓", "a@b.c"), ("\"a <b> c\" <a@b.c>", "a <b> c", "a@b.c"),
        ] as [(String, String?, String)])
    func namesAndAddressesAreRead(text: String, name: String?, address: String) throws {
        let mailbox = try Mailbox(parsing: text)
        #expect(mailbox.displayName == name)
        #expect(mailbox.address.description == address)
    }

    @Test(
        arguments: [
            ("Hookmail alerts@example.com", AddressFault.Reason.angleBracketMissing),
            ("Name <a@b.c", .angleBracketMissing),
            ("Name <a@b.c> x", .angleBracketMissing), ("\"Name <a@b.c>", .displayNameQuote),
            ("Na\"me <a@b.c>", .displayNameQuote),
            ("a@b.c> <a@b.c>", .displayNameQuote), ("Name\r\nBcc: x@y.z <a@b.c>", .control), ("Name <>", .empty),
            ("\(longName) <a@b.c>", .displayNameTooLong), ("\"a\"b\" <a@b.c>", .displayNameQuote),
        ] as [(String, AddressFault.Reason)])
    func faultsAreNamed(text: String, reason: AddressFault.Reason) {
        let fault = #expect(throws: AddressFault.self) { try Mailbox(parsing: text) }
        #expect(fault?.reason == reason)
    }
}
