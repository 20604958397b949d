import Events
import Expressions
import Rules

/// `oauth2` of a mail server: where its access tokens come from.
extension ConfigurationReader {
    private static let tokenHint =
        "write `oauth2: {token_url: https://…, client_id: …, client_secret: {env: NAME}, scope: …}`"

    /// Reads `oauth2:`; `nil` when it cannot be used, which has been said then.
    func oauth2(_ entry: YAMLEntry) -> OAuth2Settings? {
        guard let reader = MappingReader(entry.value, subject: "'oauth2'", sink: sink) else { return nil }
        let url = reader.required("token_url", hint: Self.tokenHint).flatMap(tokenURL)
        let clientID = reader.required("client_id", hint: Self.tokenHint)
            .flatMap { values.text($0, "'client_id'", bytesMax: 1_000) }
        let clientSecretNode = reader.value("client_secret")
        let refreshTokenNode = reader.value("refresh_token")
        let clientSecret = clientSecretNode.flatMap { secret($0, "'client_secret'") }
        let refreshToken = refreshTokenNode.flatMap { secret($0, "'refresh_token'") }
        let scope = reader.value("scope").flatMap { values.text($0, "'scope'", bytesMax: 2_000) }
        let authorities = reader.entry("ca_file").flatMap(pemFile)
        reader.finish()
        if clientSecretNode == nil, refreshTokenNode == nil {
            sink.error(
                at: entry.keyRange, "'oauth2' has neither 'client_secret' nor 'refresh_token'",
                hint: "an application's own access takes `client_secret`, a person's consent `refresh_token`")
        }
        guard let url, let clientID, clientSecret != nil || refreshToken != nil else { return nil }
        return OAuth2Settings(
            tokenURL: url, clientID: clientID, clientSecret: clientSecret, refreshToken: refreshToken, scope: scope,
            certificateAuthorityFile: authorities)
    }

    /// The secrets of the request are for the token server alone: no plain HTTP but on loopback.
    private func tokenURL(_ node: YAMLNode) -> String? {
        guard let text = values.text(node, "'token_url'", bytesMax: 2_000) else { return nil }
        let isSecure = text.utf8.starts(with: "https://".utf8)
        guard isSecure || text.utf8.starts(with: "http://".utf8) else {
            sink.error(at: node.range, "'token_url' must begin with https://", hint: Self.tokenHint)
            return nil
        }
        let authority = text.dropFirst(isSecure ? 8 : 7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let (host, port) = Self.hostAndPort(String(authority)), port.map({ (1...65_535).contains($0) }) ?? true,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.utf8.contains(UInt8(ascii: "#"))
        else {
            sink.error(at: node.range, "'token_url' is no URL of a token server", hint: Self.tokenHint)
            return nil
        }
        guard isSecure || LoopbackHost.contains(host) else {
            sink.error(
                at: node.range, "'token_url' would send the secrets readable to everyone on the way",
                hint: "write https://")
            return nil
        }
        return text
    }
}
