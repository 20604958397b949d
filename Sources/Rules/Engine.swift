package import Events
import Expressions

/// What one log entry came to.
package struct EngineOutput: Sendable {
    /// One for every rule that matched or failed, in the order of the rules.
    package var decisions: [Decision] = []
    /// One for every decision to send, in the same order.
    package var notifications: [Notification] = []
    /// The rows that changed, each key once.
    package var stateChanges: [EngineStateRow] = []

    package init() {}
}

/// The rules at work: a value that takes log entries in order and says what follows from each.
///
/// It knows no clock and does nothing to the world. Its state is a function of the entries it has seen, and is wholly
/// in the rows it gives out: an engine that is made of them anew goes on exactly where this one stands.
package struct Engine: Sendable {
    /// The rules in force.
    package private(set) var ruleSet: RuleSet
    /// Parallel to the rules; `nil` for a rule without throttle.
    private var throttles: [ThrottleState?] = []
    private var indices: [String: Int] = [:]
    /// Keys of rows that belong to no rule in force, until an entry takes the rule set into force and removes them.
    private var strayKeys: Set<String> = []
    /// Rule sets that come into force when their entry is read.
    private var awaited: [String: RuleSet] = [:]

    /// - Parameters:
    ///   - ruleSet: The rules in force from the first entry on.
    ///   - rows: All rows of engine state of the store; those of rules that changed or went are not read.
    package init(ruleSet: RuleSet, rows: [EngineStateRow]) {
        self.ruleSet = ruleSet
        var values: [String: [UInt8]] = [:]
        for row in rows { values[row.key] = row.value }
        adopt(ruleSet) { rule in ThrottleState(rule: rule, rows: values) }
        strayKeys = Set(values.keys)
        for (rule, state) in zip(ruleSet.rules, throttles) {
            guard state != nil else { continue }
            for key in ThrottleState.keys(rule.name) where ThrottleState.isState(values[key], of: rule) {
                strayKeys.remove(key)
            }
        }
    }

    /// When time alone would change something, or `nil`: throttles only look back.
    package var nextDeadline: Timestamp? { nil }

    /// How the throttle of a rule stands at `now`, or `nil` for a rule without one.
    package func throttle(ofRule name: String, at now: Timestamp) -> ThrottleStanding? {
        indices[name].flatMap { throttles[$0]?.standing(at: now) }
    }

    /// Makes a rule set known, so that it comes into force at the entry that names its hash.
    package mutating func expect(_ ruleSet: RuleSet) {
        awaited[ruleSet.hash] = ruleSet
    }

    /// Takes the next entry of the log.
    package mutating func process(_ entry: LogEntry) -> EngineOutput {
        let output =
            switch entry.change {
            case .event(let event): process(event, of: entry)
            case .ruleSet(let hash, _): takeIntoForce(hash)
            case .notificationEnded(let end): settle(end, at: entry.at)
            case .operatorAction, .clock: EngineOutput()
            }
        // After a restart with other rules, entries may come before the one of the new rule set. A row that they write
        // is of a rule in force, whatever stood under its key before.
        if !strayKeys.isEmpty {
            for row in output.stateChanges where row.value != nil { strayKeys.remove(row.key) }
        }
        return output
    }

    // MARK: Events

    private mutating func process(_ event: LoggedEvent, of entry: LogEntry) -> EngineOutput {
        var output = EngineOutput()
        guard !event.isRevision else { return output }
        let activation = Activation(facts: event.facts, source: event.key.source, receivedAt: event.receivedAt)
        for index in ruleSet.rules.indices {
            switch ruleSet.rules[index].condition?.verdict(for: activation) ?? .yes {
            case .no, .absent:
                continue
            case .yes:
                match(ruleAt: index, event: event, of: entry, into: &output)
            case .fault(let fault):
                output.decisions.append(
                    Self.decision(entry, event, ruleSet.rules[index], .faulted(fault.message))
                )
            }
        }
        return output
    }

    private mutating func match(
        ruleAt index: Int, event: LoggedEvent, of entry: LogEntry, into output: inout EngineOutput
    ) {
        let rule = ruleSet.rules[index]
        let id = Notification.id(position: entry.position, ordinal: output.notifications.count)
        let permit = throttles[index]?.reserve(position: entry.position, at: entry.at)
        if let permit {
            output.stateChanges += permit.changes
            guard permit.isGranted else {
                output.decisions.append(Self.decision(entry, event, rule, .suppressed(.throttled)))
                return
            }
        }
        output.decisions.append(Self.decision(entry, event, rule, .notified(id)))
        output.notifications.append(
            Notification(
                id: id, rule: rule.name, group: nil, reason: .matched, severity: rule.severity, at: entry.at,
                recipients: rule.recipients, template: rule.template, subject: rule.subject,
                holdsThrottleSlot: rule.throttle != nil,
                figures: Notification.Figures(
                    event: event.id, facts: event.facts,
                    condition: rule.condition.map { Notification.condition($0.text) },
                    deciding: rule.condition.map { Notification.deciding($0, event) } ?? [],
                    heldBack: permit?.heldBack ?? 0, heldBackSince: permit?.heldBackSince,
                    throttle: rule.throttle?.text, nextMailAt: permit?.nextMailAt
                )
            ).awaiting(rule.content)
        )
    }

    private static func decision(
        _ entry: LogEntry, _ event: LoggedEvent, _ rule: Rule, _ outcome: Decision.Outcome
    ) -> Decision {
        Decision(
            position: entry.position, at: entry.at, event: event.id, rule: rule.name, group: nil, outcome: outcome
        )
    }

    // MARK: Ends and rule sets

    /// A mail that was not delivered gives its slot back; a delivered one keeps it for good.
    private mutating func settle(_ end: NotificationEnd, at now: Timestamp) -> EngineOutput {
        var output = EngineOutput()
        guard let index = indices[end.rule], let position = Notification.position(inID: end.notification) else {
            return output
        }
        output.stateChanges = throttles[index]?.settle(position: position, as: end.outcome, at: now) ?? []
        return output
    }

    /// Brings the rule set with this hash into force and removes the state of rules that went or changed. An entry
    /// about a set that is not known here was written for rules that are out of force again: it changes nothing.
    private mutating func takeIntoForce(_ hash: String) -> EngineOutput {
        var output = EngineOutput()
        if let next = awaited.removeValue(forKey: hash) {
            let old = Dictionary(zip(ruleSet.rules.map(\.name), zip(ruleSet.rules, throttles))) { first, _ in first }
            for state in throttles { strayKeys.formUnion(state?.keptKeys ?? []) }
            adopt(next) { rule in
                guard let (before, state) = old[rule.name], before.stateHash == rule.stateHash else {
                    return ThrottleState(rule: rule, rows: [:])
                }
                return state
            }
            for rule in next.rules where old[rule.name]?.0.stateHash == rule.stateHash {
                strayKeys.subtract(ThrottleState.keys(rule.name))
            }
        }
        guard hash == ruleSet.hash else { return output }
        output.stateChanges = strayKeys.sorted().map { EngineStateRow(key: $0, value: nil) }
        strayKeys = []
        return output
    }

    private mutating func adopt(_ ruleSet: RuleSet, state: (Rule) -> ThrottleState?) {
        self.ruleSet = ruleSet
        throttles = ruleSet.rules.map(state)
        indices = Dictionary(ruleSet.rules.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }
}
