import ArgumentParser
import Mail
import Transports

/// Sends equal mails over the transport that the server uses.
struct SMTPBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smtp",
        abstract: "Mails a second, 4.2 KB each, without TLS to a server on loopback.")

    /// The size that the peers' clients send, in bytes.
    private static let messageBytes = 4_200

    @Argument(help: "The server's address.") var host: String
    @Argument(help: "Its port.") var port: Int
    @Argument(help: "How many connections, 1 to 64.") var connections: Int
    @Argument(help: "How many mails.") var count: Int

    func run() async throws {
        var configuration = try SMTPConfiguration(host: host, port: port, security: .unprotected)
        configuration.connectionsMax = connections
        let transport = SMTPTransport(configuration: configuration)
        let message = try Self.message()
        let sent = Tally()
        let refused = Tally()
        let start = ContinuousClock.now
        // Two senders a connection, as the courier has slots: none waits for the other's bookkeeping.
        await withDiscardingTaskGroup { group in
            for _ in 0..<(connections * 2) {
                group.addTask {
                    while sent.next() < count {
                        let reply = await transport.send(message)
                        if reply.classification != .accepted { _ = refused.next() }
                    }
                }
            }
        }
        let rate = Stopwatch.rate(count, since: start)
        await transport.shutdown(grace: .seconds(1))
        guard refused.count == 0 else {
            throw ValidationError("\(refused.count) mails were not accepted.")
        }
        print(rate)
    }

    private static func message() throws -> Message {
        let draft = MessageDraft(
            from: try Mailbox(parsing: "a@example.com"), to: try Address(parsing: "b@example.com"), subject: "x",
            date: MailDate(secondsSinceEpoch: 0),
            messageID: MessageID(notification: "1-0", recipient: "b@example.com", host: "example.com"),
            listID: ListID(rule: "bench", namespace: "example.com"), text: "x", html: "<p>x</p>")
        let composed = try draft.compose()
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 70) + [0x0D, 0x0A]
        var bytes = composed.bytes
        while bytes.count < messageBytes { bytes += line }
        return Message(
            sender: composed.sender, recipient: composed.recipient, messageID: composed.messageID, bytes: bytes)
    }
}
