package import Events
import Expressions
package import Rules
package import Store

/// A rule of the file as `hookmail rules` shows it, with what the store knows of it.
package struct RuleReport: Sendable {
    package let rule: Rule
    /// `nil` without throttle or store.
    package let throttle: ThrottleStanding?
    /// `nil` without a store, and for a rule that has never matched.
    package let count: RuleCount?
    /// How its groups stand; `nil` without a store, and for a rule that is not in force as the file has it.
    package let standing: RuleStanding?
    /// About what it remembers; `nil` without a store, and for a rule that is not in force as the file has it.
    package let memory: EngineMemory.Line?

    /// When the rule last matched, as far as is kept: a window counts matches that make no decision. `nil` without one.
    package var lastMatch: Timestamp? {
        [count?.latest, rule.window == nil ? nil : standing?.lastCounted].compactMap { $0 }.max()
    }

    /// How many mails the rule makes, in words: its throttle as written, or what its mails are about.
    package var pace: String {
        if let throttle = rule.throttle { return throttle.text }
        if rule.digest != nil { return "one mail a digest" }
        guard let window = rule.window else { return "a mail for every match" }
        if case .firstSeen = window.measure { return "one mail a new value" }
        let others = [window.remind == nil ? nil : "its reminders", window.resolves ? "its end" : nil]
        let list = others.compactMap { $0 }.joined(separator: " and ")
        return "one mail an alert" + (list.isEmpty ? "" : ", beside \(list)")
    }

    /// The rules of a set in the order of the file.
    ///
    /// - Parameter store: `nil` where none has been made yet.
    package static func all(
        _ ruleSet: RuleSet, in store: (any StoreReading)?, now: Timestamp
    ) async throws(StoreError) -> [RuleReport] {
        guard let store else {
            return ruleSet.rules.map { RuleReport(rule: $0, throttle: nil, count: nil, standing: nil, memory: nil) }
        }
        let engine = try await RestoredEngine(from: store, ruleSet: ruleSet).engine
        var counts: [String: RuleCount] = [:]
        for count in try await store.ruleCounts(since: nil) { counts[count.rule] = count }
        let memory = Dictionary(engine.memory.lines.map { ($0.rule, $0) }) { first, _ in first }
        return ruleSet.rules.map { rule in
            let standing = engine.standing(of: rule, at: now)
            return RuleReport(
                rule: rule, throttle: engine.throttle(of: rule, at: now), count: counts[rule.name],
                standing: standing, memory: standing == nil ? nil : memory[rule.name])
        }
    }

    /// The rule as JSON. Counts are of the decisions that are kept (`keep: events`).
    package var json: JSONValue {
        var object = JSONObject([("rule", .string(rule.name))])
        object["when"] = rule.condition.map { .string($0.text) } ?? .null
        object["notify"] = .array(rule.recipients.map { .string($0) })
        object["severity"] = .string(rule.severity.rawValue)
        object["template"] = rule.template.map { .string($0) } ?? .null
        object["subject"] = rule.subject.map { .string($0) } ?? .null
        object["per"] = .array(rule.groupFields.map { .string($0.name) })
        object["window"] = rule.window.map { .string($0.text) } ?? .null
        object["standing"] = standing?.json ?? .null
        object["memory"] = memory?.json ?? .null
        object["throttle"] = throttle?.json ?? rule.throttle?.json ?? .null
        var counts = JSONObject()
        counts["notified"] = .int(count?.notified ?? 0)
        counts["suppressed"] = .int(count?.suppressed ?? 0)
        counts["faulted"] = .int(count?.faulted ?? 0)
        counts["latest"] = lastMatch.map { .string($0.rfc3339) } ?? .null
        object["counts"] = .object(counts)
        return .object(object)
    }
}
