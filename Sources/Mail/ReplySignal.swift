/// What a transport saw of one attempt, told without the words of the library it uses.
package struct ReplySignal: Sendable, Equatable {
    /// How far the attempt came: the step that was under way when it ended.
    package enum Stage: Int, Sendable, CaseIterable, Comparable {
        /// Resolving the name and opening the connection, implicit TLS included.
        case connect
        /// Waiting for the server's greeting.
        case greeting
        /// EHLO or HELO.
        case hello
        /// STARTTLS and its handshake.
        case startTLS
        /// AUTH.
        case authentication
        /// MAIL FROM.
        case sender
        /// RCPT TO.
        case recipient
        /// DATA, before its 354.
        case data
        /// After the 354: the bytes, the final dot and its reply.
        case content

        /// Earlier steps come first.
        package static func < (lhs: Stage, rhs: Stage) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    /// How an attempt failed beside, or instead of, a reply.
    package enum Failure: Sendable, CaseIterable {
        /// The host's name could not be resolved.
        case resolve
        /// No connection could be opened.
        case connect
        /// A time limit passed.
        case timeout
        /// The connection was cut, reset or closed, or a command was answered with a refusal that ended it.
        case lost
        /// The TLS handshake failed for another reason than the certificate.
        case handshake
        /// The server's certificate is not to be trusted (libcurl 60).
        case certificate
        /// TLS is required and was not offered or was denied (libcurl 64).
        case tlsUnavailable
        /// The message needs SMTPUTF8, and EHLO did not offer it; the stage says whose address needs it: `sender` or
        /// `recipient`.
        case smtpUTF8Unavailable
        /// EHLO was refused (libcurl 9).
        case helloRefused
        /// The login was refused (libcurl 67).
        case loginDenied
        /// A reply that the library did not expect (libcurl 8).
        case unexpectedReply
        /// We ended the attempt ourselves, at a shutdown.
        case cancelled
        /// Anything else.
        case other
    }

    package var stage: Stage
    /// The last basic reply code seen, which may belong to an earlier step; `nil` when none was seen.
    package var code: Int?
    /// The enhanced status code (RFC 3463) of that reply, such as `4.7.1`.
    package var enhancedCode: String?
    /// `nil` when the library reports success.
    package var failure: Failure?
    /// Whether the connection had carried a mail before.
    package var isReusedConnection: Bool

    package init(
        stage: Stage, code: Int? = nil, enhancedCode: String? = nil, failure: Failure? = nil,
        isReusedConnection: Bool = false
    ) {
        self.stage = stage
        self.code = code
        self.enhancedCode = enhancedCode
        self.failure = failure
        self.isReusedConnection = isReusedConnection
    }

    /// Whether the attempt found only that a kept connection had gone stale: it may be made again at once, on a fresh
    /// connection, because no 354 was seen. The attempt does not count then.
    package var deservesFreshConnection: Bool {
        guard isReusedConnection, stage <= .sender, let failure else { return false }
        return (failure == .lost || failure == .timeout) && (code == nil || code == 0 || code == 421)
    }
}
