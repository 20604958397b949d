package import Events
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
    /// The same as troubles that operators are told of, in the same order.
    package let troubles: [Trouble]
    package let status: StoreStatus

    /// - Parameter hold: why mails are held; `nil` when they are not.
    package init(status: StoreStatus, hold: MailHold?, now: Timestamp) {
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
        if let oldest = status.oldestUnfinished, now - oldest > .seconds(Self.oldestUnfinishedSecondsMax) {
            found.append(("mails wait for more than an hour", .mailsWait))
        }
        reasons = found.map(\.reason)
        troubles = found.map(\.trouble)
        self.status = status
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
        object["oldest_unfinished_at"] = status.oldestUnfinished.map { .string($0.rfc3339) } ?? .null
        object["free_bytes"] = status.freeBytes.map { .int($0) } ?? .null
        return .object(object)
    }
}
