import Events
import Expressions
import Mail
import Rules

/// `mail`: who the mails come from and what takes them.
extension ConfigurationReader {
    /// Keys of the section that later versions bring.
    private static let laterMailKeys = ["oauth2", "dkim", "connections"]
    private static let serverHint = "write smtp://HOST:587, smtps://HOST:465 or maildir:./mail"

    /// Reads `mail:`, which must be there.
    func mail(_ file: MappingReader) -> MailConfiguration? {
        let hint = "write `mail: {from: Hookmail <alerts@example.com>, server: smtp://smtp.example.com:587, …}`"
        guard let node = file.required("mail", hint: hint),
            let reader = MappingReader(node, subject: "'mail'", sink: sink)
        else { return nil }
        let refused = reader.refuse(Self.laterMailKeys)
        // Decides, and is read with the rules.
        _ = reader.entry("at_most")
        let from = reader.required("from", hint: "write `from: Hookmail <alerts@example.com>`").flatMap(mailbox)
        let serverNode = reader.required("server", hint: Self.serverHint)
        let place = serverNode.flatMap(server)
        let access = MailAccess(
            tls: reader.entry("tls"), username: reader.entry("username"), password: reader.entry("password"),
            authorities: reader.entry("ca_file"), needsPassword: !refused.contains("oauth2")
        )
        reader.finish()
        let server: MailServer? =
            switch place {
            case nil: nil
            case .maildir(let path): maildir(path, access)
            case .smtp(let host, let port, let isImplicit): smtp(host, port, isImplicit: isImplicit, access)
            }
        if place == nil, let entry = access.password { _ = secret(entry.value, "'password'") }
        guard let from, let server else { return nil }
        return MailConfiguration(from: from, server: server)
    }

    private func mailbox(_ node: YAMLNode) -> Mailbox? {
        guard let scalar = values.scalar(node, "'from'") else { return nil }
        do {
            return try Mailbox(parsing: scalar.text)
        } catch {
            let complaint = Self.complaint(error, about: scalar.text)
            sink.error(
                at: scalar.range(ofScalar: complaint.scalarOffset, length: 1, in: sink.source), complaint.message,
                hint: complaint.hint ?? "write `Hookmail <alerts@example.com>` or `alerts@example.com`"
            )
            return nil
        }
    }

    /// What `server:` names.
    private enum Place {
        case maildir(String)
        case smtp(host: String, port: Int, isImplicit: Bool)
    }

    /// The keys beside `server:` that say how to speak with it.
    private struct MailAccess {
        let tls: YAMLEntry?
        let username: YAMLEntry?
        let password: YAMLEntry?
        /// A PEM file of certificate authorities to trust instead of the system's.
        let authorities: YAMLEntry?
        /// Whether a user name alone is a fault: not where another way to sign in was refused already.
        let needsPassword: Bool
    }

    private func server(_ node: YAMLNode) -> Place? {
        guard let text = values.text(node, "'server'", bytesMax: 4_096) else { return nil }
        if text.utf8.starts(with: "maildir:".utf8) {
            let path = String(text.dropFirst("maildir:".count))
            guard !path.isEmpty, !path.utf8.starts(with: "//".utf8) else {
                sink.error(at: node.range, "'server' names no folder", hint: "write maildir:./mail")
                return nil
            }
            return .maildir(resolved(path))
        }
        let isImplicit = text.utf8.starts(with: "smtps://".utf8)
        guard isImplicit || text.utf8.starts(with: "smtp://".utf8) else {
            sink.error(at: node.range, "'server' must begin with smtp://, smtps:// or maildir:", hint: Self.serverHint)
            return nil
        }
        var authority = text.dropFirst(isImplicit ? "smtps://".count : "smtp://".count)
        guard !authority.utf8.contains(UInt8(ascii: "@")) else {
            sink.error(
                at: node.range, "'server' holds a user name", hint: "write `username:` and `password:` of their own",
                hidingLine: true
            )
            return nil
        }
        if authority.last == "/" { authority = authority.dropLast() }
        guard let (host, port) = Self.hostAndPort(String(authority)), port.map({ (1...65_535).contains($0) }) ?? true
        else {
            sink.error(at: node.range, "'server' is no address of a mail server", hint: Self.serverHint)
            return nil
        }
        return .smtp(host: host, port: port ?? (isImplicit ? 465 : 587), isImplicit: isImplicit)
    }

    private func maildir(_ path: String, _ access: MailAccess) -> MailServer {
        for entry in [access.tls, access.username, access.password, access.authorities] {
            guard let entry else { continue }
            sink.warning(at: entry.keyRange, "'\(entry.key)' has no effect with a maildir: server")
        }
        return .maildir(path: path)
    }

    private func smtp(_ host: String, _ port: Int, isImplicit: Bool, _ access: MailAccess) -> MailServer? {
        let isPlain = access.tls.map { withoutTLS($0, host: host, isImplicit: isImplicit, access) } ?? false
        let username = access.username.flatMap { values.text($0.value, "'username'", bytesMax: 320) }
        let password = access.password.flatMap { secret($0.value, "'password'") }
        switch (access.username, access.password) {
        case (let entry?, nil) where access.needsPassword:
            sink.error(
                at: entry.keyRange, "'username' has no 'password'", hint: "write `password: {env: SMTP_PASSWORD}`")
        case (nil, let entry?):
            sink.error(at: entry.keyRange, "'password' has no 'username'", hint: "write `username: alerts@example.com`")
        default:
            break
        }
        var credentials: SMTPServer.Credentials?
        if let username, let password { credentials = SMTPServer.Credentials(username: username, password: password) }
        return .smtp(
            SMTPServer(
                host: host, port: port, security: isPlain ? .none : isImplicit ? .implicitTLS : .startTLS,
                credentials: credentials,
                certificateAuthorityFile: access.authorities.flatMap(certificateAuthorityFile)
            )
        )
    }

    /// Reads `ca_file:`; the file must be there now, not when the first mail fails.
    private func certificateAuthorityFile(_ entry: YAMLEntry) -> String? {
        guard let path = values.text(entry.value, "'ca_file'", bytesMax: 4_096).map(resolved) else { return nil }
        if case .failure(let fault) = files(path) {
            sink.error(at: entry.value.range, "the file \(path) \(fault.words)")
        }
        return path
    }

    /// Reads `tls:`, whose only value takes the protection away.
    private func withoutTLS(_ entry: YAMLEntry, host: String, isImplicit: Bool, _ access: MailAccess) -> Bool {
        guard let scalar = values.scalar(entry.value, "'tls'") else { return false }
        guard scalar.text == "none" else {
            sink.error(
                at: entry.value.range, "'tls' can only be 'none'",
                hint: "leave it out: smtp:// demands STARTTLS, smtps:// begins with TLS"
            )
            return false
        }
        if isImplicit {
            sink.error(at: entry.value.range, "'tls: none' contradicts smtps://", hint: "write smtp:// or remove it")
        }
        if access.username != nil || access.password != nil {
            sink.error(
                at: entry.value.range, "'tls: none' would send the password readable to everyone on the way",
                hint: "remove `tls: none`, or username and password"
            )
        } else if !LoopbackHost.contains(host) {
            sink.warning(
                at: entry.value.range, "mails to \(host) leave this machine unencrypted",
                hint: "'tls: none' is meant for a relay on loopback"
            )
        }
        return true
    }
}
