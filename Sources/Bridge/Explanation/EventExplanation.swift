package import Events
package import Expressions
package import Rules
package import Store

/// What rules, mostly those of the file, make of one event and, for a stored event, what was decided when it was
/// evaluated.
package struct EventExplanation: Sendable {
    /// A decision that was made, with the mails it made.
    package struct Past: Sendable {
        package let decision: Decision
        /// Empty unless the decision was to send.
        package let mails: [DeliveryRecord]
        /// Digests and summaries that told of the match later, whose own mail was held back for them.
        package let toldBy: [DeliveryRecord]

        /// Whether somebody was told, or is to be.
        fileprivate var wasTold: Bool { !mails.isEmpty || !toldBy.isEmpty }
    }

    /// What one rule makes of the event.
    package struct Line: Sendable {
        package let rule: Rule
        package let verdict: Verdict
        /// `nil` for a rule without condition.
        package let trace: Trace?
        /// What was decided then; `nil` where the rule did not match, was not there, or the event is no stored one.
        package let past: Past?
        /// The rule's condition when the event was evaluated, where the log has it and it is another one now; the
        /// inner `nil` is a rule without condition.
        package let conditionThen: String??
        /// Whether the condition has the same text as then, and a named condition (`let`) behind it or the throttle was
        /// another one.
        package let isRedefined: Bool
        /// How the throttle of the event's group stands now; `nil` without throttle or store.
        package let throttle: ThrottleStanding?
        /// How the event's group stands now: window, alert, what is held back; `nil` where the rule remembers nothing
        /// of it, and without a store.
        package let standing: RuleStanding.Group?
        /// Whether the rules as they are now would have decided otherwise about a match.
        package let differs: Bool
    }

    /// The stored event, or `nil` for one of a file.
    package let record: EventRecord?
    package let facts: Facts
    package let source: String
    package let receivedAt: Timestamp
    /// In the order of the file.
    package let lines: [Line]
    /// Decisions of rules that are not among these; none where only some rules were asked for.
    package let strangers: [Past]
    /// All decisions about the event, also of rules that were not asked for.
    package let pasts: [Past]
    /// Whether the rules in force then are those of the file; `nil` where the log does not say or there was none.
    package let rulesChanged: Bool?

    /// That the wall clock was set after the event was evaluated; `nil` where it was not.
    package let clockSetting: ClockSetting?

    /// Whether the rules have been applied to the event.
    package var isEvaluated: Bool { record.map { $0.position != nil && !$0.isRevision } ?? false }
}

extension EventExplanation {
    /// Explains an event that is in no store.
    ///
    /// - Parameter wanted: The names of the rules to explain; empty for all.
    package init(_ event: VerifiedEvent, ruleSet: RuleSet, rules wanted: [String]) {
        let activation = Activation(facts: event.facts, source: event.key.source, receivedAt: event.receivedAt)
        record = nil
        facts = event.facts
        source = event.key.source
        receivedAt = event.receivedAt
        lines = Self.chosen(ruleSet, wanted).map { rule in
            let trace = rule.condition?.trace(for: activation)
            return Line(
                rule: rule, verdict: trace?.verdict ?? .yes, trace: trace, past: nil, conditionThen: nil,
                isRedefined: false, throttle: nil, standing: nil, differs: false)
        }
        strangers = []
        pasts = []
        rulesChanged = nil
        clockSetting = nil
    }

    /// Explains a stored event.
    ///
    /// - Parameters:
    ///   - wanted: The names of the rules to explain; empty for all.
    ///   - now: For the state of throttles.
    package init(
        _ record: EventRecord, in store: any StoreReading, ruleSet: RuleSet, rules wanted: [String], now: Timestamp
    ) async throws(StoreError) {
        var pasts: [String: Past] = [:]
        let decisions = try await store.decisions(aboutEvent: record.id)
        let told = try await SummaryLookup(store: store).mails(tellingOf: decisions)
        for (place, decision) in decisions.enumerated() {
            var mails: [DeliveryRecord] = []
            if case .notified(let id) = decision.outcome { mails = try await store.deliveries(ofNotification: id) }
            let past = Past(decision: decision, mails: mails, toldBy: told[place] ?? [])
            // A later one may be about one address alone: whom a summary, by then, was not to tell.
            if let known = pasts[decision.rule], known.wasTold, !past.wasTold { continue }
            pasts[decision.rule] = past
        }
        var stored: StoredRuleSet?
        if let position = record.position { stored = try await store.ruleSet(inForceAt: position) }
        let before = stored.flatMap { stored in
            try? RuleSet.read(stored.text, file: "log", addresses: { .success($0) }).ruleSet
        }
        let engine = try await RestoredEngine(from: store, ruleSet: ruleSet).engine
        let activation = Activation(
            facts: record.facts, source: record.key.source, receivedAt: record.receivedAt)
        let isEvaluated = record.position != nil && !record.isRevision
        self.record = record
        facts = record.facts
        source = record.key.source
        receivedAt = record.receivedAt
        lines = Self.chosen(ruleSet, wanted).map { rule in
            let trace = rule.condition?.trace(for: activation)
            let verdict = trace?.verdict ?? .yes
            let old = before?.rules.first { $0.name == rule.name }
            let group = GroupKey(rule.groupFields, activation)
            let isOther = old.map { $0.condition?.text != rule.condition?.text } ?? false
            return Line(
                rule: rule, verdict: verdict, trace: trace, past: pasts[rule.name],
                conditionThen: isOther ? .some(old?.condition?.text) : nil,
                isRedefined: !isOther && old.map { $0.stateHash != rule.stateHash } ?? false,
                throttle: engine.throttle(of: rule, group: group, at: now),
                standing: engine.standing(of: rule, group: group, at: now),
                differs: isEvaluated && Self.differs(verdict, pasts[rule.name], rule))
        }
        let known = Set(ruleSet.rules.map(\.name))
        self.pasts = pasts.values.sorted { $0.decision.rule < $1.decision.rule }
        strangers = wanted.isEmpty ? self.pasts.filter { !known.contains($0.decision.rule) } : []
        rulesChanged = stored.map { $0.hash != ruleSet.hash }
        clockSetting = engine.clockSetting.flatMap { setting in
            record.position.map { $0 < setting.position } ?? false ? setting : nil
        }
    }

    private static func chosen(_ ruleSet: RuleSet, _ wanted: [String]) -> [Rule] {
        wanted.isEmpty ? ruleSet.rules : ruleSet.rules.filter { wanted.contains($0.name) }
    }

    /// Whether the rule as it is now would have decided otherwise. A window decides about many events together: that a
    /// match made no decision says nothing.
    private static func differs(_ verdict: Verdict, _ past: Past?, _ rule: Rule) -> Bool {
        if rule.window != nil {
            if case .fault = verdict { return past == nil }
            return false
        }
        switch (verdict, past?.decision.outcome) {
        case (.yes, .notified), (.yes, .suppressed), (.fault, .faulted), (.no, nil), (.absent, nil): return false
        default: return true
        }
    }
}

extension EventExplanation {
    /// The explanation as JSON. For a stored event `event` is what `events show --json` prints, without decisions.
    package var json: JSONValue {
        var event = JSONObject([
            ("id", .null), ("source", .string(source)), ("received_at", .string(receivedAt.rfc3339)),
            ("facts", facts.event),
        ])
        if let record, case .object(let object) = EventReport(record: record).json { event = object }
        var object = JSONObject([("event", .object(event))])
        object["evaluated"] = .bool(isEvaluated)
        object["rules_changed"] = rulesChanged.map { .bool($0) } ?? .null
        object["clock_set"] = clockSetting?.json ?? .null
        object["rules"] = .array(lines.map(\.json))
        object["decisions_of_other_rules"] = .array(strangers.map(\.json))
        return .object(object)
    }
}

extension EventExplanation.Line {
    fileprivate var json: JSONValue {
        var object = JSONObject([("rule", .string(rule.name)), ("verdict", .string(verdict.word))])
        if case .fault(let fault) = verdict { object["fault"] = .string(fault.message) }
        object["condition"] = rule.condition.map { .string($0.text) } ?? .null
        object["tree"] = trace?.root.json ?? .null
        object["recipients"] = .array(rule.recipients.map { .string($0) })
        object["throttle"] = throttle?.json ?? rule.throttle?.json ?? .null
        object["standing"] = standing?.json ?? .null
        object["decision"] = past?.json ?? .null
        object["differs"] = .bool(differs)
        object["redefined"] = .bool(isRedefined)
        if let conditionThen { object["condition_then"] = conditionThen.map { .string($0) } ?? .null }
        return .object(object)
    }
}

extension EventExplanation.Past {
    fileprivate var json: JSONValue {
        guard case .object(var object) = decision.json else { return decision.json }
        object["mails"] = .array(mails.map { MailReport(record: $0).json })
        object["told_by"] = .array(toldBy.map { MailReport(record: $0).json })
        return .object(object)
    }
}

extension ThrottleStanding {
    /// The throttle as JSON: as written, mails inside the window, and what is held back.
    package var json: JSONValue {
        var object = JSONObject()
        object["at_most"] = .string(throttle.text)
        object["used"] = .int(Int64(used))
        object["held_back"] = .int(Int64(heldBack))
        object["held_back_since"] = heldBackSince.map { .string($0.rfc3339) } ?? .null
        object["next_mail_at"] = nextMailAt.map { .string($0.rfc3339) } ?? .null
        return .object(object)
    }
}

extension Throttle {
    /// A throttle whose state is not known, as JSON.
    var json: JSONValue { .object(JSONObject([("at_most", .string(text))])) }
}

extension ClockSetting {
    /// When the clock was set, by itself as it was set then, and how far forward in seconds.
    fileprivate var json: JSONValue {
        .object(JSONObject([("at", .string(at.rfc3339)), ("by_seconds", .int(Self.seconds(of: step)))]))
    }
}
