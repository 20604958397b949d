import Events

extension Silence {
    /// A condition that covers all mails like `notification`: those of its rule, and for the same group where it has
    /// one. `nil` for a summary, which is nobody's rule, and where the condition would be too long.
    package static func condition(for notification: Notification) -> String? {
        guard notification.reason != .quietEnded, notification.reason != .overflow else { return nil }
        var terms = ["rule == \(literal(notification.rule))"]
        let values = notification.figures.group
        if values.map(\.value) == GroupKey.other.values {
            terms.append("size(group) == 0")
        } else if notification.reason != .digest {
            terms += values.map { field in
                let name = literal(field.name)
                return field.value == GroupField.none
                    ? "!(\(name) in group)" : "group[\(name)] == \(literal(field.value))"
            }
        }
        let condition = terms.joined(separator: " && ")
        return condition.utf8.count <= conditionBytesMax ? condition : nil
    }

    /// A condition that covers all mails of a notification's rule, for somebody who unsubscribes from it.
    package static func condition(forRuleOf notification: Notification) -> String? {
        guard notification.reason != .quietEnded, notification.reason != .overflow else { return nil }
        return "rule == \(literal(notification.rule))"
    }

    /// The name of the rule that a condition of `condition(forRuleOf:)` covers, or `nil` for any other condition.
    var unsubscribedRule: String? {
        let beginning = "rule == "
        guard condition.hasPrefix(beginning) else { return nil }
        return (try? JSONValue.decode(Array(condition.dropFirst(beginning.count).utf8)))?.string
    }

    /// A text as CEL writes it; what JSON escapes, CEL escapes in the same way.
    private static func literal(_ text: String) -> String {
        String(decoding: JSONValue.string(text).encoded(), as: UTF8.self)
    }
}
