import CCurl
import Mail

/// What one attempt over libcurl came to: the signal that is classified, and the reply made of it.
struct SMTPOutcome {
    let signal: ReplySignal
    let reply: Reply

    /// The token server gives no access token: the configuration has to change.
    static func noToken(_ text: String) -> SMTPOutcome {
        SMTPOutcome(
            signal: ReplySignal(stage: .authentication, failure: .loginDenied), verdict: nil, reason: .noToken,
            text: text)
    }

    /// The token server cannot be asked at the moment, which keeps every mail from the mail server.
    static func tokenUnavailable(_ text: String) -> SMTPOutcome {
        SMTPOutcome(
            signal: ReplySignal(stage: .connect, failure: .connect), verdict: nil, reason: .tokenUnavailable,
            text: text)
    }

    /// Our shutdown came while the token server was asked.
    static let cutAtToken = SMTPOutcome(
        signal: ReplySignal(stage: .connect, failure: .cancelled), verdict: nil, reason: .shutdown,
        text: "Cut off by the shutdown, while an access token was asked for.")

    /// A kept connection's server does not offer the SMTPUTF8 that the message needs.
    static func smtpUTF8NotOffered(for message: Message) -> SMTPOutcome {
        SMTPOutcome(
            signal: ReplySignal(
                stage: message.senderNeedsSMTPUTF8 ? .sender : .recipient, failure: .smtpUTF8Unavailable),
            verdict: nil, reason: .smtpUTF8NotOffered, text: withoutSMTPUTF8)
    }

    private static let withoutSMTPUTF8 =
        "Nothing was sent: the server does not offer SMTPUTF8; use an ASCII address or another server."

    /// Whether the mail server refused what an access token proves; nothing of the mail has been said then.
    var refusesToken: Bool {
        signal.stage == .authentication && reply.reason == .tokenRefused
    }

    /// Judges a finished transfer. `isComplete` says whether all bytes of the message were written; only then can the
    /// final dot have followed them.
    init(code: CURLcode, transfer: SMTPTransfer, figures: TransferFigures, isComplete: Bool) {
        let dialogue = transfer.dialogue
        let last = dialogue.last
        var failure = code == CURLE_OK ? nil : ReplySignal.Failure(code, ownEnd: transfer.ownEnd)
        let canBeCut: Set<ReplySignal.Failure> = [.connect, .handshake, .lost, .timeout, .unexpectedReply]
        if let seen = failure, canBeCut.contains(seen), transfer.sockets.isCut {
            failure = .cancelled
        }
        // A kept connection that libcurl gave up leaves no other trace when the name cannot be looked up again.
        let isUnresolved = failure == .resolve
        var replyCode = last?.code
        if replyCode == 354, !isComplete {
            // The connection broke inside the text: without the final dot the server cannot have taken the mail.
            replyCode = nil
        }
        let signal = ReplySignal(
            stage: Self.stageOfOwnEnd(transfer) ?? (isUnresolved ? .connect : dialogue.stage),
            code: replyCode,
            enhancedCode: last?.enhancedCode,
            failure: failure,
            isReusedConnection: transfer.isOnKeptConnection && !isUnresolved
        )
        // The last reply is the verdict only where it refused, or answered the text. What failed behind an agreeing
        // one, such as the handshake behind the 220 of STARTTLS, was decided by something else.
        let isAnswer = last.map { !$0.isPositive || $0.stage == .content } ?? false
        let isVerdict = failure == nil || (isAnswer && transfer.ownEnd == nil && failure != .certificate)
        let reason = Self.reason(code, signal, transfer, figures)
        let text: String
        if isVerdict {
            text = last.map(Self.words) ?? ""
        } else {
            let words = transfer.errorWords ?? CurlFault(code: code).text
            text = Self.words(failure ?? .other, signal.stage, reason, transfer, library: words)
        }
        self.init(
            signal: signal, verdict: isVerdict ? last : nil, reason: reason, text: transfer.mask.masked(text)
        )
    }

    /// What an end of our own is about, where that is not the step under way.
    private static func stageOfOwnEnd(_ transfer: SMTPTransfer) -> ReplySignal.Stage? {
        switch transfer.ownEnd {
        case .loginNotOffered: .authentication
        case .smtpUTF8NotOffered: transfer.needsSMTPUTF8
        case .cut, .stalled, .repliesTooLong, nil: nil
        }
    }

    private init(signal: ReplySignal, verdict: SMTPDialogue.Answer?, reason: ReplyReason?, text: String) {
        self.signal = signal
        self.reply = Reply(
            classification: ReplyClass(signal),
            code: verdict?.code,
            enhancedCode: verdict?.enhancedCode,
            text: String(text.prefix(SMTPDialogue.textCharactersMax)),
            reason: reason
        )
    }

    /// The reason, where this transport knows more than the signal says.
    private static func reason(
        _ code: CURLcode, _ signal: ReplySignal, _ transfer: SMTPTransfer, _ figures: TransferFigures
    ) -> ReplyReason? {
        guard let reason = ReplyReason(signal) else { return nil }
        switch transfer.ownEnd {
        case .loginNotOffered: return .loginNotOffered
        case .stalled: return .stalled
        case .repliesTooLong: return .unexpectedReply
        case .smtpUTF8NotOffered: return .smtpUTF8NotOffered
        case .cut, nil: break
        }
        switch reason {
        case .loginRefused where transfer.dialogue.last?.stage == .hello: return .loginMechanism
        case .loginRefused: return transfer.configuration.login?.isToken == true ? .tokenRefused : .loginRefused
        case .certificateUntrusted: return certificate(code, figures)
        case .connectTimeout:
            guard transfer.sawConnection else { return .connectTimeout }
            guard transfer.configuration.security == .implicitTLS else { return .noGreeting }
            return figures.isSecured ? .noGreeting : .tlsFailed
        default: return reason
        }
    }

    /// What is wrong with the certificate. libcurl compares the name itself, and only behind OpenSSL's own checks: a
    /// failure without a verdict of theirs is the name.
    private static func certificate(_ code: CURLcode, _ figures: TransferFigures) -> ReplyReason {
        if code == CURLE_SSL_CACERT_BADFILE { return .authorityFile }
        if code == CURLE_SSL_CERTPROBLEM { return .ownCertificate }
        guard code == CURLE_PEER_FAILED_VERIFICATION else { return .certificateUntrusted }
        switch figures.certificateVerdict {
        case 0, 1: return .certificateName
        case 9, 10: return .certificateExpired
        default: return .certificateUntrusted
        }
    }
}

// Words.
extension SMTPOutcome {
    /// The server's words with its codes in front, as it said them.
    private static func words(_ answer: SMTPDialogue.Answer) -> String {
        ["\(answer.code)", answer.enhancedCode ?? "", answer.text].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Our words where the server had none: where the conversation ended, and how.
    private static func words(
        _ failure: ReplySignal.Failure, _ stage: ReplySignal.Stage, _ reason: ReplyReason?, _ transfer: SMTPTransfer,
        library: String
    ) -> String {
        switch transfer.ownEnd {
        case .cut: return "Cut off by the shutdown, \(place(stage))."
        case .stalled: return "The upload stalled, \(place(stage))."
        case .repliesTooLong: return "The server's replies have no end, \(place(stage))."
        case .loginNotOffered:
            return "The server offers no login although one is configured: remove `username` or ask for AUTH there."
        case .smtpUTF8NotOffered: return withoutSMTPUTF8
        case nil: break
        }
        if reason == .loginMechanism {
            let offered = transfer.dialogue.mechanisms.joined(separator: " ")
            return "The server offers no login that can be used, only \(offered.isEmpty ? "unnamed ones" : offered)."
        }
        if reason == .ownCertificate { return "Hookmail's own certificate or its key cannot be used: \(library)" }
        switch failure {
        case .certificate: return "The server's certificate is not trusted: \(library)"
        case .tlsUnavailable: return "The server does not offer STARTTLS, and nothing is sent without it."
        case .cancelled: return "Cut off by the shutdown, \(place(stage))."
        case .timeout, .lost: return "The connection ended \(place(stage)): \(library)"
        default: return "\(library), \(place(stage))"
        }
    }

    private static func place(_ stage: ReplySignal.Stage) -> String {
        switch stage {
        case .connect: "while connecting"
        case .greeting: "before the greeting"
        case .hello: "at EHLO"
        case .startTLS: "at STARTTLS"
        case .authentication: "at the login"
        case .sender: "at MAIL FROM"
        case .recipient: "at RCPT TO"
        case .data: "at DATA"
        case .content: "after the text was begun"
        }
    }
}

extension ReplySignal.Failure {
    /// libcurl's result in the words of the mail room.
    fileprivate init(_ code: CURLcode, ownEnd: SMTPTransfer.OwnEnd?) {
        switch ownEnd {
        case .cut: self = .cancelled
        case .stalled: self = .timeout
        case .repliesTooLong: self = .lost
        case .loginNotOffered: self = .loginDenied
        case .smtpUTF8NotOffered: self = .smtpUTF8Unavailable
        case nil: self = Self(code)
        }
    }

    private init(_ code: CURLcode) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .resolve
        case CURLE_COULDNT_CONNECT: self = .connect
        case CURLE_OPERATION_TIMEDOUT: self = .timeout
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: self = .lost
        case CURLE_SSL_CONNECT_ERROR: self = .handshake
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS:
            self = .certificate
        case CURLE_USE_SSL_FAILED: self = .tlsUnavailable
        case CURLE_REMOTE_ACCESS_DENIED: self = .helloRefused
        case CURLE_LOGIN_DENIED: self = .loginDenied
        case CURLE_WEIRD_SERVER_REPLY: self = .unexpectedReply
        case CURLE_ABORTED_BY_CALLBACK: self = .cancelled
        default: self = .other
        }
    }
}
