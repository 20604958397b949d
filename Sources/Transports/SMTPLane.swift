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
        defer { transfer.end() }
        do throws(CurlFault) {
            let first = try attemptOnce(message)
            guard first.signal.deservesFreshConnection, !sockets.isCut else { return first.reply }
            return try attemptOnce(message).reply
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
        if case .bearer(_, let token)? = configuration.login {
            guard let token = token(), !token.text.isEmpty, !token.text.utf8.contains(0) else {
                return .noToken
            }
            transfer.hide(token)
            try handle?.setBearerToken(token)
        }
        transfer.begin(message.bytes)
        // libcurl only borrows the recipients: they have to live until it has forgotten them.
        let code = try withExtendedLifetime(recipients) { () throws(CurlFault) -> CURLcode in
            defer { handle?.forgetRecipients() }
            try handle?.setEnvelope(
                sender: "<\(message.sender)>", recipients: recipients, messageBytes: message.bytes.count
            )
            return handle?.perform() ?? CURLE_FAILED_INIT
        }
        transfer.noteNewConnection()
        let figures = handle?.figures ?? TransferFigures()
        return SMTPOutcome(
            code: code, transfer: transfer, figures: figures,
            isComplete: figures.uploadedBytes >= Int64(message.bytes.count)
        )
    }

    private func makeHandle() throws(CurlFault) -> CurlHandle {
        guard let handle = CurlHandle() else { throw CurlFault(code: CURLE_FAILED_INIT) }
        try handle.apply(configuration)
        try transfer.attach(to: handle, showsDialogue: configuration.onDialogue != nil)
        return handle
    }
}
