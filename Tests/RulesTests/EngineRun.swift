import Events
import Rules
import TestSupport

/// An engine fed entry by entry, with everything it gave out.
struct EngineRun {
    var engine: Engine
    /// The rows as a store would have them.
    private(set) var rows: [String: [UInt8]] = [:]
    /// The rows that the last entry changed.
    private(set) var changes: [EngineStateRow] = []
    /// The same without that of engine time, which every entry changes.
    var ownChanges: [EngineStateRow] { changes.filter { $0.key != "clock" } }
    private(set) var position: LogPosition = 0
    private(set) var outputs: [EngineOutput] = []
    private let facts: Facts
    /// The rule set that the next entry brings into force.
    private var awaited: RuleSet?

    init(_ ruleSet: RuleSet, facts: Facts? = nil) throws {
        engine = Engine(ruleSet: ruleSet, rows: [])
        self.facts = try facts ?? EventMaker.event("e").facts
    }

    /// A rule set from the keys of a file; any text is an address.
    static func ruleSet(_ text: String) throws -> RuleSet {
        try RuleSet.read(text, file: "rules.yaml", addresses: { .success($0) }).ruleSet
    }

    /// A rule set of one rule that takes every event.
    static func throttled(_ throttle: String, name: String = "r") throws -> RuleSet {
        try ruleSet("rules: [{name: \(name), notify: a@example.com, at_most: \(throttle)}]")
    }

    /// Whether the engine is made anew of its rows before every entry.
    var restoresAtEveryEntry = false

    @discardableResult
    mutating func feed(_ change: LogEntry.Change, at seconds: Double) -> EngineOutput {
        if restoresAtEveryEntry {
            engine = Engine(ruleSet: engine.ruleSet, rows: rows.map { EngineStateRow(key: $0.key, value: $0.value) })
        }
        if let awaited, awaited.hash != engine.ruleSet.hash { engine.expect(awaited) }
        awaited = nil
        position += 1
        let output = engine.process(LogEntry(position: position, at: Self.time(seconds), change: change))
        changes = engine.takeStateChanges()
        for row in changes { rows[row.key] = row.value }
        outputs.append(output)
        return output
    }

    @discardableResult
    mutating func event(at seconds: Double, isRevision: Bool = false) -> EngineOutput {
        let event = LoggedEvent(
            id: position + 1, key: EventKey(source: "s", type: "request_log", id: "\(position)", origin: .uniqueID),
            receivedAt: Self.time(seconds), isRevision: isRevision, facts: facts
        )
        return feed(.event(event), at: seconds)
    }

    /// An event with this body.
    @discardableResult
    mutating func event(_ body: String, at seconds: Double) throws -> EngineOutput {
        let event = LoggedEvent(
            id: position + 1, key: EventKey(source: "s", type: "request_log", id: "\(position)", origin: .uniqueID),
            receivedAt: Self.time(seconds), isRevision: false, facts: try Facts(log: Array(body.utf8))
        )
        return feed(.event(event), at: seconds)
    }

    /// Another rule set comes into force.
    @discardableResult
    mutating func swap(to ruleSet: RuleSet, at seconds: Double) -> EngineOutput {
        awaited = ruleSet
        return feed(.ruleSet(hash: ruleSet.hash, text: ruleSet.text), at: seconds)
    }

    @discardableResult
    mutating func end(
        _ notification: String, _ outcome: NotificationEnd.Outcome, rule: String = "r", at seconds: Double
    )
        -> EngineOutput
    {
        feed(.notificationEnded(NotificationEnd(notification: notification, rule: rule, outcome: outcome)), at: seconds)
    }

    static func time(_ seconds: Double) -> Timestamp {
        Timestamp(microseconds: EventMaker.start.microseconds + Int64(seconds * 1_000_000))
    }
}

extension EngineOutput {
    /// One word for each decision.
    var words: [String] {
        decisions.map { decision in
            switch decision.outcome {
            case .notified(let id): "mail \(id)"
            case .suppressed(let reason): reason.rawValue
            case .faulted(let text): "fault \(text)"
            }
        }
    }
}
