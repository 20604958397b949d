package import Events
import Mail
import Rules
package import Store

/// Why a mail was made, as its notification kept it.
package struct MailExplanation: Sendable {
    package let detail: DeliveryDetail

    package init(_ detail: DeliveryDetail) {
        self.detail = detail
    }

    /// The explanation as JSON: what `mails show --json` prints without the message, and the figures of the decision.
    package var json: JSONValue {
        let notification = detail.record.notification
        let figures = notification.figures
        guard case .object(var object) = MailReport(detail: detail).json else { return .null }
        object["message"] = nil
        object["decided_at"] = .string(notification.at.rfc3339)
        object["condition"] = figures.condition.map { .string($0) } ?? .null
        object["values"] = .object(JSONObject(figures.deciding.map { ($0.name, .string($0.value)) }))
        object["throttle"] = figures.throttle.map { .string($0) } ?? .null
        object["held_back_since"] = figures.heldBackSince.map { .string($0.rfc3339) } ?? .null
        object["next_mail_at"] = figures.nextMailAt.map { .string($0.rfc3339) } ?? .null
        object["group"] = notification.group.map { .string($0) } ?? .null
        object["window"] = figures.window?.report ?? .null
        object["since"] = figures.window?.since.map { .string($0.rfc3339) } ?? .null
        object["summary"] = figures.summary?.report ?? .null
        object["breakdown"] = figures.breakdown?.report ?? .null
        object["logs"] = .array(
            figures.logs.map { .object(JSONObject([("event", .int($0.event)), ("url", .string($0.address))])) })
        object["inhibits"] = .array(figures.inhibits.map { .string($0) })
        return .object(object)
    }
}

extension Breakdown {
    /// Where the matches come from, as JSON for programs.
    package var report: JSONValue {
        var object = JSONObject([("matches", .int(Int64(total.count))), ("cost", .double(total.cost))])
        object["span_seconds"] = .int(span.components.seconds)
        object["partial"] = .bool(isPartial)
        object["rankings"] = .array(
            rankings.map { ranking in
                .object(
                    JSONObject([
                        ("fact", .string(ranking.fact.name)), ("values", .array(ranking.parts.map(Self.report))),
                    ]))
            })
        object["clusters"] = .array(
            clusters.map { cluster in
                var object = JSONObject([("error_signature", .string(cluster.signature))])
                object["matches"] = .int(Int64(cluster.count))
                object["first"] = .string(cluster.first.rfc3339)
                object["last"] = .string(cluster.last.rfc3339)
                object["event"] = .int(cluster.event)
                object["sample"] = cluster.sample.map { .string($0) } ?? .null
                return .object(object)
            })
        return .object(object)
    }

    private static func report(_ part: Part) -> JSONValue {
        var object = JSONObject([("value", part.value.map { .string($0) } ?? .null)])
        object["matches"] = .int(Int64(part.amount.count))
        object["cost"] = .double(part.amount.cost)
        object["matches_before"] = part.before.map { .int(Int64($0.count)) } ?? .null
        object["cost_before"] = part.before.map { .double($0.cost) } ?? .null
        return .object(object)
    }
}

extension SummaryFigures {
    /// What was gathered, as JSON for programs.
    package var report: JSONValue {
        var object = JSONObject([("matches", .int(Int64(count))), ("unlisted", .int(Int64(otherCount)))])
        object["from"] = .string(from.rfc3339)
        object["to"] = .string(to.rfc3339)
        object["recipient"] = recipient.map { .string($0) } ?? .null
        object["lines"] = .array(
            lines.map { line in
                var object = JSONObject([("rule", .string(line.rule))])
                object["group"] = line.group.map { .string($0) } ?? .null
                object["reason"] = .string(line.reason.rawValue)
                object["matches"] = .int(Int64(line.count))
                object["first"] = .string(line.first.rfc3339)
                object["last"] = .string(line.last.rfc3339)
                object["event"] = line.event.map { .int($0) } ?? .null
                object["error_signature"] = line.signature.map { .string($0) } ?? .null
                object["cost"] = .double(line.cost)
                return .object(object)
            })
        return .object(object)
    }
}

extension Notification {
    /// Why the mail was made, as the end of a sentence that begins with "because".
    package var cause: String {
        let group = group.map { " for \($0)" } ?? ""
        let measured = figures.window.map { ": \($0.pastSentence)" } ?? ""
        switch reason {
        case .matched:
            return "\(figures.event.map { "event \($0)" } ?? "the clock") matched the rule \(rule)"
        case .fired: return "the rule \(rule) fired\(group)\(measured)"
        case .reminder: return "the rule \(rule) was still firing\(group)\(measured)"
        case .recovered: return "the alert of the rule \(rule) recovered\(group)\(measured)"
        case .noTraffic: return "the alert of the rule \(rule) ended for want of traffic\(group)"
        case .ruleChanged: return "the alert of the rule \(rule) ended\(group), for the rule was changed or removed"
        case .firstSeen:
            return "the rule \(rule) saw a value for the first time\(figures.event.map { " in event \($0)" } ?? "")"
        case .digest: return "the digest of the rule \(rule) was due, with \(gathered)"
        case .quietEnded: return "quiet hours ended, in which \(gathered) were held back"
        case .overflow: return "`at_most` had held back \(gathered)"
        }
    }

    private var gathered: String {
        let count = figures.summary?.count ?? 0
        return "\(count) \(count == 1 ? "match" : "matches")"
    }
}
