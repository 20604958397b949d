package import Events
package import Rules

extension EngineMemory {
    /// The most rules that a status names.
    static let statusRulesMax = 20

    /// What the rules remember in all, and those that take most.
    package var json: JSONValue {
        var object = JSONObject([("groups", .int(Int64(groups))), ("bytes", .int(Int64(bytes)))])
        object["largest_rules"] = .array(
            largest(Self.statusRulesMax).map { line in
                var members = JSONObject([("rule", .string(line.rule))])
                members["groups"] = .int(Int64(line.groups))
                members["bytes"] = .int(Int64(line.bytes))
                return .object(members)
            })
        return .object(object)
    }
}

extension EngineMemory.Line {
    /// What the rule remembers.
    package var json: JSONValue {
        .object(JSONObject([("groups", .int(Int64(groups))), ("bytes", .int(Int64(bytes)))]))
    }
}
