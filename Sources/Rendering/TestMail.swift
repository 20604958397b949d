package import Events
package import Mail

/// The mail of `hookmail send-test`: same identity, same headers and same form as real mails, and it says that it is a
/// test.
package enum TestMail {
    /// The message to one recipient.
    ///
    /// - Parameters:
    ///   - through: the server's name for the reader, such as `smtp://smtp.example.com:587`.
    ///   - now: when it is sent; it tells the Message-IDs of two test mails apart.
    /// - Throws: `CompositionFault` when the parts come to no message.
    package static func message(
        to recipient: Address, identity: MailIdentity, through: String, now: Timestamp
    ) throws(CompositionFault) -> Message {
        let rows = [
            ("From", identity.from.address.description), ("To", recipient.description), ("Through", through),
            ("Sent", TimeText.full(now)),
        ]
        let facts = rows.map { "  \($0.0)\(String(repeating: " ", count: 9 - $0.0.utf8.count))\($0.1)\n" }.joined()
        let text = "\(happened)\n\n\(facts)\n\(advice)\n\n\(why)\n"
        let table = rows.map { "<tr><td>\($0.0)</td><td>\(HTMLText.escaped($0.1))</td></tr>" }.joined(separator: "\n")
        let html = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(subject)</title></head>
            <body style="font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;">
            <p style="font-weight:600;">\(HTMLText.escaped(happened))</p>
            <table cellpadding="4" cellspacing="0" border="0">
            \(table)
            </table>
            <p>\(HTMLText.escaped(advice))</p>
            <p style="color:#5a6372;">\(HTMLText.escaped(why))</p>
            </body></html>
            """
        let name = "send-test-\(String(now.microseconds, radix: 36))"
        var draft = MessageDraft(
            from: identity.from, to: recipient, subject: subject, date: identity.date(now, for: recipient.description),
            messageID: MessageID(notification: name, recipient: recipient.description, host: identity.host),
            listID: ListID(rule: "send-test", namespace: identity.host), text: text, html: html)
        draft.sender = identity.sender
        draft.replyTo = identity.replyTo
        return identity.signed(try draft.compose(), now: now)
    }

    private static let subject = "[test] Hookmail can reach you"
    private static let happened = "This is a test. Nothing has happened: no event came in, and no rule matched."
    private static let advice =
        "Hookmail's mails come the same way as this one. If it lies among the spam, they will, too: then look at SPF, "
        + "DKIM and DMARC of the sender's domain."
    private static let why = "You get this mail because somebody ran `hookmail send-test`."
}
