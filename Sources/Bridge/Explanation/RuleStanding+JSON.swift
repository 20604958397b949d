package import Events
package import Rules

extension RuleStanding.Group {
    /// The group as JSON: its values, the alert, what the window measures, and the throttle.
    package var json: JSONValue {
        var object = JSONObject()
        object["group"] = group.map { .string($0) } ?? .null
        object["alert"] = .string(phase)
        object["since"] = since.map { .string($0.rfc3339) } ?? .null
        object["untold"] = untold.map { .string($0.rawValue) } ?? .null
        object["window"] = window?.report ?? .null
        object["throttle"] = throttle?.json ?? .null
        object["last_event"] = lastEvent.map { .int($0) } ?? .null
        object["next_evaluation"] = nextEvaluation.map { .string($0.rfc3339) } ?? .null
        return .object(object)
    }
}

extension RuleStanding {
    /// The rule's groups as JSON, and what waits for its digest.
    package var json: JSONValue {
        var object = JSONObject([("groups", .array(groups.map(\.json))), ("group_count", .int(Int64(groupCount)))])
        object["forgotten_groups"] = .int(Int64(forgottenGroups))
        object["digest"] = digest.map { .object(JSONObject([("matches", .int(Int64($0.count)))])) } ?? .null
        object["digest_at"] = digestAt.map { .string($0.rfc3339) } ?? .null
        return .object(object)
    }
}

extension WindowFigures {
    /// What was measured, as JSON for programs.
    package var report: JSONValue {
        var object = JSONObject([("measure", .string(measure)), ("value", value.map { .double($0) } ?? .null)])
        object["threshold"] = .string(threshold)
        object["within"] = .string(within.written)
        object["samples"] = .int(Int64(samples))
        object["approximate"] = .bool(isApproximate)
        object["trend"] = .array(trend.map { .double($0) })
        object["peak"] = peak.map { .double($0) } ?? .null
        object["reminders"] = .int(Int64(reminders))
        if let budget {
            var money = JSONObject([("spent", .double(budget.spent)), ("limit", .double(budget.limit))])
            money["period_end"] = .string(budget.periodEnd.rfc3339)
            money["ends_at"] = budget.endsAt.map { .string($0.rfc3339) } ?? .null
            money["burn"] = budget.burn.map { .double($0) } ?? .null
            object["budget"] = .object(money)
        }
        return .object(object)
    }

    /// The measurement in a sentence's words: `count is 3, at least 5 in 10m`.
    package var sentence: String { sentence("is") }

    /// The same of a moment that has passed: `count was 7 (at least 5 in 10m), 7 samples`.
    package var pastSentence: String { sentence("was") }

    private func sentence(_ verb: String) -> String {
        let value = value.map(Self.short) ?? "not known yet"
        let span = measure == "time without a match" ? "" : " in \(within.written)"
        let unit = measure == "time without a match" ? " s" : ""
        return "\(measure) \(verb) \(value)\(unit) (\(threshold)\(span)), \(samples) sample\(samples == 1 ? "" : "s")"
    }

    /// A number with at most four digits behind the point.
    private static func short(_ number: Double) -> String {
        if let whole = Int64(exactly: number) { return String(whole) }
        return String((number * 10_000).rounded() / 10_000)
    }
}
