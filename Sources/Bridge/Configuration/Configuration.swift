package import Events
package import Rendering
package import Rules
package import Store

/// Everything that the configuration file says, checked and with its secrets at hand.
package struct Configuration: Sendable {
    /// Where webhooks are received.
    package var listen: ListenAddress
    /// Where health and the API of the commands are served.
    package var admin: ListenAddress
    /// What the commands must show on the admin address; always there when that address is public.
    package var adminToken: Secret?
    package var store: StoreLocation
    package var retention: Retention
    /// In the order of the file; names and paths are unique.
    package var sources: [SourceConfiguration]
    /// The proxies whose word about the sender's address is believed; none unless the file names them.
    package var trustedProxies: [AddressBlock] = []
    package var mail: MailConfiguration
    package var ruleSet: RuleSet
    /// The built-in templates, and those of the folder `templates`.
    package var templates = TemplateSet.builtin
    /// What is taken out of texts from events, beside what is known by its form.
    package var redact = RedactionPatterns.none
    /// Where an event's log stands on its platform, or `nil`.
    package var logURL: LogLink?
    /// What the links of mails begin with, `https://hookmail.example.com`, without a slash at its end; `nil` for mails
    /// without links.
    package var publicURL: String?
    /// The first signs the links of mails, and all of them read links; empty for a key of our own beside the store.
    package var linkKeys: [Secret] = []
    /// The zones of the dates of mails, by address.
    package var zones: [String: CivilZone] = [:]

    /// Where webhooks are received unless the file says otherwise.
    package static let standardListen = ListenAddress(host: "127.0.0.1", port: 8000)
    /// The database file unless the file says otherwise, beside the file.
    static let standardStore = "hookmail.db"
    /// Where health and commands are served unless the file says otherwise.
    package static let standardAdmin = ListenAddress(host: "127.0.0.1", port: 8001)
}

/// A host and a port to listen at.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// A name or an address; one of IPv6 without brackets.
    package let host: String
    /// 0 takes any free port.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool { LoopbackHost.contains(host) }

    /// As it is written in the file: `127.0.0.1:8000`, `[::1]:8001`.
    package var description: String { host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Where the store is.
package enum StoreLocation: Sendable, Equatable {
    /// A database file; a relative path has been joined to the configuration file's folder.
    case sqlite(path: String)
}

/// One sender of webhooks.
package struct SourceConfiguration: Sendable {
    package let name: String
    /// Begins with `/` and ends without one, but for `/` alone; requests may have the last slash or not.
    package let path: String
    package let scheme: SignatureScheme
    /// At least one, but none in the scheme `none`.
    package let secrets: [Secret]
    /// The addresses that may send; empty for all. Never empty in the scheme `none`.
    package let allowed: [AddressBlock]

    package init(
        name: String, path: String, scheme: SignatureScheme, secrets: [Secret], allowed: [AddressBlock] = []
    ) {
        self.name = name
        self.path = path
        self.scheme = scheme
        self.secrets = secrets
        self.allowed = allowed
    }

    /// What decides about requests at its path.
    package var verifier: SignatureVerifier {
        SignatureVerifier(source: name, scheme: scheme, secrets: secrets, allowed: allowed)
    }
}

/// Tells addresses that only this machine can reach.
enum LoopbackHost {
    /// Whether a host is `localhost`, within 127.0.0.0/8, or `::1`.
    static func contains(_ host: String) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
