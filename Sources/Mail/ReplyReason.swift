/// Why a mail was not taken, as one constant word: for logs, lists and programs, and as the key to what helps.
///
/// The class of a reply says what Hookmail does next; the reason says what was wrong. It holds nothing of the server's
/// text, no address and no secret.
package enum ReplyReason: String, Sendable, CaseIterable {
    // Before a conversation.
    /// The server's name could not be resolved.
    case nameNotFound = "name_not_found"
    /// The connection was refused, or no way leads there.
    case unreachable
    /// Nobody answered at the address and port.
    case connectTimeout = "connect_timeout"
    /// The connection stands, and the server says nothing.
    case noGreeting = "no_greeting"
    /// The server greeted with a refusal.
    case greetingRefused = "greeting_refused"
    /// EHLO was refused.
    case helloRefused = "hello_refused"

    // TLS.
    /// STARTTLS is not offered.
    case tlsNotOffered = "tls_not_offered"
    /// STARTTLS is offered, and was refused.
    case tlsRefused = "tls_refused"
    /// The TLS handshake failed for another reason than the certificate.
    case tlsFailed = "tls_failed"
    /// No trusted authority stands behind the certificate.
    case certificateUntrusted = "certificate_untrusted"
    /// The certificate has expired, or is not valid yet.
    case certificateExpired = "certificate_expired"
    /// The certificate is for another name.
    case certificateName = "certificate_name"
    /// The file of certificate authorities cannot be read.
    case authorityFile = "authority_file"

    // The login.
    /// The server offers no login.
    case loginNotOffered = "login_not_offered"
    /// The server offers logins, and none that Hookmail uses.
    case loginMechanism = "login_mechanism"
    /// Name or password were refused.
    case loginRefused = "login_refused"
    /// The login cannot be checked at the moment.
    case loginUnavailable = "login_unavailable"
    /// The server wants a login before it takes mail.
    case loginRequired = "login_required"
    /// The access token was refused by the mail server.
    case tokenRefused = "token_refused"
    /// The token server gives no access token.
    case noToken = "no_token"
    /// The token server cannot be reached or is unwell.
    case tokenUnavailable = "token_unavailable"
    /// The certificate that shows who we are, or its key, cannot be used.
    case ownCertificate = "own_certificate"

    // The mail.
    /// The sender's address was refused.
    case senderRefused = "sender_refused"
    /// The recipient's address does not exist, or was refused for good.
    case recipientRefused = "recipient_refused"
    /// The recipient was refused for good before, so this mail was not tried.
    case suppressed
    /// The recipient was refused by a rule of the server.
    case policy
    /// The recipient's mailbox is full.
    case mailboxFull = "mailbox_full"
    /// An address beyond ASCII needs SMTPUTF8, which the server does not offer.
    case smtpUTF8NotOffered = "international_address"
    /// The server wants to be asked again later.
    case greylisted
    /// The message is larger than the server takes.
    case tooLarge = "too_large"
    /// The text was refused.
    case contentRefused = "content_refused"
    /// The server has a passing fault.
    case deferred
    /// The server is shutting down or has too much to do (421).
    case busy

    // The connection.
    /// A reply did not come in time.
    case replyTimeout = "reply_timeout"
    /// The connection was lost.
    case connectionLost = "connection_lost"
    /// The connection was lost, or the time ran out, after the text: it may have arrived.
    case replyLost = "reply_lost"
    /// The upload stalled.
    case stalled
    /// The server said what no server says there.
    case unexpectedReply = "unexpected_reply"
    /// Our own shutdown came before.
    case shutdown
    /// A fault on our side of the connection.
    case transportFault = "transport_fault"
}

extension ReplyReason {
    /// The reason that lies in what a transport saw; `nil` when the mail was taken.
    package init?(_ signal: ReplySignal) {
        guard let failure = signal.failure, ReplyClass(signal) != .accepted else { return nil }
        let code = signal.code ?? 0
        if failure == .certificate {
            self = .certificateUntrusted
        } else if code == 421 {
            self = .busy
        } else if (400..<600).contains(code) {
            self = Self.refusal(signal, code: code)
        } else {
            self = Self.failure(failure, signal)
        }
    }

    private static func refusal(_ signal: ReplySignal, code: Int) -> ReplyReason {
        let isPassing = code < 500
        switch signal.stage {
        case .connect, .greeting: return .greetingRefused
        case .hello: return .helloRefused
        case .startTLS: return .tlsRefused
        case .authentication: return isPassing ? .loginUnavailable : .loginRefused
        case .sender: return sender(signal, code: code)
        case .recipient: return recipient(signal, code: code)
        case .data, .content:
            if code == 530 { return .loginRequired }
            if code == 552 || signal.isTooLarge { return .tooLarge }
            return isPassing ? .deferred : .contentRefused
        }
    }

    private static func sender(_ signal: ReplySignal, code: Int) -> ReplyReason {
        if ReplyClass.isLoginRefusal(code) { return .loginRequired }
        if code == 552 || signal.isTooLarge { return .tooLarge }
        return code < 500 ? .deferred : .senderRefused
    }

    private static func recipient(_ signal: ReplySignal, code: Int) -> ReplyReason {
        if ReplyClass.isLoginRefusal(code) { return .loginRequired }
        if code >= 500, signal.isAboutSender { return .senderRefused }
        if signal.isTooLarge { return .tooLarge }
        switch ReplyClass(signal) {
        case .recipientRefused: return .recipientRefused
        case .greylisted: return .greylisted
        case .permanent: return .policy
        default:
            let isFull = signal.enhancedCode?.hasSuffix(".2.2") ?? (code == 452 || code == 552)
            return isFull ? .mailboxFull : .deferred
        }
    }

    private static func failure(_ failure: ReplySignal.Failure, _ signal: ReplySignal) -> ReplyReason {
        let isAmbiguous = ReplyClass(signal) == .ambiguous
        switch failure {
        case .resolve: return .nameNotFound
        case .connect: return .unreachable
        case .timeout:
            if isAmbiguous { return .replyLost }
            switch signal.stage {
            case .connect: return .connectTimeout
            case .greeting: return .noGreeting
            default: return .replyTimeout
            }
        case .lost: return isAmbiguous ? .replyLost : .connectionLost
        case .handshake: return .tlsFailed
        case .certificate: return .certificateUntrusted
        case .tlsUnavailable: return .tlsNotOffered
        case .smtpUTF8Unavailable: return .smtpUTF8NotOffered
        case .helloRefused: return .helloRefused
        case .loginDenied: return .loginRefused
        case .unexpectedReply: return isAmbiguous ? .replyLost : .unexpectedReply
        case .cancelled: return isAmbiguous ? .replyLost : .shutdown
        case .other: return isAmbiguous ? .replyLost : .transportFault
        }
    }
}
