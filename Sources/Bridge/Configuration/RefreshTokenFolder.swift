import Events
import Glibc
import Transports

/// The folder beside the store with refresh tokens that have taken the place of configured ones.
package struct RefreshTokenFolder: Sendable {
    private let path: String
    private let report: @Sendable (String) -> Void

    /// How long after it was written last a file stays that belongs to no configured token, in seconds.
    static let unusedSecondsMax: Int64 = 30 * 86_400

    /// - Parameters:
    ///   - store: the database file; the folder is called like it, with `-tokens` behind.
    ///   - report: is told why a token cannot be kept, which may end mails at the next start; without any secret.
    package init(store: String, report: @escaping @Sendable (String) -> Void = { _ in }) {
        path = store + "-tokens"
        self.report = report
    }

    /// Where the successor of a configured refresh token is kept; `nil` where none is configured.
    func file(for settings: OAuth2Settings) -> RefreshTokenFile? {
        name(for: settings).map { RefreshTokenFile(path: "\(path)/\($0)", report: report) }
    }

    /// The name of the file: a digest of the configured token and of where it is used, so that another one begins anew.
    private func name(for settings: OAuth2Settings) -> String? {
        guard let token = settings.refreshToken else { return nil }
        var bytes: [UInt8] = []
        for part in [Array(settings.tokenURL.utf8), Array(settings.clientID.utf8), token.revealedBytes] {
            bytes += Array("\(part.count) ".utf8) + part
        }
        return Hex.encode(Array(Hash.sha256(bytes).prefix(16)))
    }

    /// Removes what belongs to no token of the configuration and was not written for a while.
    ///
    /// - Parameter now: the time of the machine, in seconds since 1970.
    func removeUnused(_ mail: MailConfiguration, now: Int64) {
        guard case .success(let names) = FolderContent.names(path: path) else { return }
        let used = Set(mail.tokenSettings.compactMap(name))
        for name in names where !used.contains(String(name.prefix { $0 != "." })) {
            var status = stat()
            guard lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                now - Int64(status.st_mtim.tv_sec) > Self.unusedSecondsMax
            else { continue }
            unlink("\(path)/\(name)")
        }
    }
}

extension MailConfiguration {
    /// Where access tokens of the servers come from.
    fileprivate var tokenSettings: [OAuth2Settings] {
        var servers = fallback
        if case .smtp(let first) = server { servers.insert(first, at: 0) }
        return servers.compactMap { server in
            if case .oauth2(let settings)? = server.credentials?.proof { settings } else { nil }
        }
    }
}
