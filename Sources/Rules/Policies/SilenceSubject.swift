import Events
import Expressions

/// What a silence is asked about: a mail that a rule wants to send, with the event behind it where there is one.
package struct SilenceSubject: Sendable {
    package let rule: String
    package let severity: Severity
    /// The names of the rule's `per` and the values of the group, empty for a rule without groups.
    package let group: [(name: String, value: String)]
    /// `nil` for what time alone decides: a reminder, a recovery, a digest.
    package let event: LoggedEvent?

    package init(rule: String, severity: Severity, group: [(name: String, value: String)], event: LoggedEvent?) {
        self.rule = rule
        self.severity = severity
        self.group = group
        self.event = event
    }

    /// What conditions call these, beside the facts, and of which types they are.
    static let types: [String: StaticType] = [
        "rule": .known(.string), "severity": .known(.string), "group": .known(.map),
    ]

    /// The values of all names. Where there is no event, the values of the group stand for its facts, so that
    /// `provider_id == "openai"` covers the alert of that group and its recovery alike.
    func activation(at now: Timestamp) -> Activation {
        let bindings: [String: Value] = [
            "rule": .string(rule), "severity": .string(severity.rawValue), "group": Value(event: .object(groupObject)),
        ]
        guard let event else {
            let facts = (try? Facts(decoding: JSONValue.object(factObject).encoded())) ?? .none
            return Activation(facts: facts, source: "", receivedAt: now, bindings: bindings)
        }
        return Activation(
            facts: event.facts, source: event.key.source, receivedAt: event.receivedAt, bindings: bindings)
    }

    /// The group as conditions see it.
    var groupObject: JSONObject {
        JSONObject(group.filter { $0.value != GroupField.none }.map { ($0.name, .string($0.value)) })
    }

    /// The facts that the group's values tell of.
    var factObject: JSONObject {
        var object = JSONObject()
        var metadata = JSONObject()
        for (name, value) in group where value != GroupField.none {
            if name.hasPrefix("metadata.") {
                metadata[String(name.dropFirst("metadata.".count))] = .string(value)
                continue
            }
            guard let fact = Fact.named(name) else { continue }
            switch fact.type {
            case .int: object[fact.name] = Int64(value).map { .int($0) }
            case .double: object[fact.name] = Double(value).map { .double($0) }
            case .bool: object[fact.name] = Bool(value).map { .bool($0) }
            default: object[fact.name] = .string(value)
            }
        }
        if !metadata.isEmpty { object["metadata"] = .object(metadata) }
        return object
    }
}
