extension ReplyClass {
    /// The class of what a transport saw. The basic code decides, the enhanced code explains; the library's own
    /// verdict counts where there is no refusal; what is unknown is transient.
    package init(_ signal: ReplySignal) {
        guard let failure = signal.failure else {
            self = .accepted
            return
        }
        let code = signal.code ?? 0
        if code == 421 {
            self = .host
        } else if failure == .certificate {
            self = .configuration
        } else if (400..<600).contains(code) {
            self = Self.refusal(signal, code: code)
        } else if signal.stage == .content, failure == .unexpectedReply, (200..<300).contains(code) {
            self = .accepted
        } else {
            self = Self.failure(failure, signal, code: code)
        }
    }

    /// A reply of 4yz or 5yz: it ended the attempt, so it belongs to the step under way.
    private static func refusal(_ signal: ReplySignal, code: Int) -> ReplyClass {
        let isTransient = code < 500
        switch signal.stage {
        case .connect, .greeting: return .host
        case .hello: return isTransient ? .host : .configuration
        case .startTLS: return code == 454 ? .host : .configuration
        case .authentication: return isTransient ? .transient : .configuration
        case .sender: return sender(signal, code: code)
        case .recipient: return recipient(signal, code: code)
        case .data, .content:
            if code == 530 { return .configuration }
            return isTransient ? .transient : .permanent
        }
    }

    /// Refusals of MAIL FROM: our sender is at fault, unless the size was (RFC 1870 §6.1).
    private static func sender(_ signal: ReplySignal, code: Int) -> ReplyClass {
        if code < 500 { return .transient }
        return code == 552 || signal.isTooLarge ? .permanent : .configuration
    }

    private static func recipient(_ signal: ReplySignal, code: Int) -> ReplyClass {
        let enhanced = signal.enhancedCode ?? ""
        if isLoginRefusal(code) || (code >= 500 && signal.isAboutSender) { return .configuration }
        if signal.isTooLarge { return .permanent }
        switch code {
        case 450, 451: return enhanced.hasSuffix(".2.2") ? .transient : .greylisted
        case 452, 552: return .transient
        // A rule of the server, often one about who may send as whom, says nothing against the address.
        case 551, 553: return enhanced.hasPrefix("5.7.") ? .permanent : .recipientRefused
        case 550:
            let isAddress = enhanced.isEmpty || enhanced.hasPrefix("5.1.") || enhanced == "5.2.1" || enhanced == "5.0.0"
            return isAddress ? .recipientRefused : .permanent
        default: return code < 500 ? .transient : .permanent
        }
    }

    /// No refusal was read: the failure itself, and how far the attempt had come.
    private static func failure(_ failure: ReplySignal.Failure, _ signal: ReplySignal, code: Int) -> ReplyClass {
        switch failure {
        case .certificate, .tlsUnavailable, .helloRefused, .loginDenied: .configuration
        // Says nothing against the address: it stays off the list of refused ones.
        case .smtpUTF8Unavailable: signal.stage == .recipient ? .permanent : .configuration
        case .resolve, .connect, .handshake: .host
        case .timeout, .lost: code == 354 ? .ambiguous : .host
        case .cancelled: code == 354 ? .ambiguous : .notAttempted
        case .unexpectedReply, .other: code == 354 ? .ambiguous : .transient
        }
    }

    /// 530, 534, 535 and 538 of RFC 4954 §6.
    static func isLoginRefusal(_ code: Int) -> Bool {
        code == 530 || code == 534 || code == 535 || code == 538
    }
}

extension ReplySignal {
    /// Whether the reply says that the message is too large (RFC 3463: x.3.4 for the system, x.2.3 for the mailbox).
    var isTooLarge: Bool {
        enhancedCode == "5.3.4" || enhancedCode == "5.2.3"
    }

    /// Whether a reply that came at RCPT is about the sender (RFC 3463 §3.2: x.1.7 and x.1.8): Postfix and others
    /// judge the sender only there.
    var isAboutSender: Bool {
        enhancedCode == "5.1.7" || enhancedCode == "5.1.8"
    }
}
