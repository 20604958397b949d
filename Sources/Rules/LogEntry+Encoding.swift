package import Events

/// The stored form of a change: a kind for the table's column and one JSON object.
extension LogEntry.Change {
    /// The longest payload in bytes: the text of any rule set, in which JSON puts a sign before every quotation mark
    /// and backslash, and what stands around it.
    package static let payloadBytesMax = 2 * RuleSet.textBytesMax + 4_096

    /// The word for the kind of change.
    package var kind: String {
        switch self {
        case .event: "event"
        case .ruleSet: "rule_set"
        case .notificationEnded: "notification_ended"
        case .operatorAction: "operator_action"
        case .clock: "clock"
        case .clockStep: "clock_step"
        }
    }

    /// Everything but the kind, as JSON.
    package var payload: [UInt8] {
        var object = JSONObject()
        switch self {
        case .event(let event):
            return Self.payload(of: event)
        case .ruleSet(let hash, let text):
            object["hash"] = .string(hash)
            object["text"] = .string(text)
        case .notificationEnded(let end):
            object["notification"] = .string(end.notification)
            object["rule"] = .string(end.rule)
            object["outcome"] = .string(end.outcome.rawValue)
        case .operatorAction(let action):
            object = Self.members(of: action)
        case .clock:
            break
        case .clockStep(let step):
            object["by"] = .int(step.wholeMicroseconds)
        }
        return JSONValue.object(object).encoded()
    }

    private static func payload(of event: LoggedEvent) -> [UInt8] {
        var object = JSONObject()
        object["id"] = .int(event.id)
        object["source"] = .string(event.key.source)
        object["type"] = .string(event.key.type)
        object["key"] = .string(event.key.id)
        object["origin"] = .string(event.key.origin.rawValue)
        object["received_at"] = .int(event.receivedAt.microseconds)
        object["revision"] = .bool(event.isRevision)
        var bytes = JSONValue.object(object).encoded()
        bytes.removeLast()
        bytes += Array(#","facts":"#.utf8)
        bytes += event.facts.encoded()
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Reads what `kind` and `payload` gave. An unknown kind, or a member that is missing or of another kind, is
    /// `.notAnObject`: the row is not one of ours, or of a newer version.
    package init(kind: String, payload: [UInt8]) throws(JSONFault) {
        guard payload.count <= Self.payloadBytesMax else { throw JSONFault(.tooLong, at: Self.payloadBytesMax) }
        let value = try JSONValue.decode(payload)
        switch kind {
        case "event":
            self = .event(try Self.event(value))
        case "rule_set":
            guard let hash = value["hash"]?.string, let text = value["text"]?.string else { throw Self.fault }
            self = .ruleSet(hash: hash, text: text)
        case "notification_ended":
            guard let notification = value["notification"]?.string, let rule = value["rule"]?.string,
                let outcome = value["outcome"]?.string.flatMap(NotificationEnd.Outcome.init(rawValue:))
            else { throw Self.fault }
            self = .notificationEnded(NotificationEnd(notification: notification, rule: rule, outcome: outcome))
        case "operator_action":
            self = .operatorAction(try Self.operatorAction(value))
        case "clock":
            self = .clock
        case "clock_step":
            guard let step = value["by"]?.int else { throw Self.fault }
            self = .clockStep(by: .microseconds(step))
        default:
            throw Self.fault
        }
    }

    private static func members(of action: OperatorAction) -> JSONObject {
        var object = JSONObject()
        switch action {
        case .retry(let delivery):
            object["action"] = .string("retry")
            object["delivery"] = .int(delivery)
        case .cancel(let delivery):
            object["action"] = .string("cancel")
            object["delivery"] = .int(delivery)
        case .silenceAdded(let silence):
            object["action"] = .string("silence")
            object["silence"] = silence.json
        case .silenceEnded(let id):
            object["action"] = .string("end_silence")
            object["silence"] = .string(id)
        }
        return object
    }

    private static func operatorAction(_ value: JSONValue) throws(JSONFault) -> OperatorAction {
        switch value["action"]?.string {
        case "retry":
            if let delivery = value["delivery"]?.int { return .retry(delivery: delivery) }
        case "cancel":
            if let delivery = value["delivery"]?.int { return .cancel(delivery: delivery) }
        case "silence":
            if let silence = value["silence"].flatMap(Silence.init(json:)) { return .silenceAdded(silence) }
        case "end_silence":
            if let id = value["silence"]?.string { return .silenceEnded(id: id) }
        default: break
        }
        throw fault
    }

    private static var fault: JSONFault { JSONFault(.notAnObject, at: 0) }

    private static func event(_ value: JSONValue) throws(JSONFault) -> LoggedEvent {
        guard let id = value["id"]?.int, let source = value["source"]?.string, let type = value["type"]?.string,
            let key = value["key"]?.string,
            let origin = value["origin"]?.string.flatMap(EventKey.Origin.init(rawValue:)),
            let receivedAt = value["received_at"]?.int, let isRevision = value["revision"]?.bool,
            let facts = value["facts"]
        else { throw fault }
        return LoggedEvent(
            id: id, key: EventKey(source: source, type: type, id: key, origin: origin),
            receivedAt: Timestamp(microseconds: receivedAt), isRevision: isRevision,
            facts: try Facts(decoding: facts.encoded())
        )
    }
}
