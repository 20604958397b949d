package import Events
package import Mail
import Rules
package import Store

/// A mail as the admin API and `--json` show it.
package struct MailReport: Sendable {
    package let record: DeliveryRecord
    /// Attempts and message, when asked for; `nil` in lists.
    package let detail: DeliveryDetail?
    /// The mails of the same notification to other recipients; `nil` when nobody asked.
    package let siblings: [DeliveryRecord]?

    package init(record: DeliveryRecord) {
        self.record = record
        self.detail = nil
        self.siblings = nil
    }

    /// - Parameter siblings: the mails of the same notification; this one among them is left out.
    package init(detail: DeliveryDetail, siblings: [DeliveryRecord]? = nil) {
        self.record = detail.record
        self.detail = detail
        self.siblings = siblings?.filter { $0.id != detail.record.id }
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["id"] = .int(record.id)
        object["state"] = .string(record.state.rawValue)
        object["recipient"] = .string(record.recipient)
        object["rule"] = .string(record.notification.rule)
        object["severity"] = .string(record.notification.severity.rawValue)
        object["reason"] = .string(record.notification.reason.rawValue)
        object["notification"] = .string(record.notification.id)
        object["event"] = record.notification.figures.event.map { .int($0) } ?? .null
        object["held_back"] = .int(Int64(record.notification.figures.heldBack))
        object["attempts"] = .int(Int64(record.attempts))
        object["created_at"] = .string(record.createdAt.rfc3339)
        object["next_attempt_at"] = record.nextAttemptAt.map { .string($0.rfc3339) } ?? .null
        object["ended_at"] = record.endedAt.map { .string($0.rfc3339) } ?? .null
        object["last_reply"] = record.lastReply?.json ?? .null
        object["template_fault"] = record.templateFault.map { .string($0) } ?? .null
        let withheld = record.notification.figures.withheld
        object["withheld"] = .object(JSONObject(withheld.map { ($0.recipient, .string($0.reason.rawValue)) }))
        object["silenced_by"] = .object(
            JSONObject(withheld.compactMap { held in held.silence.map { (held.recipient, .string($0)) } }))
        if let detail {
            if let siblings { object["also_to"] = .array(siblings.map(Self.sibling)) }
            let files = detail.message.map { ReadableMessage($0.bytes).attachments } ?? []
            object["attachments"] = .array(files.map(\.json))
            object["message_id"] = detail.message.map { .string($0.messageID) } ?? .null
            object["attempt_log"] = .array(detail.attempts.map(\.json))
            object["message"] = detail.message.map { .string(String(decoding: $0.bytes, as: UTF8.self)) } ?? .null
        }
        return .object(object)
    }

    private static func sibling(_ record: DeliveryRecord) -> JSONValue {
        var object = JSONObject()
        object["id"] = .int(record.id)
        object["recipient"] = .string(record.recipient)
        object["state"] = .string(record.state.rawValue)
        object["last_reply"] = record.lastReply?.json ?? .null
        return .object(object)
    }
}

extension ReadableMessage.File {
    /// The file as JSON: name, type and size.
    fileprivate var json: JSONValue {
        .object(JSONObject([("name", .string(name)), ("type", .string(type)), ("bytes", .int(Int64(bytes)))]))
    }
}

extension RefusedRecipient {
    /// The address as the admin API and `--json` show it.
    package var json: JSONValue {
        var object = JSONObject()
        object["recipient"] = .string(address)
        object["since"] = .string(since.rfc3339)
        object["last_at"] = .string(last.rfc3339)
        object["mails"] = .int(Int64(mails))
        object["suppressed"] = .int(Int64(suppressed))
        object["last_mail"] = .int(lastMail)
        object["last_reply"] = reply.json
        return .object(object)
    }
}

extension Reply {
    /// The reply as JSON: class, reason, codes and the server's words.
    package var json: JSONValue {
        var object = JSONObject()
        object["class"] = .string(classification.rawValue)
        object["reason"] = reason.map { .string($0.rawValue) } ?? .null
        object["code"] = code.map { .int(Int64($0)) } ?? .null
        object["enhanced_code"] = enhancedCode.map { .string($0) } ?? .null
        object["text"] = .string(text)
        return .object(object)
    }
}

extension AttemptRecord {
    /// One attempt as JSON.
    package var json: JSONValue {
        var object = JSONObject()
        object["attempt"] = .int(Int64(ordinal))
        object["started_at"] = .string(startedAt.rfc3339)
        object["ended_at"] = endedAt.map { .string($0.rfc3339) } ?? .null
        object["reply"] = reply?.json ?? .null
        return .object(object)
    }
}
