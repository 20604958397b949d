import Mail

/// Where access tokens come from, and as whom they are asked for (RFC 6749).
package struct TokenEndpoint: Sendable {
    /// An `https://` URL, or `http://` on loopback.
    package let url: String
    /// The name under which the application is known there.
    package let clientID: String
    /// The application's own secret; with no refresh token it alone proves who asks (§4.4, client credentials).
    package let clientSecret: Password?
    /// The consent that a person gave once (§6); `nil` asks by client credentials.
    package let refreshToken: Password?
    /// Where the one is kept that has taken its place since; `nil` keeps it in memory alone.
    package var refreshTokenFile: RefreshTokenFile?
    /// What the token is to be good for, as the server spells it; `nil` leaves it to the server.
    package let scope: String?
    /// The certificate authorities to trust instead of the system's, a PEM file.
    package let certificateAuthorityFile: String?

    package init(
        url: String, clientID: String, clientSecret: Password?, refreshToken: Password?, scope: String? = nil,
        certificateAuthorityFile: String? = nil
    ) {
        self.url = url
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.refreshToken = refreshToken
        self.scope = scope
        self.certificateAuthorityFile = certificateAuthorityFile
    }

    /// The body of a request, as `application/x-www-form-urlencoded`. The client's secret stands in it (§2.3.1), which
    /// Google and Microsoft both take.
    ///
    /// - Parameter refreshToken: the one to use, which may be newer than the configured one.
    func form(refreshToken: Password?) -> [UInt8] {
        var fields: [(name: String, value: String)]
        if let refreshToken {
            fields = [("grant_type", "refresh_token"), ("refresh_token", refreshToken.text)]
        } else {
            fields = [("grant_type", "client_credentials")]
        }
        fields.append(("client_id", clientID))
        if let clientSecret { fields.append(("client_secret", clientSecret.text)) }
        if let scope { fields.append(("scope", scope)) }
        return Array(fields.map { "\($0.name)=\(PercentEncoding.encoded($0.value))" }.joined(separator: "&").utf8)
    }
}
