import Events
import Expressions
import Mail
import Rules
import Transports

/// `mail`: who the mails come from and what takes them.
extension ConfigurationReader {
    private static let fallbackHint = "write smtp://HOST:587 or smtps://HOST:465"

    /// Reads `mail:`, which must be there.
    func mail(_ file: MappingReader) -> MailConfiguration? {
        let hint = "write `mail: {from: Hookmail <alerts@example.com>, server: smtp://smtp.example.com:587, …}`"
        guard let node = file.required("mail", hint: hint),
            let reader = MappingReader(node, subject: "'mail'", sink: sink)
        else { return nil }
        // Decides, and is read with the rules.
        _ = reader.entry("at_most")
        let from = reader.required("from", hint: "write `from: Hookmail <alerts@example.com>`").flatMap {
            mailbox($0, "'from'")
        }
        let identity = identity(reader, from: from)
        let operators = operators(reader)
        let keys = MailServerKeys(reader)
        let fallbackEntry = reader.entry("fallback")
        reader.finish()
        let server = mailServer(keys)
        let fallback = fallbackEntry.map { fallbackServers($0, behind: server) } ?? []
        guard let from, let server else { return nil }
        var mail = MailConfiguration(from: from, server: server, fallback: fallback)
        mail.sender = identity.sender
        mail.replyTo = identity.replyTo
        mail.showsAllRecipients = identity.showsAllRecipients
        mail.dkim = identity.dkim
        mail.operators = operators
        return mail
    }

    /// Reads `fallback:`, the servers that take mails while the one before is not well.
    private func fallbackServers(_ entry: YAMLEntry, behind first: MailServer?) -> [SMTPServer] {
        if case .maildir? = first {
            sink.warning(at: entry.keyRange, "'fallback' has no effect with a maildir: server")
        }
        let hint = "write `fallback: [{server: smtps://backup.example.com, username: …, password: …}]`"
        var items = [entry.value]
        if case .sequence(let elements) = entry.value.content { items = elements }
        guard !items.isEmpty else {
            sink.error(at: entry.value.range, "'fallback' names no server", hint: hint)
            return []
        }
        guard items.count <= MailConfiguration.fallbackMax else {
            sink.error(
                at: entry.value.range, "'fallback' names more than \(MailConfiguration.fallbackMax) servers",
                hint: "remove some")
            return []
        }
        var servers: [SMTPServer] = []
        for item in items {
            guard let reader = MappingReader(item, subject: "a fallback server", sink: sink) else { continue }
            let keys = MailServerKeys(reader, serverHint: Self.fallbackHint)
            reader.finish()
            switch mailServer(keys) {
            case .smtp(let server)?: servers.append(server)
            case .maildir?:
                sink.error(
                    at: keys.server?.range ?? item.range, "a fallback server cannot be a folder",
                    hint: Self.fallbackHint)
            case nil: break
            }
        }
        return servers
    }

    /// A name with an address, or an address.
    func mailbox(_ node: YAMLNode, _ name: String) -> Mailbox? {
        guard let scalar = values.scalar(node, name) else { return nil }
        do {
            return try Mailbox(parsing: InternationalAddress.wireForm(ofMailbox: scalar.text))
        } catch {
            let complaint = Self.complaint(error, about: scalar.text)
            sink.error(
                at: scalar.range(ofScalar: complaint.scalarOffset, length: 1, in: sink.source), complaint.message,
                hint: complaint.hint ?? "write `Hookmail <alerts@example.com>` or `alerts@example.com`"
            )
            return nil
        }
    }
}
