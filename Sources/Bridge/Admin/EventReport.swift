package import Events
package import Rules
package import Store

/// An event as the admin API and `--json` show it. Facts only: content and credentials are not among them.
package struct EventReport: Sendable {
    package let record: EventRecord
    /// What each rule made of it, when asked for; `nil` in lists.
    package let decisions: [Decision]?

    package init(record: EventRecord, decisions: [Decision]? = nil) {
        self.record = record
        self.decisions = decisions
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["id"] = .int(record.id)
        object["source"] = .string(record.key.source)
        object["type"] = .string(record.key.type)
        object["key"] = .string(record.key.id)
        object["key_origin"] = .string(record.key.origin.rawValue)
        object["received_at"] = .string(record.receivedAt.rfc3339)
        object["revision"] = .bool(record.isRevision)
        object["position"] = record.position.map { .int($0) } ?? .null
        object["body_bytes"] = .int(record.bodyBytes)
        object["facts"] = record.facts.event
        if let decisions { object["decisions"] = .array(decisions.map(\.json)) }
        return .object(object)
    }
}

extension Decision {
    /// The decision as JSON: rule, outcome, and the mail or the reason.
    package var json: JSONValue {
        var object = JSONObject()
        object["position"] = .int(position)
        object["at"] = .string(at.rfc3339)
        object["event"] = event.map { .int($0) } ?? .null
        object["rule"] = .string(rule)
        object["group"] = group.map { .string($0) } ?? .null
        switch outcome {
        case .notified(let notification):
            object["outcome"] = .string("notified")
            object["notification"] = .string(notification)
        case .suppressed(let reason):
            object["outcome"] = .string("suppressed")
            object["reason"] = .string(reason.rawValue)
        case .faulted(let text):
            object["outcome"] = .string("faulted")
            object["reason"] = .string(text)
        }
        return .object(object)
    }
}
