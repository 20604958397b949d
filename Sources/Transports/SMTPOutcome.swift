import CCurl
import Mail

/// What one attempt over libcurl came to: the signal that is classified, and the reply made of it.
struct SMTPOutcome {
    let signal: ReplySignal
    let reply: Reply

    /// No access token is there: the mail waits until one is.
    static let noToken = SMTPOutcome(
        signal: ReplySignal(stage: .authentication, failure: .loginDenied),
        text: "There is no valid access token for the mail server: check `oauth2`."
    )

    /// Judges a finished transfer. `isComplete` says whether all bytes of the message were written; only then can the
    /// final dot have followed them.
    init(code: CURLcode, transfer: SMTPTransfer, isComplete: Bool) {
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
        let wasAnswered = last.map { !$0.isPositive || $0.stage == .content } ?? false
        let signal = ReplySignal(
            stage: transfer.ownEnd == .loginNotOffered ? .authentication : isUnresolved ? .connect : dialogue.stage,
            code: replyCode,
            enhancedCode: last?.enhancedCode,
            failure: failure,
            isReusedConnection: transfer.isOnKeptConnection && !isUnresolved
        )
        let text: String
        if let failure, !wasAnswered || transfer.ownEnd != nil || failure == .certificate {
            let words = transfer.errorWords ?? CurlFault(code: code).text
            text = Self.words(failure, stage: signal.stage, ownEnd: transfer.ownEnd, library: words)
        } else {
            text = last.map(Self.words) ?? ""
        }
        self.init(signal: signal, text: text)
    }

    private init(signal: ReplySignal, text: String) {
        self.signal = signal
        self.reply = Reply(
            classification: ReplyClass(signal),
            code: signal.code,
            enhancedCode: signal.enhancedCode,
            text: String(text.prefix(SMTPDialogue.textCharactersMax))
        )
    }

    /// The server's words with its codes in front, as it said them.
    private static func words(_ answer: SMTPDialogue.Answer) -> String {
        ["\(answer.code)", answer.enhancedCode ?? "", answer.text].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Our words where the server had none: where the conversation ended, and how.
    private static func words(
        _ failure: ReplySignal.Failure, stage: ReplySignal.Stage, ownEnd: SMTPTransfer.OwnEnd?, library: String
    ) -> String {
        switch ownEnd {
        case .cut: return "Cut off by the shutdown, \(place(stage))."
        case .stalled: return "The upload stalled, \(place(stage))."
        case .repliesTooLong: return "The server's replies have no end, \(place(stage))."
        case .loginNotOffered:
            return "The server offers no login although one is configured: remove `username` or ask for AUTH there."
        case nil: break
        }
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
