import Glibc

/// The settings of a mail server connection, checked when they are made.
package struct SMTPConfiguration: Sendable {
    /// How the connection is protected.
    package enum Security: Sendable, Equatable {
        /// `smtp://`: STARTTLS, required; a server that does not offer it gets no mail.
        case startTLS
        /// `smtps://`: TLS from the first byte.
        case implicitTLS
        /// No protection, written out by the operator (`tls: none`) for a relay on loopback; then no login is sent.
        case unprotected
    }

    /// A line of the conversation with the server, for `send-test`; secrets are replaced by `•••`.
    package enum DialogueLine: Sendable, Equatable {
        /// What was sent, without the line end.
        case sent(String)
        /// What was received, without the line end.
        case received(String)
        /// What libcurl says about connecting and TLS.
        case note(String)
    }

    package let host: String
    package let port: Int
    package let security: Security
    package let login: SMTPLogin?
    /// The name behind EHLO.
    package let helloName: String

    /// The certificate authorities to trust instead of the system's: a PEM file.
    package var certificateAuthorityFile: String?
    /// The certificate authorities to trust instead of the system's: a folder made by `openssl rehash`.
    package var certificateAuthorityFolder: String?
    /// The certificate by which the server knows us, and those that signed it: a PEM file.
    package var ownCertificateFile: String?
    /// The private key of `ownCertificateFile`, a PEM file without a passphrase; `nil` looks for it in that file.
    package var ownKeyFile: String?
    /// How many messages may begin in how long; `nil` for no limit.
    package var rate: SendRate?
    /// How many connections, and so messages under way, there may be; 1 to 64.
    package var connectionsMax = 4
    /// How long name lookup, connecting and TLS may take.
    package var connectSecondsMax = 30
    /// How long the server may take for a reply. RFC 5321 §4.5.3.2.6 gives it ten minutes after the final dot; a
    /// shorter time makes duplicates.
    package var replySecondsMax = 600
    /// How long the data may crawl at less than 100 bytes a second.
    package var stallSecondsMax = 120
    /// How long an unused connection is kept. Servers drop one after about five minutes, some much earlier.
    package var idleSecondsMax = 30
    /// Receives the conversation, on the thread that holds it.
    package var onDialogue: (@Sendable (DialogueLine) -> Void)?

    /// Checks what libcurl would not: `helloName` and the login must not smuggle anything into the conversation.
    /// Without `helloName` the host name of this machine is used.
    package init(
        host: String,
        port: Int,
        security: Security,
        login: SMTPLogin? = nil,
        helloName: String? = nil
    ) throws(SMTPConfigurationFault) {
        guard HostName.isValid(host) else {
            throw SMTPConfigurationFault("The mail server's name may hold letters, digits, dots and hyphens only.")
        }
        guard (1...65_535).contains(port) else {
            throw SMTPConfigurationFault("The mail server's port has to be from 1 to 65535.")
        }
        if login != nil, security == .unprotected {
            throw SMTPConfigurationFault(
                "With `tls: none` no login is sent: remove `username` and `password`, or remove `tls: none`."
            )
        }
        if let login { try Self.check(login) }
        let helloName = helloName ?? Self.machineName()
        guard HostName.isValid(helloName) else {
            throw SMTPConfigurationFault("The name for EHLO may hold letters, digits, dots and hyphens only.")
        }
        self.host = host
        self.port = port
        self.security = security
        self.login = login
        self.helloName = helloName
    }

    /// The URL for libcurl; its path is the name behind EHLO.
    var url: String {
        "\(security == .implicitTLS ? "smtps" : "smtp")://\(host):\(port)/\(helloName)"
    }

    private static func check(_ login: SMTPLogin) throws(SMTPConfigurationFault) {
        guard !login.username.isEmpty, login.username.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw SMTPConfigurationFault("The user name for the mail server is empty or holds control characters.")
        }
        if case .password(_, let password) = login, password.text.isEmpty || password.text.utf8.contains(0) {
            throw SMTPConfigurationFault("The password for the mail server is empty or holds a NUL.")
        }
    }

    /// The host name as the system has it; `localhost` when that is no valid name.
    private static func machineName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let name = String(decoding: bytes, as: UTF8.self)
        return HostName.isValid(name) ? name : "localhost"
    }
}

/// What is wrong with the settings of the mail server, in a sentence for the operator.
package struct SMTPConfigurationFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
