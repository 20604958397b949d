package import Mail
import Synchronization

/// Several mail servers, of which the first that is well takes a message.
///
/// A server that cannot be reached or refuses our configuration is passed over and left alone for a while, with a
/// breaker for each of the two, and the message goes to the next one at once. It never goes on to another server once
/// its text may have arrived: what is ambiguous stays with the server where it happened. A server without SMTPUTF8 is
/// passed over by the one message that needs it, and is well for all others.
package final class FailoverTransport: MailTransport {
    /// One of the servers.
    package struct Server: Sendable {
        /// As the configuration has it, for people: `smtp://smtp.example.com:587`.
        package let name: String
        package let transport: any MailTransport

        package init(name: String, transport: any MailTransport) {
            self.name = name
            self.transport = transport
        }
    }

    private struct Health {
        /// Opens when the server cannot be reached or is unwell.
        var host = Breaker<ContinuousClock.Instant>(
            failuresMax: 2, pauseMin: .seconds(30), pauseMax: .seconds(600), successesWanted: 1)
        /// Opens at the first refusal of our configuration: more frequent wrong logins lock accounts.
        var configuration = Breaker<ContinuousClock.Instant>(
            failuresMax: 1, pauseMin: .seconds(900), pauseMax: .seconds(3_600), successesWanted: 1)
        /// What the last failure was.
        var lastFailure: Reply?
        /// When that was.
        var lastFailedAt: ContinuousClock.Instant?
        /// Since when mails go past the server; `nil` while they do not.
        var avoidedSince: ContinuousClock.Instant?

        /// Follows the breakers after a change of either.
        mutating func noteAvoidance(at now: ContinuousClock.Instant) {
            avoidedSince = host.isClosed && configuration.isClosed ? nil : avoidedSince ?? now
        }

        func avoidance(at now: ContinuousClock.Instant) -> MailServerStanding.Avoidance? {
            guard let avoidedSince, let lastFailure, let lastFailedAt else { return nil }
            return .init(
                classification: lastFailure.classification, reason: lastFailure.reason, age: now - avoidedSince,
                failing: lastFailedAt - avoidedSince,
                remaining: [host, configuration].compactMap { $0.pauseLeft(at: now) }.max())
        }
    }

    private typealias Admission = (
        host: Breaker<ContinuousClock.Instant>.Admission, configuration: Breaker<ContinuousClock.Instant>.Admission
    )

    package let connectionsMax: Int
    private let servers: [Server]
    private let health: Mutex<[Health]>

    /// - Parameter servers: at least one, the preferred one first.
    package init(_ servers: [Server]) {
        self.servers = servers
        connectionsMax = servers.map(\.transport.connectionsMax).max() ?? 1
        health = Mutex(servers.map { _ in Health() })
    }

    /// Sends the message over the first server that is well and does not fail itself.
    package func send(_ message: Message) async -> Reply {
        var passedOver: [PassedOverServer] = []
        var failure: (index: Int, reply: Reply)?
        var lacking: [(index: Int, reply: Reply)] = []
        for index in servers.indices {
            guard let admission = admit(index) else { continue }
            let reply = await servers[index].transport.send(message)
            note(reply, index, admission)
            switch reply.classification {
            case .host, .configuration:
                passedOver.append(PassedOverServer(name: servers[index].name, reply: reply))
                // A server that may be well again soon counts for more than one that needs an operator.
                if failure == nil || (failure?.reply.classification == .configuration && reply.classification == .host)
                {
                    failure = (index, reply)
                }
            case .permanent where reply.reason == .smtpUTF8NotOffered:
                passedOver.append(PassedOverServer(name: servers[index].name, reply: reply))
                lacking.append((index, reply))
            default:
                return reply.through(servers[index].name, passing: passedOver)
            }
        }
        if let first = lacking.first {
            let isFinal = lacking.count == servers.count
            return (isFinal ? first.reply : Self.mayPassLater(first.reply))
                .through(servers[first.index].name, passing: passedOver)
        }
        if let failure { return failure.reply.through(servers[failure.index].name, passing: passedOver) }
        return noneIsWell
    }

    /// The servers in their order, with the pauses in which mails go past them.
    package var serverStandings: [MailServerStanding] {
        let now = ContinuousClock.now
        return health.withLock { health in
            zip(servers, health).map { MailServerStanding(name: $0.name, avoidance: $1.avoidance(at: now)) }
        }
    }

    /// Ends all pauses.
    package func forgetFailures() {
        health.withLock { health in
            for index in health.indices {
                health[index].host.reset()
                health[index].configuration.reset()
                health[index].avoidedSince = nil
            }
        }
    }

    /// Shuts all of them down.
    package func shutdown(grace: Duration) async {
        await withDiscardingTaskGroup { group in
            for server in servers {
                group.addTask { await server.transport.shutdown(grace: grace) }
            }
        }
    }

    /// For a message that the servers which answer cannot take, while another one that may offer SMTPUTF8 does not: its
    /// own attempts are used up, and nothing of it touches other mails.
    private static func mayPassLater(_ reply: Reply) -> Reply {
        Reply(
            classification: .transient, text: "\(reply.text) Other servers cannot be asked at the moment.",
            reason: reply.reason)
    }

    /// The reply while every server is being left alone: that of the preferred one's last failure.
    private var noneIsWell: Reply {
        let last = health.withLock { $0.compactMap(\.lastFailure).first }
        return Reply(
            classification: .host,
            text: "No mail server is tried at the moment; the last one said: \(last?.text ?? "")",
            reason: last?.reason ?? .unreachable)
    }

    private func admit(_ index: Int) -> Admission? {
        let now = ContinuousClock.now
        return health.withLock { health in
            guard health[index].host.allows(at: now), health[index].configuration.allows(at: now),
                let host = health[index].host.admit(at: now),
                let configuration = health[index].configuration.admit(at: now)
            else { return nil }
            return (host, configuration)
        }
    }

    private func note(_ reply: Reply, _ index: Int, _ admission: Admission) {
        let now = ContinuousClock.now
        health.withLock { health in
            health[index].host.record(reply.classification, of: admission.host, at: now)
            switch reply.classification {
            case .configuration:
                // The breaker knows one kind of failure.
                health[index].configuration.record(.host, of: admission.configuration, at: now)
            case .host: health[index].configuration.release(admission.configuration)
            // It came before the login, of which it says nothing.
            case .permanent where reply.reason == .smtpUTF8NotOffered:
                health[index].configuration.release(admission.configuration)
            default: health[index].configuration.record(reply.classification, of: admission.configuration, at: now)
            }
            if [.host, .configuration].contains(reply.classification) {
                health[index].lastFailure = reply
                health[index].lastFailedAt = now
            }
            health[index].noteAvoidance(at: now)
        }
    }
}
