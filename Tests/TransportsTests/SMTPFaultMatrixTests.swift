import Mail
import TestSupport
import Testing

@testable import Transports

/// Every fault of `smtp-sink` at every point of the conversation comes to the right class.
@Suite(.enabled(if: SMTPSink.program != nil, "smtp-sink is not installed"), .timeLimit(.minutes(3)))
struct SMTPFaultMatrixTests {
    /// One cell: the option of `smtp-sink`, the command it strikes at, and what has to come of it.
    struct Cell: Sendable, CustomTestStringConvertible {
        let option: String
        let command: String
        let expected: ReplyClass
        var testDescription: String { "smtp-sink \(option) \(command) is \(expected)" }
    }

    static let cells: [Cell] = [
        // -r: a soft refusal, 450 4.3.0.
        Cell(option: "-r", command: "CONNECT", expected: .host),
        Cell(option: "-r", command: "EHLO", expected: .accepted),
        Cell(option: "-r", command: "MAIL", expected: .transient),
        Cell(option: "-r", command: "RCPT", expected: .greylisted),
        Cell(option: "-r", command: "DATA", expected: .transient),
        Cell(option: "-r", command: ".", expected: .transient),
        // -f: a hard refusal, 500 5.3.0. Without TLS, libcurl tries HELO after EHLO.
        Cell(option: "-f", command: "CONNECT", expected: .host),
        Cell(option: "-f", command: "EHLO", expected: .accepted),
        Cell(option: "-f", command: "MAIL", expected: .configuration),
        Cell(option: "-f", command: "RCPT", expected: .permanent),
        Cell(option: "-f", command: "DATA", expected: .permanent),
        Cell(option: "-f", command: ".", expected: .permanent),
        // -q: hangs up without a reply.
        Cell(option: "-q", command: "CONNECT", expected: .host),
        Cell(option: "-q", command: "EHLO", expected: .host),
        Cell(option: "-q", command: "MAIL", expected: .host),
        Cell(option: "-q", command: "RCPT", expected: .host),
        Cell(option: "-q", command: "DATA", expected: .host),
        Cell(option: "-q", command: ".", expected: .ambiguous),
        // -Q: says 421 and hangs up.
        Cell(option: "-Q", command: "CONNECT", expected: .host),
        Cell(option: "-Q", command: "EHLO", expected: .host),
        Cell(option: "-Q", command: "MAIL", expected: .host),
        Cell(option: "-Q", command: "RCPT", expected: .host),
        Cell(option: "-Q", command: "DATA", expected: .host),
        Cell(option: "-Q", command: ".", expected: .host),
    ]

    @Test(arguments: cells)
    func faultHasItsClass(_ cell: Cell) async throws {
        let sink = try await SMTPSink([cell.option, cell.command])
        let reply = try await TestMessages.send(TestMessages.message(), port: sink.port)
        #expect(reply.classification == cell.expected, "\(reply)")
        #expect(!reply.text.isEmpty)
        #expect(!reply.text.utf8.contains { $0 < 0x20 })
    }

    @Test func manyMailsOverFourConnectionsArrive() async throws {
        let sink = try await SMTPSink()
        let transport = try TestMessages.transport(port: sink.port, connectionsMax: 4)
        let messages = try (0..<200).map { _ in try TestMessages.message() }
        let replies: [Reply] = await withTaskGroup(of: Reply.self) { group in
            for message in messages { group.addTask { await transport.send(message) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        await transport.shutdown(grace: .seconds(5))
        #expect(replies.count == 200)
        #expect(replies.allSatisfy { $0.classification == .accepted })
    }
}
