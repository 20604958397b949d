/// How Hookmail proves to a mail server who it is.
package enum SMTPLogin: Sendable {
    /// The SASL mechanisms for a password. A mechanism is never chosen by the server: libcurl's own order would take
    /// weaker or unwanted ones first.
    package enum Mechanism: String, Sendable, CaseIterable {
        /// RFC 4616, under TLS.
        case plain = "PLAIN"
        /// The older form that some servers offer alone.
        case login = "LOGIN"
        /// RFC 2195.
        case cramMD5 = "CRAM-MD5"
    }

    /// A name and a password.
    case password(username: String, password: Password, mechanism: Mechanism = .plain)
    /// A name and an OAuth 2 access token. `token` is asked before each mail, on a thread that may not be blocked for
    /// long; `nil` means that there is none at the moment.
    case bearer(username: String, token: @Sendable () -> Password?)

    /// The login name.
    package var username: String {
        switch self {
        case .password(let username, _, _), .bearer(let username, _): username
        }
    }

    /// The value of libcurl's login options: exactly one mechanism.
    var loginOptions: String {
        switch self {
        case .password(_, _, let mechanism): "AUTH=" + mechanism.rawValue
        case .bearer: "AUTH=XOAUTH2"
        }
    }
}
