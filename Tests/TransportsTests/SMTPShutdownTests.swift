import Mail
import TestSupport
import Testing

@testable import Transports

/// The end of a transport comes within its grace, whatever the server does.
@Suite(.timeLimit(.minutes(2)))
struct SMTPShutdownTests {
    @Test(arguments: ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."])
    func silentServerIsCutAfterTheGrace(_ point: String) async throws {
        let server = try RawSMTPServer(.init(answers: [point: .silence]))
        let transport = try TestMessages.transport(port: server.port)
        let message = try TestMessages.message()
        async let reply = transport.send(message)
        let awaited = point == "CONNECT" ? nil : point == "." ? "DATA" : point
        do {
            _ = try await server.records { records in
                records.first.map { awaited == nil || $0.commands.last?.hasPrefix(awaited ?? "") == true } ?? false
            }
        } catch {
            // Leaving would wait for the reply, and the server is silent.
            await transport.shutdown(grace: .zero)
            throw error
        }
        let elapsed = await ContinuousClock().measure { await transport.shutdown(grace: .milliseconds(300)) }
        #expect(elapsed < .seconds(15))
        let outcome = await reply
        // The text may still be on its way when the server has only asked for it.
        let expected: [ReplyClass] = point == "." ? [.ambiguous, .notAttempted] : [.notAttempted]
        #expect(expected.contains(outcome.classification), "\(outcome)")
    }

    @Test func mailUnderWayIsFinishedWithinTheGrace() async throws {
        let server = try RawSMTPServer(.init(answers: [".": .sendAfter(.milliseconds(500), "250 2.0.0 taken\r\n")]))
        let transport = try TestMessages.transport(port: server.port)
        let message = try TestMessages.message()
        async let reply = transport.send(message)
        do {
            _ = try await server.records { $0.first?.texts.count == 1 }
        } catch {
            await transport.shutdown(grace: .zero)
            throw error
        }
        await transport.shutdown(grace: .seconds(20))
        #expect(await reply.classification == .accepted)
    }

    @Test func silenceAtQuitDelaysNothing() async throws {
        let server = try RawSMTPServer(.init(answers: ["QUIT": .silence]))
        let transport = try TestMessages.transport(port: server.port, connectionsMax: 3)
        #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        let elapsed = await ContinuousClock().measure { await transport.shutdown(grace: .seconds(60)) }
        #expect(elapsed < .seconds(15))
        _ = try await server.records { $0.first?.commands.last == "QUIT" }
    }

    @Test func waitingMailsAreGivenBackUnbegun() async throws {
        let server = try RawSMTPServer(.init(answers: ["MAIL": .silence]))
        let transport = try TestMessages.transport(port: server.port)
        let messages = try (0..<5).map { _ in try TestMessages.message() }
        let replies: [Reply] = await withTaskGroup(of: Reply.self) { group in
            for message in messages { group.addTask { await transport.send(message) } }
            _ = try? await server.records { $0.first?.commands.count == 2 }
            await transport.shutdown(grace: .milliseconds(100))
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.count == 5)
        #expect(replies.allSatisfy { $0.classification == .notAttempted })
        #expect(try await transport.send(TestMessages.message()).text.hasPrefix("Not begun"))
        await transport.shutdown(grace: .zero)
    }
}
