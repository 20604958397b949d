package import Events
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
    package let status: StoreStatus

    /// - Parameter hold: why mails are held; `nil` when they are not.
    package init(status: StoreStatus, hold: MailHold?, now: Timestamp) {
        var reasons: [String] = []
        if !status.accepts { reasons.append("store does not take events: disk nearly full") }
        if status.unevaluated > 0, let oldest = status.oldestUnevaluated,
            now - oldest > .seconds(Self.oldestUnevaluatedSecondsMax)
        {
            reasons.append("events wait for evaluation")
        }
        if let hold { reasons.append("mails are held: \(hold.words)") }
        if let oldest = status.oldestUnfinished, now - oldest > .seconds(Self.oldestUnfinishedSecondsMax) {
            reasons.append("mails wait for more than an hour")
        }
        self.reasons = reasons
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
