/// How Hookmail proves to a mail server who it is.
package enum SMTPLogin: Sendable {
    /// A name and a password, for PLAIN (RFC 4616) or, where the server offers no PLAIN, LOGIN (the older form that
    /// some servers, Microsoft's among them, offer alone). Both show the password to the server, so they are for TLS
    /// only.
    case password(username: String, password: Password)
    /// A name and an OAuth 2 access token, for OAUTHBEARER (RFC 7628) or, where the server does not offer that, XOAUTH2
    /// (Google's and Microsoft's older form). The token is asked for before each mail, on the thread that sends it.
    case bearer(username: String, tokens: AccessTokens)

    /// The login name.
    package var username: String {
        switch self {
        case .password(let username, _), .bearer(let username, _): username
        }
    }

    /// Whether the login is by an access token.
    var isToken: Bool {
        if case .bearer = self { return true }
        return false
    }

    /// The value of libcurl's login options: the mechanisms it may use, of which it takes the first that the server
    /// offers in an order of its own, PLAIN before LOGIN, OAUTHBEARER before XOAUTH2. Without this, that order begins
    /// with others. A server that offers none of them is refused (`CURLE_LOGIN_DENIED`), and nothing is sent.
    var loginOptions: String {
        switch self {
        case .password: "AUTH=PLAIN;AUTH=LOGIN"
        case .bearer: "AUTH=OAUTHBEARER;AUTH=XOAUTH2"
        }
    }
}
