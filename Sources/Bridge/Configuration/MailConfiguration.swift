package import Events
package import Mail
package import Transports

/// How mails leave.
package struct MailConfiguration: Sendable {
    package let from: Mailbox
    /// What takes the mails as long as it is well.
    package private(set) var server: MailServer
    /// Mail servers that take them, in this order, while the ones before are not well.
    package private(set) var fallback: [SMTPServer]
    /// `Sender`, and the sender of the envelope, where it is not that of `from`.
    package var sender: Mailbox?
    /// Where answers go, where not to `from`.
    package var replyTo: Mailbox?
    /// Whether `To` names everybody who gets a mail.
    package var showsAllRecipients = false
    /// Who is told of trouble with Hookmail itself.
    package var operators = OperatorSettings.none
    /// Sign every mail, in this order.
    package var dkim: [DKIMKey] = []

    package init(from: Mailbox, server: MailServer, fallback: [SMTPServer] = []) {
        self.from = from
        self.server = server
        self.fallback = fallback
    }

    /// The same with one server alone: 1 is the first, the others follow in their order; `nil` when there is none.
    package func only(_ number: Int) -> MailConfiguration? {
        guard number == 1 || fallback.indices.contains(number - 2) else { return nil }
        var one = self
        if number > 1 { one.server = .smtp(fallback[number - 2]) }
        one.fallback = []
        return one
    }

    /// Every secret that sending takes.
    var secrets: [Secret] {
        var servers = fallback
        if case .smtp(let first) = server { servers.append(first) }
        return servers.flatMap { server -> [Secret] in
            switch server.credentials?.proof {
            case .password(let password): [password]
            case .oauth2(let settings): [settings.clientSecret, settings.refreshToken].compactMap { $0 }
            case nil: []
            }
        } + dkim.map(\.key)
    }

    /// The most servers beside the first.
    package static let fallbackMax = 8
}

/// A key that signs mails in a domain's name (RFC 6376).
package struct DKIMKey: Sendable {
    package let domain: String
    package let selector: String
    /// The private key in PEM.
    package let key: Secret
}

/// What takes the mails.
package enum MailServer: Sendable {
    /// A mail server that is spoken to by SMTP.
    case smtp(SMTPServer)
    /// A folder in Maildir form; a relative path has been joined to the configuration file's folder.
    case maildir(path: String)
}

/// A mail server and how to speak with it.
package struct SMTPServer: Sendable {
    /// What protects the connection.
    package enum Security: String, Sendable {
        /// STARTTLS, demanded (RFC 3207).
        case startTLS
        /// TLS from the first byte (RFC 8314 §3.3).
        case implicitTLS
        /// Nothing: only where the file says `tls: none`, and never with a password.
        case none
    }

    /// Who logs in, and what proves it.
    package struct Credentials: Sendable {
        package let username: String
        package let proof: Proof
    }

    /// What proves who logs in.
    package enum Proof: Sendable {
        case password(Secret)
        case oauth2(OAuth2Settings)
    }

    /// A name or an address; one of IPv6 without brackets.
    package let host: String
    package let port: Int
    package let security: Security
    package let credentials: Credentials?
    /// The certificate authorities to trust instead of the system's, a PEM file; `nil` trusts the system's.
    package let certificateAuthorityFile: String?
    /// Our own certificate for servers that ask for one, a PEM file.
    package var ownCertificateFile: String?
    /// Its private key, a PEM file; `nil` when it stands in the same file.
    package var ownKeyFile: String?
    /// How many connections there may be at a time; 1 to `connectionsMax`.
    package var connections = 4
    /// How many mails may begin in how long; `nil` without a limit.
    package var rate: SendRate?

    /// The most connections that a server may be given.
    package static let connectionsMax = 64

    package init(
        host: String, port: Int, security: Security, credentials: Credentials?, certificateAuthorityFile: String?
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.credentials = credentials
        self.certificateAuthorityFile = certificateAuthorityFile
    }
}

/// Where access tokens come from, and as whom they are asked for.
package struct OAuth2Settings: Sendable {
    /// An `https://` URL, or `http://` on loopback.
    package let tokenURL: String
    package let clientID: String
    /// With no refresh token it alone proves who asks (client credentials).
    package let clientSecret: Secret?
    package let refreshToken: Secret?
    package let scope: String?
    /// The certificate authorities to trust for `tokenURL` instead of the system's, a PEM file.
    package let certificateAuthorityFile: String?
}
