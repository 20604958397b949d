package import Events
package import Mail
package import Rendering
package import Store

/// Whether Hookmail can do its whole job now, and what stands in the way: the answer of `/readyz`.
package struct Readiness: Sendable {
    /// A backlog of mails older than this makes the bridge not ready, in seconds.
    package static let oldestUnfinishedSecondsMax: Int64 = 3_600

    /// Log entries that wait for evaluation longer than this make the bridge not ready, in seconds: evaluation takes
    /// milliseconds, so it stands still.
    package static let oldestUnevaluatedSecondsMax: Int64 = 60

    /// Constant words; empty when ready.
    package let reasons: [String]
    /// What operators are told of: the same in the same order, and what does not stand in the way yet.
    package let troubles: [Trouble]
    package let status: StoreStatus
    private let servers: [MailServerStanding]
    private let now: Timestamp

    /// - Parameters:
    ///   - hold: why mails are held; `nil` when they are not.
    ///   - servers: how each of several mail servers stands; empty where there is only one.
    package init(status: StoreStatus, hold: MailHold?, servers: [MailServerStanding], now: Timestamp) {
        var found: [(reason: String, trouble: Trouble)] = []
        if !status.accepts {
            found.append(
                ("store does not take events: disk nearly full", .storeFull(freeBytes: status.freeBytes)))
        }
        if status.unevaluated > 0, let oldest = status.oldestUnevaluated,
            now - oldest > .seconds(Self.oldestUnevaluatedSecondsMax)
        {
            found.append(("events wait for evaluation", .evaluationStands))
        }
        if let hold { found.append(("mails are held: \(hold.words)", .held(words: hold.words))) }
        let words = servers.first?.avoidance?.words ?? ""
        if hold == nil, servers.allNeedLook {
            found.append(("no mail server takes mails: \(words)", .held(words: words)))
        }
        if let oldest = status.oldestUnfinished, now - oldest > .seconds(Self.oldestUnfinishedSecondsMax) {
            found.append(("mails wait for more than an hour", .mailsWait))
        }
        reasons = found.map(\.reason)
        troubles = found.map(\.trouble) + Self.passedOver(servers)
        self.status = status
        self.servers = servers
        self.now = now
    }

    /// Servers that mails go past for so long that somebody has to look, while another one takes them.
    private static func passedOver(_ servers: [MailServerStanding]) -> [Trouble] {
        guard !servers.allNeedLook else { return [] }
        return servers.compactMap { server in
            guard let avoidance = server.avoidance, avoidance.needsLook else { return nil }
            return .serverPassedOver(server.name, words: avoidance.words)
        }
    }

    /// Whether there is nothing in the way.
    package var isReady: Bool { reasons.isEmpty }

    package var json: JSONValue {
        var object = JSONObject()
        object["status"] = .string(isReady ? "ready" : "not ready")
        object["reasons"] = .array(reasons.map { .string($0) })
        object["events"] = .int(status.events)
        object["unevaluated"] = .int(status.unevaluated)
        var mails = JSONObject()
        for state in DeliveryState.allCases { mails[state.rawValue] = .int(status.deliveries[state] ?? 0) }
        object["mails"] = .object(mails)
        object["mail_servers"] = .array(servers.map { $0.json(at: now) })
        object["oldest_unfinished_at"] = status.oldestUnfinished.map { .string($0.rfc3339) } ?? .null
        object["free_bytes"] = status.freeBytes.map { .int($0) } ?? .null
        return .object(object)
    }
}

extension MailServerStanding {
    /// How the server stands, as the admin API shows it.
    fileprivate func json(at now: Timestamp) -> JSONValue {
        var object = JSONObject()
        object["server"] = .string(name)
        object["passed_over"] = avoidance.map { $0.json(at: now) } ?? .null
        return .object(object)
    }
}

extension MailServerStanding.Avoidance {
    /// Why and until when mails go past the server; `until` is null when the next mail tries it, or one does already.
    fileprivate func json(at now: Timestamp) -> JSONValue {
        var object = JSONObject()
        object["class"] = .string(classification.rawValue)
        object["reason"] = reason.map { .string($0.rawValue) } ?? .null
        object["problem"] = .string(words)
        object["since"] = .string(now.advanced(by: .zero - age).rfc3339)
        object["until"] = remaining.map { .string(now.advanced(by: $0).rfc3339) } ?? .null
        return .object(object)
    }
}
