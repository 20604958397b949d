import CCurl
import Mail

/// One thread's way to the mail server: one libcurl handle, kept from mail to mail with its connection.
///
/// Only the thread that calls `run` touches it.
final class SMTPLane {
    private let configuration: SMTPConfiguration
    private let sockets: OpenSockets
    private let transfer: SMTPTransfer
    private var handle: CurlHandle?
    /// The access token of the last attempt.
    private var tokenUsed: (number: Int, isNew: Bool)?
    /// The last one that the mail server did not take.
    private var refusedToken: Int?

    init(configuration: SMTPConfiguration, sockets: OpenSockets) {
        self.configuration = configuration
        self.sockets = sockets
        self.transfer = SMTPTransfer(configuration: configuration, sockets: sockets)
    }

    /// Delivers jobs until the queue is closed. A connection without work is closed after the idle time.
    func run(_ queue: WorkQueue<DeliveryJob>) {
        var finish: () -> Void = {}
        while true {
            let idleTime: Duration? = sockets.isEmpty ? nil : .seconds(configuration.idleSecondsMax)
            switch queue.next(idleAfter: idleTime, finish: finish) {
            case .job(let job):
                let reply = deliver(job.message)
                finish = { job.continuation.resume(returning: reply) }
                continue
            case .idle: hangUp()
            case .closed: return hangUp()
            }
            finish = {}
        }
    }

    /// Closes the connection with a QUIT whose reply is not awaited.
    private func hangUp() {
        sockets.endReading()
        handle = nil
    }

    /// Delivers one mail. A kept connection that turns out to be dead costs no attempt: the mail goes out once more
    /// on a fresh one, which is safe because the server has not asked for its text.
    private func deliver(_ message: Message) -> Reply {
        if let fault = MessageInspection.fault(in: message) {
            return Reply(classification: .permanent, text: fault, reason: .transportFault)
        }
        // The server of a connection that is kept has said already what it offers.
        if message.needsSMTPUTF8, !sockets.isEmpty, !transfer.dialogue.offersSMTPUTF8 {
            return SMTPOutcome.smtpUTF8NotOffered(for: message).reply
        }
        defer { transfer.end() }
        do throws(CurlFault) {
            var outcome = try attemptOnce(message)
            if outcome.signal.deservesFreshConnection, !sockets.isCut { outcome = try attemptOnce(message) }
            // A token can be withdrawn, or the clocks differ: once, and not when this one was just made.
            if outcome.refusesToken, let token = tokenUsed, !token.isNew, !sockets.isCut {
                refusedToken = token.number
                outcome = try attemptOnce(message)
            }
            return outcome.reply
        } catch {
            return Reply(
                classification: .transient, text: "libcurl cannot be used: \(error.text)", reason: .transportFault
            )
        }
    }

    /// One attempt, and after a failure the end of its connection. libcurl would keep some of these, and the late reply
    /// to this mail would then be read as the answer to the next one.
    private func attemptOnce(_ message: Message) throws(CurlFault) -> SMTPOutcome {
        let outcome = try attempt(message)
        if outcome.signal.failure != nil { hangUp() }
        return outcome
    }

    private func attempt(_ message: Message) throws(CurlFault) -> SMTPOutcome {
        if handle == nil {
            handle = try makeHandle()
        }
        guard let recipients = CurlStringList(["<\(message.recipient)>"]) else {
            throw CurlFault(code: CURLE_OUT_OF_MEMORY)
        }
        if case .bearer(_, let tokens)? = configuration.login {
            if let missing = try takeToken(from: tokens) { return missing }
        }
        let sender = try Self.senderForCurl(of: message)
        transfer.begin(message)
        // libcurl only borrows the recipients: they have to live until it has forgotten them.
        let code = try withExtendedLifetime(recipients) { () throws(CurlFault) -> CURLcode in
            defer { handle?.forgetRecipients() }
            try handle?.setEnvelope(
                sender: "<\(sender.text)>", recipients: recipients, messageBytes: message.bytes.count
            )
            return handle?.perform(hasNamesBeyondASCII: sender.isBeyondASCII) ?? CURLE_FAILED_INIT
        }
        transfer.noteNewConnection()
        let figures = handle?.figures ?? TransferFigures()
        return SMTPOutcome(
            code: code, transfer: transfer, figures: figures,
            isComplete: figures.uploadedBytes >= Int64(message.bytes.count)
        )
    }

    /// The sender as libcurl is given it, without angle brackets, and whether its domain is beyond ASCII.
    ///
    /// No option makes libcurl say SMTPUTF8: it does so where it is offered and an address of the envelope is beyond
    /// ASCII, the domain included, which it then converts. A message whose header alone is beyond ASCII, as with such a
    /// `reply_to`, has the sender's domain written in another way therefore, which becomes the same on the wire.
    private static func senderForCurl(
        of message: Message
    ) throws(CurlFault) -> (text: String, isBeyondASCII: Bool) {
        let isInEnvelope = message.sender.needsSMTPUTF8 || message.recipient.needsSMTPUTF8
        guard message.needsSMTPUTF8, !isInEnvelope else { return (message.sender.description, false) }
        guard let text = InternationalAddress.spelledBeyondASCII(message.sender) else {
            throw CurlFault(code: CURLE_NOT_BUILT_IN)
        }
        return (text, true)
    }

    /// Gives the handle the access token for the next login; what follows when there is none.
    private func takeToken(from tokens: AccessTokens) throws(CurlFault) -> SMTPOutcome? {
        switch tokens.token(inPlaceOf: refusedToken) {
        case .token(let secret, let number, let isNew):
            tokenUsed = (number, isNew)
            if isNew { transfer.show(.note("The token server gave an access token.")) }
            transfer.hide(secret)
            try handle?.setBearerToken(secret)
            return nil
        case .refused(let text):
            transfer.show(.note(text))
            return .noToken(text)
        case .unavailable(let text):
            transfer.show(.note(text))
            return .tokenUnavailable(text)
        case .cut: return .cutAtToken
        }
    }

    private func makeHandle() throws(CurlFault) -> CurlHandle {
        guard let handle = CurlHandle() else { throw CurlFault(code: CURLE_FAILED_INIT) }
        try handle.apply(configuration)
        try transfer.attach(to: handle, showsDialogue: configuration.onDialogue != nil)
        return handle
    }
}
