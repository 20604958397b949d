/// How Hookmail proves to a mail server who it is.
package enum SMTPLogin: Sendable {
    /// A name and a password, for PLAIN (RFC 4616) or, where the server offers no PLAIN, LOGIN (the older form that
    /// some servers, Microsoft's among them, offer alone). Both show the password to the server, so they are for TLS
    /// only.
    case password(username: String, password: Password)
    /// A name and an OAuth 2 access token. `token` is asked before each mail, on a thread that may not be blocked for
    /// long; `nil` means that there is none at the moment.
    case bearer(username: String, token: @Sendable () -> Password?)

    /// The login name.
    package var username: String {
        switch self {
        case .password(let username, _), .bearer(let username, _): username
        }
    }

    /// The value of libcurl's login options: the mechanisms it may use, of which it takes the first that the server
    /// offers in an order of its own, PLAIN before LOGIN. Without this, that order begins with others. A server that
    /// offers none of them is refused (`CURLE_LOGIN_DENIED`), and nothing is sent.
    var loginOptions: String {
        switch self {
        case .password: "AUTH=PLAIN;AUTH=LOGIN"
        case .bearer: "AUTH=XOAUTH2"
        }
    }
}
