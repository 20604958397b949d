package import Events
package import Expressions

extension Trace.Part {
    /// The part as JSON: `text`, `state` with what belongs to it, and the `parts` below.
    ///
    /// States are `value` (with `value`), `absent` (with `missing`, a field's name or null), `fault` (with `message`),
    /// `not_evaluated`, and `each` (with `outcomes` of the same form and their `count`).
    package var json: JSONValue {
        var object = JSONObject([("text", .string(text))])
        object = JSONObject(object.members + outcome.json.members)
        if let definition { object["let"] = .string(definition) }
        if let hint { object["hint"] = .string(hint) }
        object["parts"] = .array(parts.map(\.json))
        return .object(object)
    }
}

extension Trace.Outcome {
    fileprivate var json: JSONObject {
        switch self {
        case .value(let value): JSONObject([("state", .string("value")), ("value", value.json)])
        case .absent(let name):
            JSONObject([("state", .string("absent")), ("missing", name.map { .string($0) } ?? .null)])
        case .fault(let fault):
            JSONObject([
                ("state", .string("fault")), ("fault", .string(fault.kind.rawValue)),
                ("message", .string(fault.message)),
            ])
        case .notEvaluated: JSONObject([("state", .string("not_evaluated"))])
        case .each(let outcomes, let count):
            JSONObject([
                ("state", .string("each")), ("count", .int(Int64(count))),
                ("outcomes", .array(outcomes.map { .object($0.json) })),
            ])
        }
    }
}

extension Verdict {
    /// The verdict in one word: `yes`, `no`, `absent`, `fault`.
    package var word: String {
        switch self {
        case .yes: "yes"
        case .no: "no"
        case .absent: "absent"
        case .fault: "fault"
        }
    }
}
