import Events
import Expressions
import Mail
import Rules
import Transports

/// The keys that say which mail server there is and how to speak with it.
struct MailServerKeys {
    let server: YAMLNode?
    let tls: YAMLEntry?
    let username: YAMLEntry?
    let password: YAMLEntry?
    /// Access tokens in the place of a password.
    let oauth2: YAMLEntry?
    /// A PEM file of certificate authorities to trust instead of the system's.
    let authorities: YAMLEntry?
    /// A PEM file with the certificate that shows who we are.
    let ownCertificate: YAMLEntry?
    /// A PEM file with its private key.
    let ownKey: YAMLEntry?
    let connections: YAMLEntry?
    let rate: YAMLEntry?

    static let serverHint = "write smtp://HOST:587, smtps://HOST:465 or maildir:./mail"

    /// - Parameter serverHint: how `server` is written, shown where it is missing.
    init(_ reader: MappingReader, serverHint: String = Self.serverHint) {
        server = reader.required("server", hint: serverHint)
        tls = reader.entry("tls")
        username = reader.entry("username")
        password = reader.entry("password")
        oauth2 = reader.entry("oauth2")
        authorities = reader.entry("ca_file")
        ownCertificate = reader.entry("cert_file")
        ownKey = reader.entry("key_file")
        connections = reader.entry("connections")
        rate = reader.entry("rate")
    }

    /// Everything beside `server`.
    var access: [YAMLEntry] {
        [tls, username, password, oauth2, authorities, ownCertificate, ownKey, connections, rate].compactMap { $0 }
    }
}

/// One mail server of `mail`.
extension ConfigurationReader {
    /// What `server:` names.
    private enum Place {
        case maildir(String)
        case smtp(host: String, port: Int, isImplicit: Bool)
    }

    /// Reads one server; `nil` when it cannot be used, which has been said then.
    func mailServer(_ keys: MailServerKeys) -> MailServer? {
        switch keys.server.flatMap(server) {
        case .maildir(let path):
            for entry in keys.access {
                sink.warning(at: entry.keyRange, "'\(entry.key)' has no effect with a maildir: server")
            }
            return .maildir(path: path)
        case .smtp(let host, let port, let isImplicit):
            return .smtp(smtp(host, port, isImplicit: isImplicit, keys))
        case nil:
            // What stands beside a faulty server is looked at all the same.
            if let entry = keys.password { _ = secret(entry.value, "'password'") }
            if let entry = keys.oauth2 { _ = oauth2(entry) }
            return nil
        }
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
            sink.error(
                at: node.range, "'server' must begin with smtp://, smtps:// or maildir:",
                hint: MailServerKeys.serverHint)
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
            sink.error(at: node.range, "'server' is no address of a mail server", hint: MailServerKeys.serverHint)
            return nil
        }
        return .smtp(host: host, port: port ?? (isImplicit ? 465 : 587), isImplicit: isImplicit)
    }

    private func smtp(_ host: String, _ port: Int, isImplicit: Bool, _ keys: MailServerKeys) -> SMTPServer {
        let isPlain = keys.tls.map { withoutTLS($0, host: host, isImplicit: isImplicit, keys) } ?? false
        var server = SMTPServer(
            host: host, port: port, security: isPlain ? .none : isImplicit ? .implicitTLS : .startTLS,
            credentials: credentials(keys), certificateAuthorityFile: keys.authorities.flatMap(pemFile))
        server.ownCertificateFile = keys.ownCertificate.flatMap(pemFile)
        server.ownKeyFile = keys.ownKey.flatMap(pemFile)
        if let entry = keys.ownKey, keys.ownCertificate == nil {
            sink.error(at: entry.keyRange, "'key_file' has no 'cert_file'", hint: "write `cert_file: ./hookmail.pem`")
        }
        if isPlain, let entry = keys.ownCertificate {
            sink.error(at: entry.keyRange, "'cert_file' needs TLS", hint: "remove it, or `tls: none`")
        }
        let counts: ClosedRange<Int64> = 1...Int64(SMTPServer.connectionsMax)
        if let entry = keys.connections,
            let count = values.wholeNumber(entry.value, "'connections'", within: counts)
        {
            server.connections = Int(count)
        }
        if let entry = keys.rate, let rate = values.throttle(entry.value, "'rate'") {
            server.rate = SendRate(count: rate.mails, span: rate.window)
        }
        return server
    }

    private func credentials(_ keys: MailServerKeys) -> SMTPServer.Credentials? {
        let username = keys.username.flatMap { values.text($0.value, "'username'", bytesMax: 320) }
        let password = keys.password.flatMap { secret($0.value, "'password'") }
        let settings = keys.oauth2.flatMap(oauth2)
        if let entry = keys.password, keys.oauth2 != nil {
            sink.error(
                at: entry.keyRange, "'password' and 'oauth2' exclude each other",
                hint: "keep `oauth2` where the server takes access tokens")
        }
        switch (keys.username, keys.password ?? keys.oauth2) {
        case (let entry?, nil):
            sink.error(
                at: entry.keyRange, "'username' has no 'password'", hint: "write `password: {env: SMTP_PASSWORD}`")
        case (nil, let entry?):
            sink.error(
                at: entry.keyRange, "'\(entry.key)' has no 'username'", hint: "write `username: alerts@example.com`")
        default:
            break
        }
        guard let username else { return nil }
        if let settings { return SMTPServer.Credentials(username: username, proof: .oauth2(settings)) }
        return password.map { SMTPServer.Credentials(username: username, proof: .password($0)) }
    }

    /// Reads the path of a PEM file, which must be there now, not when the first mail fails.
    func pemFile(_ entry: YAMLEntry) -> String? {
        guard let path = values.text(entry.value, "'\(entry.key)'", bytesMax: 4_096).map(resolved) else { return nil }
        if case .failure(let fault) = files(path) {
            sink.error(at: entry.value.range, "the file \(path) \(fault.words)")
        }
        return path
    }

    /// Reads `tls:`, whose only value takes the protection away.
    private func withoutTLS(_ entry: YAMLEntry, host: String, isImplicit: Bool, _ keys: MailServerKeys) -> Bool {
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
        if keys.username != nil || keys.password != nil || keys.oauth2 != nil {
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
