import Mail
import Rules

extension Configuration {
    /// What a server must offer for the addresses of the file that go beyond ASCII, a sentence each; none where mails
    /// go into a folder. No warning, for nothing is wrong: only `send-test` sees what the server offers.
    package var notesOnSMTPUTF8: [String] {
        guard case .smtp = mail.server else { return [] }
        let own = [("from", mail.from), ("sender", mail.sender), ("reply_to", mail.replyTo)]
            .filter { $0.1?.address.needsSMTPUTF8 ?? false }
            .map { "`mail.\($0.0)`" }
        let told = (ruleSet.toldAddresses.sorted() + mail.operators.addresses)
            .filter { $0.utf8.contains { $0 >= 0x80 } }
        var notes: [String] = []
        if !own.isEmpty {
            notes.append(
                "\(own.joined(separator: " and ")) \(own.count == 1 ? "is" : "are") beyond ASCII: every mail needs "
                    + "a server that offers SMTPUTF8; `hookmail send-test` shows whether yours does.")
        }
        if let first = told.first {
            let others = Set(told).count - 1
            notes.append(
                "mails to \(first)\(others == 0 ? "" : " and \(others) more") need a server that offers SMTPUTF8; "
                    + "`hookmail send-test --to \(first)` shows whether yours does.")
        }
        return notes
    }
}
