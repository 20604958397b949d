/// Everything a mail is made of, before it is bytes.
package struct MessageDraft: Sendable, Equatable {
    package var from: Mailbox
    /// Who hands the mail in when it is not who writes it (RFC 5322 §3.6.2); its address is the envelope's sender then.
    package var sender: Mailbox?
    /// Where answers go, when not to `from`.
    package var replyTo: Mailbox?
    /// The recipient of this copy.
    package var to: Address
    /// Everybody whom `To` names, `to` among them; empty for `to` alone.
    package var shownRecipients: [Address] = []
    /// Free text; it is cleaned and encoded as needed.
    package var subject: String
    package var date: MailDate
    package var messageID: MessageID
    /// The mails this one belongs under, the oldest first, at most `referencesMax`; the last one is what it replies to.
    package var references: [MessageID] = []
    package var listID: ListID
    /// The plain text. CR LF, CR and LF each end a line.
    package var text: String
    /// The same told in HTML.
    package var html: String
    /// Where one click unsubscribes the recipient, an https URL (RFC 8058).
    package var unsubscribe: String?
    /// A file beside the text.
    package var attachment: Attachment?

    /// The largest finished message in bytes.
    package static let messageBytesMax = 1 << 20
    /// How many identifiers `References` may hold; of more, the first and the newest are kept.
    package static let referencesMax = 20

    package init(
        from: Mailbox, to: Address, subject: String, date: MailDate, messageID: MessageID,
        references: [MessageID] = [], listID: ListID, text: String, html: String
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.date = date
        self.messageID = messageID
        self.references = references
        self.listID = listID
        self.text = text
        self.html = html
    }

    /// The finished message: `multipart/alternative`, the text first; with an attachment inside `multipart/mixed`.
    /// Equal drafts give equal bytes.
    package func compose() throws(CompositionFault) -> Message {
        let textPart = QuotedPrintable.encoded(text)
        let htmlPart = QuotedPrintable.encoded(html)
        let filePart = attachment?.encoded() ?? []
        let boundary = boundary(avoiding: [textPart, htmlPart, filePart])
        var bytes: [UInt8] = []
        bytes.reserveCapacity(textPart.count + htmlPart.count + filePart.count + 1_024)
        let outer = attachment == nil ? nil : "=_mixed" + boundary.dropFirst(1)
        let alternative = MailHeader(name: "Content-Type", value: .alternative(boundary: boundary))
        let type = outer.map { MailHeader(name: "Content-Type", value: .mixed(boundary: $0)) } ?? alternative
        for header in headers + [type] { bytes += header.encoded() }
        bytes += [0x0D, 0x0A]
        if let outer { bytes += Array("--\(outer)\r\n".utf8) + alternative.encoded() + [0x0D, 0x0A] }
        bytes += Self.part("text/plain", textPart, boundary: boundary)
        bytes += Self.part("text/html", htmlPart, boundary: boundary)
        bytes += Array("--\(boundary)--\r\n".utf8)
        if let outer { bytes += Array("--\(outer)\r\n".utf8) + filePart + Array("\r\n--\(outer)--\r\n".utf8) }
        guard bytes.count <= Self.messageBytesMax else { throw .tooLarge(bytes: bytes.count) }
        if let fault = MessageFault.first(in: bytes, allowsUTF8Headers: needsSMTPUTF8) { throw .unsafe(fault) }
        return Message(sender: (sender ?? from).address, recipient: to, messageID: messageID.text, bytes: bytes)
    }

    /// The header fields in their order but for the type of the body, each name once (RFC 5322 §3.6; RFC 3834 §5
    /// for `Auto-Submitted`; RFC 2369 and RFC 8058 for unsubscribing; `X-Auto-Response-Suppress` keeps Exchange from
    /// answering).
    private var headers: [MailHeader] {
        var headers = [MailHeader(name: "From", value: .mailbox(from))]
        if let sender { headers.append(MailHeader(name: "Sender", value: .mailbox(sender))) }
        if let replyTo { headers.append(MailHeader(name: "Reply-To", value: .mailbox(replyTo))) }
        let shown = shownRecipients.isEmpty ? [to] : shownRecipients
        headers += [
            MailHeader(
                name: "To", value: needsSMTPUTF8 ? .mailboxes(shown.map(Mailbox.init)) : .addressesInASCII(shown)),
            MailHeader(name: "Subject", value: .text(subject)),
            MailHeader(name: "Date", value: .date(date)),
            MailHeader(name: "Message-ID", value: .messageIDs([messageID])),
        ]
        if let last = references.last {
            let kept =
                references.count > Self.referencesMax
                ? references.prefix(1) + references.suffix(Self.referencesMax - 1) : references[...]
            headers.append(MailHeader(name: "In-Reply-To", value: .messageIDs([last])))
            headers.append(MailHeader(name: "References", value: .messageIDs(Array(kept))))
        }
        headers.append(MailHeader(name: "List-Id", value: .listID(listID)))
        if let unsubscribe {
            headers.append(MailHeader(name: "List-Unsubscribe", value: .link(unsubscribe)))
            headers.append(MailHeader(name: "List-Unsubscribe-Post", value: .token("List-Unsubscribe=One-Click")))
        }
        return headers + [
            MailHeader(name: "Auto-Submitted", value: .token("auto-generated")),
            MailHeader(name: "X-Auto-Response-Suppress", value: .token("All")),
            MailHeader(name: "MIME-Version", value: .token("1.0")),
        ]
    }

    /// Whether this copy is an internationalised message (RFC 6532), with UTF-8 in the addresses of its header. Who
    /// sends it, who is to be answered and who gets it decide; the others whom `To` names do not, so that an address
    /// beyond ASCII keeps no mail from its neighbours.
    package var needsSMTPUTF8: Bool {
        [from.address, sender?.address, replyTo?.address, to].contains { $0?.needsSMTPUTF8 ?? false }
    }

    private static func part(_ type: String, _ content: [UInt8], boundary: String) -> [UInt8] {
        let fields = [
            "--\(boundary)", "Content-Type: \(type); charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
        ]
        let head = fields.joined(separator: "\r\n") + "\r\n\r\n"
        return Array(head.utf8) + content + [0x0D, 0x0A]
    }

    /// A boundary that follows from the Message-ID. `=_` cannot occur in quoted-printable text (RFC 2045 §6.7); the
    /// parts are searched all the same.
    private func boundary(avoiding parts: [[UInt8]]) -> String {
        var number = 0
        while true {
            let candidate = "=_\(Fingerprint.hex(of: Array("\(messageID.text) \(number)".utf8)))"
            let line = Array("--\(candidate)".utf8)
            if !parts.contains(where: { Self.contains(line, in: $0) }) { return candidate }
            number += 1
        }
    }

    private static func contains(_ needle: [UInt8], in bytes: [UInt8]) -> Bool {
        var start = bytes.startIndex
        while let offset = bytes[start...].firstIndex(of: needle[0]) {
            if bytes[offset...].starts(with: needle) { return true }
            start = offset + 1
        }
        return false
    }
}

extension MessageDraft {
    /// A message that says only that there is one: for a draft whose bytes were refused, so that even then somebody
    /// hears of it.
    package func lastResort() -> Message {
        let headers = [
            MailHeader(name: "From", value: .mailbox(Mailbox(from.address))),
            MailHeader(name: "To", value: .mailbox(Mailbox(to))),
            MailHeader(name: "Subject", value: .token("A rule matched, but its mail could not be composed")),
            MailHeader(name: "Date", value: .date(date)),
            MailHeader(name: "Message-ID", value: .messageIDs([messageID])),
            MailHeader(name: "Auto-Submitted", value: .token("auto-generated")),
        ]
        let body = "A rule matched, but its mail could not be composed. See the log of Hookmail.\r\n"
        return Message(
            sender: (sender ?? from).address, recipient: to, messageID: messageID.text,
            bytes: headers.flatMap { $0.encoded() } + [0x0D, 0x0A] + Array(body.utf8))
    }
}
