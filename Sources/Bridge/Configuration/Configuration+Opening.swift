import Events
package import Logging
package import Mail
package import Rendering
import Rules
package import Store
package import Transports

extension Configuration {
    /// Opens what the file names: the store (taking its lock), the transport with its threads, templates and verifiers.
    /// Throws `StoreError` when the store cannot be had, `SMTPConfigurationFault` when libcurl would not take a
    /// setting.
    ///
    /// - Parameter log: is told where a refresh token cannot be kept.
    package func openParts(log: Logger? = nil) throws -> Bridge.Parts {
        let composer = makeComposer(links: try linkSigner())
        let tokens = refreshTokens(log: log)
        tokens.removeUnused(mail, now: SystemClock().now().wholeSeconds)
        let transport = try mail.openTransport(tokens: tokens)
        let store = try SQLiteStore.open(
            path: storePath,
            options: StoreOptions(storesBodies: retention.bodies != nil, clock: { SystemClock().reading() }))
        var parts = Bridge.Parts(
            store: store, transport: transport, composer: composer, ruleSet: ruleSet,
            sources: sourceTable,
            webhookHost: listen.host, webhookPort: listen.port, adminHost: admin.host, adminPort: admin.port,
            adminToken: adminToken, retention: retention)
        parts.operators = mail.operators
        return parts
    }

    /// Where refresh tokens that were replaced are kept: beside the store.
    ///
    /// - Parameters:
    ///   - openStore: The path of the store that is open, where that may be another than this names.
    ///   - log: is told where one cannot be kept.
    package func refreshTokens(openStore: String? = nil, log: Logger?) -> RefreshTokenFolder {
        RefreshTokenFolder(store: openStore ?? storePath) { words in
            log?.error(
                "new refresh token not kept: after a restart mails may need a new consent",
                metadata: ["fault": "\(words)"])
        }
    }

    /// The database file.
    package var storePath: String {
        switch store {
        case .sqlite(let path): path
        }
    }

    /// The composer of mails: templates, the sender's identity, what is taken out of texts, and where logs stand.
    ///
    /// - Parameter links: Makes the links of mails: those of `linkSigner()` for mails that are sent.
    package func makeComposer(links: LinkSigner? = nil) -> Composer {
        Composer(templates: templates, identity: mailIdentity, redaction: redact, logLink: logURL, links: links)
    }

    /// In whose name mails are composed, and in which zones they are dated.
    package var mailIdentity: MailIdentity {
        var identity = mail.identity
        identity.zones = zones
        return identity
    }

    /// Makes and reads links; `nil` without `public_url`. Throws `.unavailable` when the key beside the store cannot be
    /// read or made.
    ///
    /// - Parameter openStore: The path of the store that is open, where that may be another than this names.
    package func linkSigner(openStore: String? = nil) throws(StoreError) -> LinkSigner? {
        guard let publicURL else { return nil }
        if let key = linkKeys.first {
            // A key that Hookmail made may stand in the list: its file holds the digits of it.
            let others = linkKeys.dropFirst() + linkKeys.compactMap { LinkKeyFile.key(written: $0) }
            return LinkSigner(base: publicURL, key: key, otherKeys: Array(others))
        }
        return LinkSigner(base: publicURL, key: try LinkKeyFile(store: openStore ?? storePath).key())
    }

    /// The sources with their verifiers.
    var sourceTable: SourceTable {
        SourceTable(
            sources.map { (path: $0.path, name: $0.name, verifier: $0.verifier) }, trustedProxies: trustedProxies)
    }
}

extension MailConfiguration {
    /// Starts what takes the mails; nothing is sent yet. Throws `SMTPConfigurationFault` when libcurl would not take a
    /// setting.
    ///
    /// - Parameters:
    ///   - tokens: where refresh tokens that are replaced are kept.
    ///   - change: changes the settings of every mail server before they are used.
    package func openTransport(
        tokens: RefreshTokenFolder, change: (inout SMTPConfiguration) -> Void = { _ in }
    ) throws(SMTPConfigurationFault) -> any MailTransport {
        switch server {
        case .maildir(let path):
            return MaildirTransport(folder: path)
        case .smtp(let server):
            // All of them are looked at before the first starts its threads.
            var settings: [(name: String, configuration: SMTPConfiguration)] = []
            for server in [server] + fallback {
                var configuration = try server.transportSettings(tokens)
                change(&configuration)
                settings.append((MailServer.smtp(server).text, configuration))
            }
            guard settings.count > 1 else { return SMTPTransport(configuration: settings[0].configuration) }
            return FailoverTransport(
                settings.map { .init(name: $0.name, transport: SMTPTransport(configuration: $0.configuration)) })
        }
    }

    /// In whose name mails are composed.
    package var identity: MailIdentity {
        var identity = MailIdentity(from: from, host: from.address.domain)
        identity.sender = sender
        identity.replyTo = replyTo
        identity.showsAllRecipients = showsAllRecipients
        identity.signers = dkim.compactMap(\.signer)
        return identity
    }
}

extension DKIMKey {
    /// What signs with the key; `nil` where the key is not at hand, for commands that send nothing.
    package var signer: DKIMSigner? {
        guard let key = try? PrivateKey(pem: key.revealedBytes) else { return nil }
        return DKIMSigner(domain: domain, selector: selector, key: key)
    }
}

extension MailServer {
    /// As the file has it: `smtp://smtp.example.com:587`, `maildir:/var/mail/hookmail`.
    package var text: String {
        switch self {
        case .maildir(let path): "maildir:\(path)"
        case .smtp(let server):
            "\(server.security == .implicitTLS ? "smtps" : "smtp")://\(server.hostInURL):\(server.port)"
        }
    }
}

extension SMTPServer {
    /// The same in the transport's words.
    ///
    /// - Parameter tokens: where refresh tokens that are replaced are kept.
    func transportSettings(_ tokens: RefreshTokenFolder) throws(SMTPConfigurationFault) -> SMTPConfiguration {
        var configuration = try SMTPConfiguration(
            host: hostInURL, port: port, security: security.transport, login: credentials?.login(tokens))
        configuration.certificateAuthorityFile = certificateAuthorityFile
        configuration.ownCertificateFile = ownCertificateFile
        configuration.ownKeyFile = ownKeyFile
        configuration.connectionsMax = connections
        configuration.rate = rate
        return configuration
    }

    /// The host with the brackets that an IPv6 address needs in a URL.
    package var hostInURL: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }
}

extension SMTPServer.Credentials {
    /// The same in the transport's words.
    fileprivate func login(_ tokens: RefreshTokenFolder) -> SMTPLogin {
        switch proof {
        case .password(let secret):
            return .password(username: username, password: Password(secret))
        case .oauth2(let settings):
            var endpoint = TokenEndpoint(
                url: settings.tokenURL, clientID: settings.clientID,
                clientSecret: settings.clientSecret.map { Password($0) },
                refreshToken: settings.refreshToken.map { Password($0) }, scope: settings.scope,
                certificateAuthorityFile: settings.certificateAuthorityFile)
            endpoint.refreshTokenFile = tokens.file(for: settings)
            return .bearer(username: username, tokens: AccessTokens(endpoint) { TokenResponse(json: $0) })
        }
    }
}

extension Password {
    fileprivate init(_ secret: Secret) {
        self.init(String(decoding: secret.revealedBytes, as: UTF8.self))
    }
}

extension SMTPServer.Security {
    /// The same in the transport's words.
    fileprivate var transport: SMTPConfiguration.Security {
        switch self {
        case .startTLS: .startTLS
        case .implicitTLS: .implicitTLS
        case .none: .unprotected
        }
    }
}
