package import Mail

/// Hands messages to a mail server over libcurl, on threads of its own.
///
/// Each of `connectionsMax` lanes has one thread and one libcurl handle, whose connection is kept from mail to mail.
/// The lane that rested last takes the next mail, so a low rate needs one connection. A cancelled task does not stop
/// its mail: a mail cut after its final dot would arrive twice.
package final class SMTPTransport: MailTransport {
    package let connectionsMax: Int
    private let queue = WorkQueue<DeliveryJob>()
    private let threads = WorkerThreads()
    private let sockets: [OpenSockets]
    /// Asked for access tokens by the lanes; `nil` when the login is none of these.
    private let tokens: AccessTokens?
    private let pacer: SendPacer?

    /// The most lanes, whatever the configuration says.
    static let lanesMax = 64

    /// Starts the lanes; nothing is sent yet.
    package init(configuration: SMTPConfiguration) {
        let lanes = min(max(configuration.connectionsMax, 1), Self.lanesMax)
        var sockets: [OpenSockets] = []
        pacer = configuration.rate.map { SendPacer($0) }
        for _ in 1...lanes {
            let lane = OpenSockets()
            let queue = queue
            let isRunning = threads.start {
                SMTPLane(configuration: configuration, sockets: lane).run(queue)
            }
            guard isRunning else { break }
            sockets.append(lane)
        }
        self.sockets = sockets
        if case .bearer(_, let tokens)? = configuration.login { self.tokens = tokens } else { tokens = nil }
        self.connectionsMax = max(sockets.count, 1)
        if sockets.isEmpty { _ = queue.close() }
    }

    deinit {
        // A transport that is dropped without `shutdown` still lets its threads end.
        _ = queue.close()
    }

    /// Sends the message on the next free lane, not before its rate allows it.
    package func send(_ message: Message) async -> Reply {
        if let pacer, await !pacer.wait() { return DeliveryJob.notBegun }
        return await withCheckedContinuation { continuation in
            if !queue.push(DeliveryJob(message: message, continuation: continuation)) {
                continuation.resume(returning: DeliveryJob.notBegun)
            }
        }
    }

    /// Takes nothing new, lets running transfers end within `grace`, then cuts their connections.
    package func shutdown(grace: Duration) async {
        pacer?.close()
        for job in queue.close() {
            job.continuation.resume(returning: DeliveryJob.notBegun)
        }
        let (sockets, tokens) = (sockets, tokens)
        let cutter = Task {
            try await Task.sleep(for: grace)
            for lane in sockets { lane.cut() }
            tokens?.cut()
        }
        await threads.waitUntilEnded()
        cutter.cancel()
    }
}
