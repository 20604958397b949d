import Foundation
import Mail
import Testing

@testable import Transports

/// Messages and transports as the tests of this folder need them.
enum TestMessages {

    /// A small proper message to `recipient`@example.test with a Message-ID of its own.
    static func message(to recipient: String = "someone", body: String = "Hello.\r\n") throws -> Message {
        let messageID = "\(UUID().uuidString)@example.test"
        let text = """
            From: Hookmail <alerts@example.test>\r
            To: \(recipient)@example.test\r
            Subject: A test\r
            Date: Mon, 23 Nov 2026 12:00:00 +0000\r
            Message-ID: <\(messageID)>\r
            \r
            \(body)
            """
        return Message(
            sender: try Address(parsing: "alerts@example.test"),
            recipient: try Address(parsing: "\(recipient)@example.test"),
            messageID: messageID,
            bytes: Array(text.utf8)
        )
    }

    /// A transport to a server on loopback without protection.
    static func transport(
        port: Int, connectionsMax: Int = 1, change: (inout SMTPConfiguration) -> Void = { _ in }
    ) throws -> SMTPTransport {
        var configuration = try SMTPConfiguration(
            host: "127.0.0.1", port: port, security: .unprotected, helloName: "client.example.test"
        )
        configuration.connectionsMax = connectionsMax
        change(&configuration)
        return SMTPTransport(configuration: configuration)
    }

    /// Sends one message through a transport that is shut down afterwards.
    static func send(_ message: Message, port: Int, change: (inout SMTPConfiguration) -> Void = { _ in }) async throws
        -> Reply
    {
        let transport = try transport(port: port, change: change)
        let reply = await transport.send(message)
        await transport.shutdown(grace: .seconds(5))
        return reply
    }
}
