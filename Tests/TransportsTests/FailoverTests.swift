import Mail
import TestSupport
import Testing

@testable import Transports

/// Several servers: the first that is well takes the mail, and what went past the others is told.
@Suite(.timeLimit(.minutes(2)))
struct FailoverTests {
    static let down = Reply(classification: .host, text: "down", reason: .unreachable)
    static let denied = Reply(classification: .configuration, code: 535, text: "535 no", reason: .loginRefused)

    private func failover(_ transports: RecordingTransport...) -> FailoverTransport {
        FailoverTransport(
            transports.enumerated().map { .init(name: "smtp://server-\($0.offset)", transport: $0.element) })
    }

    private func send(_ transport: FailoverTransport) async throws -> Reply {
        await transport.send(try TestMessages.message())
    }

    @Test func theFirstTakesEverythingWhileItIsWell() async throws {
        let (first, second) = (RecordingTransport(connectionsMax: 2), RecordingTransport(connectionsMax: 5))
        let transport = failover(first, second)
        for _ in 0..<3 { #expect(try await send(transport).text == "smtp://server-0: 2.0.0 Ok: queued") }
        #expect(first.messages.count == 3 && second.messages.isEmpty)
        #expect(transport.connectionsMax == 5)
    }

    @Test func anUnwellServerIsPassedOverAndLeftAloneAfterTwoFailures() async throws {
        let first = RecordingTransport(replies: [Self.down, Self.down])
        let second = RecordingTransport()
        let transport = failover(first, second)
        for number in 1...4 {
            let reply = try await send(transport)
            #expect(reply.classification == .accepted && reply.text.hasPrefix("smtp://server-1: "))
            let wanted = number <= 2 ? [PassedOverServer(name: "smtp://server-0", reply: Self.down)] : []
            #expect(reply.passedOver == wanted)
        }
        #expect(first.messages.count == 2 && second.messages.count == 4)
    }

    /// More frequent wrong logins lock accounts.
    @Test func aServerThatRefusesTheLoginIsNotAskedAgainAtOnce() async throws {
        let first = RecordingTransport(replies: [Self.denied])
        let second = RecordingTransport()
        let transport = failover(first, second)
        for _ in 0..<3 { #expect(try await send(transport).classification == .accepted) }
        #expect(first.messages.count == 1 && second.messages.count == 3)
    }

    @Test func whichServersArePassedOverWhyAndForHowLongIsKnown() async throws {
        let first = RecordingTransport(replies: [Self.denied])
        let second = RecordingTransport(replies: [Self.down, Self.down, Self.denied])
        let transport = failover(first, second, RecordingTransport())
        #expect(transport.serverStandings.map(\.name) == (0..<3).map { "smtp://server-\($0)" })
        #expect(transport.serverStandings.allSatisfy { $0.avoidance == nil })

        _ = try await send(transport)
        let denied = try #require(transport.serverStandings[0].avoidance)
        #expect(denied.classification == .configuration && denied.reason == .loginRefused && denied.needsLook)
        #expect(try #require(denied.remaining) > .seconds(600) && denied.age < .seconds(300))
        #expect(transport.serverStandings[1].avoidance == nil, "one failure of a host leaves nobody alone")

        _ = try await send(transport)
        let down = try #require(transport.serverStandings[1].avoidance)
        #expect(down.classification == .host && down.reason == .unreachable && !down.needsLook)
        #expect(try #require(down.remaining) <= .seconds(30))
        #expect(transport.serverStandings[2].avoidance == nil && !transport.serverStandings.allNeedLook)
    }

    @Test func anOperatorsWordHasTheFirstServerTriedAgain() async throws {
        let first = RecordingTransport(replies: [Self.denied])
        let transport = failover(first, RecordingTransport())
        for _ in 0..<2 { _ = try await send(transport) }
        #expect(first.messages.count == 1)
        transport.forgetFailures()
        #expect(transport.serverStandings[0].avoidance == nil)
        #expect(try await send(transport).text.hasPrefix("smtp://server-0: "))
        #expect(first.messages.count == 2)
    }

    /// A mail that may have arrived, or that this server judged, does not go to another.
    @Test(arguments: [ReplyClass.ambiguous, .transient, .greylisted, .permanent, .recipientRefused, .notAttempted])
    func aVerdictIsNotAskedForTwice(classification: ReplyClass) async throws {
        let first = RecordingTransport(replies: [Reply(classification: classification, text: "so it is")])
        let second = RecordingTransport()
        let reply = try await send(failover(first, second))
        #expect(reply.classification == classification && reply.passedOver.isEmpty)
        #expect(second.messages.isEmpty)
    }

    @Test func whenNobodyTakesItThePassingFaultCounts() async throws {
        let transport = failover(RecordingTransport(replies: [Self.denied]), RecordingTransport(replies: [Self.down]))
        let reply = try await send(transport)
        #expect(reply.classification == .host && reply.reason == .unreachable)
        #expect(reply.passedOver.map(\.name) == ["smtp://server-0", "smtp://server-1"])
        let denied = try await send(
            failover(RecordingTransport(replies: [Self.denied]), RecordingTransport(replies: [Self.denied])))
        #expect(denied.classification == .configuration && denied.code == 535)
    }

    @Test func whileEveryServerIsLeftAloneNobodyIsAsked() async throws {
        let servers = (0..<2).map { _ in RecordingTransport(replies: [Self.denied, Self.denied]) }
        let transport = failover(servers[0], servers[1])
        _ = try await send(transport)
        let reply = try await send(transport)
        #expect(reply.classification == .host && reply.reason == .loginRefused)
        #expect(servers.map(\.messages.count) == [1, 1])
    }

    @Test func theEndEndsAllOfThem() async throws {
        let servers = (0..<3).map { _ in RecordingTransport() }
        await failover(servers[0], servers[1], servers[2]).shutdown(grace: .zero)
        #expect(servers.allSatisfy { $0.isShutDown })
    }

    /// With real connections: a port where nobody listens, and a server behind it.
    @Test func aDeadPortCostsNoMail() async throws {
        let server = try RawSMTPServer()
        let dead = try TestMessages.transport(port: try LoopbackPort.free())
        let alive = try TestMessages.transport(port: server.port)
        let transport = FailoverTransport([
            .init(name: "dead", transport: dead), .init(name: "alive", transport: alive),
        ])
        let reply = try await send(transport)
        #expect(reply.classification == .accepted && reply.passedOver.map(\.reason) == [.unreachable], "\(reply)")
        await transport.shutdown(grace: .seconds(5))
    }
}
