import Events
import Mail
import Rendering
import Rules
import Store
import Transports

extension Configuration {
    /// Opens what the file names: the store (taking its lock), the transport with its threads, templates and verifiers.
    /// Throws `StoreError` when the store cannot be had, `SMTPConfigurationFault` when libcurl would not take a
    /// setting.
    package func openParts() throws -> Bridge.Parts {
        let composer = Composer(
            templates: .builtin, identity: MailIdentity(from: mail.from, host: mail.from.address.domain))
        let transport = try openTransport()
        let store = try SQLiteStore.open(
            path: storePath, options: StoreOptions(storesBodies: retention.bodies != nil))
        var parts = Bridge.Parts(
            store: store, transport: transport, composer: composer, ruleSet: ruleSet,
            sources: sources.map { (path: $0.path, name: $0.name, verifier: $0.verifier) },
            webhookHost: listen.host, webhookPort: listen.port, adminHost: admin.host, adminPort: admin.port,
            adminToken: adminToken, retention: retention)
        parts.trustedProxies = trustedProxies
        return parts
    }

    /// The database file.
    package var storePath: String {
        switch store {
        case .sqlite(let path): path
        }
    }

    private func openTransport() throws -> any MailTransport {
        switch mail.server {
        case .maildir(let path):
            return MaildirTransport(folder: path)
        case .smtp(let server):
            let login = server.credentials.map { credentials in
                SMTPLogin.password(
                    username: credentials.username,
                    password: Password(String(decoding: credentials.password.revealedBytes, as: UTF8.self)))
            }
            var configuration = try SMTPConfiguration(
                host: server.host, port: server.port, security: server.security.transport, login: login)
            configuration.certificateAuthorityFile = server.certificateAuthorityFile
            return SMTPTransport(configuration: configuration)
        }
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
