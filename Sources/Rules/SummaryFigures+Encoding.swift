import Events

/// The stored form of a summary: a JSON object in that of its notification, and in the rows of engine state.
extension SummaryFigures {
    var json: JSONValue {
        var object = JSONObject()
        object["from"] = .int(from.microseconds)
        object["to"] = .int(to.microseconds)
        object["recipient"] = recipient.map { .string($0) }
        if let events { object["events"] = .array([.int(events.lowerBound), .int(events.upperBound)]) }
        object["lines"] = .array(lines.map(\.json))
        object["other"] = .int(Int64(otherCount))
        if !otherRules.isEmpty {
            var rules = JSONObject()
            for (rule, count) in otherRules.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                rules[rule] = .int(Int64(count))
            }
            object["other_rules"] = .object(rules)
        }
        return .object(object)
    }

    init?(_ json: JSONValue) {
        guard let from = json["from"]?.int, let to = json["to"]?.int, let lines = json["lines"]?.array else {
            return nil
        }
        self.init(from: Timestamp(microseconds: from), recipient: json["recipient"]?.string)
        self.to = Timestamp(microseconds: to)
        if let bounds = json["events"]?.array, bounds.count == 2, let first = bounds[0].int, let last = bounds[1].int,
            first <= last
        {
            events = first...last
        }
        self.lines = lines.compactMap(Line.init)
        otherCount = Int(clamping: json["other"]?.int ?? 0)
        for (rule, count) in json["other_rules"]?.object?.members ?? [] {
            otherRules[rule] = count.int.map { Int(clamping: $0) }
        }
    }
}

extension SummaryFigures.Line {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["rule"] = .string(rule)
        object["group"] = group.map { .string($0) }
        object["reason"] = .string(reason.rawValue)
        object["severity"] = .string(severity.rawValue)
        object["count"] = .int(Int64(count))
        object["first"] = .int(first.microseconds)
        object["last"] = .int(last.microseconds)
        object["event"] = event.map { .int($0) }
        object["signature"] = signature.map { .string($0) }
        object["cost"] = .double(cost)
        if let groupValues {
            object["values"] = .array(groupValues.map { .array([.string($0.name), .string($0.value)]) })
        }
        if !keptFrom.isEmpty { object["kept_from"] = .array(keptFrom.map { .string($0) }) }
        return .object(object)
    }

    fileprivate init?(_ json: JSONValue) {
        guard let rule = json["rule"]?.string,
            let reason = json["reason"]?.string.flatMap(NotificationReason.init(rawValue:)),
            let severity = json["severity"]?.string.flatMap(Severity.init(rawValue:)),
            let count = json["count"]?.int, let first = json["first"]?.int, let last = json["last"]?.int
        else { return nil }
        self.init(
            rule: rule, group: json["group"]?.string, reason: reason, severity: severity, count: Int(clamping: count),
            first: Timestamp(microseconds: first), last: Timestamp(microseconds: last), event: json["event"]?.int,
            signature: json["signature"]?.string, cost: json["cost"]?.number ?? 0)
        groupValues = json["values"]?.array?.compactMap { pair in
            guard let pair = pair.array, pair.count == 2, let name = pair[0].string, let value = pair[1].string else {
                return nil
            }
            return .init(name: name, value: value)
        }
        keptFrom = json["kept_from"]?.array?.compactMap(\.string) ?? []
    }
}
