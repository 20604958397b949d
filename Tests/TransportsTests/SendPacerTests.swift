import Mail
import TestSupport
import Testing

@testable import Transports

/// No more messages in any span than the rate allows.
@Suite(.timeLimit(.minutes(2)))
struct SendPacerTests {
    @Test(arguments: [1, 3, 10])
    func noSpanHoldsMoreThanTheRate(count: Int) {
        var random = SeededRandom(seed: UInt64(count) &* 7_919)
        let pacer = SendPacer(SendRate(count: count, span: .seconds(60)))
        var now = ContinuousClock.now
        var given: [ContinuousClock.Instant] = []
        for _ in 0..<500 {
            now = now.advanced(by: .milliseconds(Int64.random(in: 0...20_000, using: &random)))
            let instant = pacer.reserve(now: now)
            #expect(instant >= now)
            given.append(instant)
        }
        #expect(given == given.sorted(), "in the order of asking")
        for (index, instant) in given.enumerated() where index >= count {
            #expect(instant - given[index - count] >= .seconds(60))
        }
        // And no later than needed: whoever waits waits for the span alone.
        #expect(zip(given.indices, given).contains { $0 >= count && $1 - given[$0 - count] == .seconds(60) })
    }

    @Test func messagesWaitForTheirTurnAndAllGo() async throws {
        let server = try RawSMTPServer()
        let transport = try TestMessages.transport(port: server.port, connectionsMax: 4) {
            $0.rate = SendRate(count: 2, span: .milliseconds(300))
        }
        let start = ContinuousClock.now
        await withTaskGroup(of: ReplyClass.self) { group in
            for _ in 0..<7 {
                group.addTask { (try? await transport.send(TestMessages.message()).classification) ?? .host }
            }
            for await classification in group { #expect(classification == .accepted) }
        }
        #expect(ContinuousClock.now - start >= .milliseconds(900))
        await transport.shutdown(grace: .seconds(5))
    }

    @Test func aShutdownWakesWhoWaits() async throws {
        let server = try RawSMTPServer()
        let transport = try TestMessages.transport(port: server.port) {
            $0.rate = SendRate(count: 1, span: .seconds(3_600))
        }
        #expect(try await transport.send(TestMessages.message()).classification == .accepted)
        let message = try TestMessages.message()
        async let waiting = transport.send(message)
        try await Task.sleep(for: .milliseconds(100))
        await transport.shutdown(grace: .seconds(5))
        #expect(await waiting.classification == .notAttempted)
        #expect(await transport.send(message).classification == .notAttempted)
    }
}
