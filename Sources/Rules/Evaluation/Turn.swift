import Events

/// One log entry on its way through the engine: what came of it so far.
struct Turn {
    let entry: LogEntry
    /// Engine time.
    let now: Timestamp
    private(set) var output = EngineOutput()
    /// Groups that were evaluated at this entry: each is only once.
    private var steppedGroups: Set<DeadlineTarget> = []
    private var decided: Set<DecisionName> = []

    init(_ entry: LogEntry, at now: Timestamp) {
        self.entry = entry
        self.now = now
    }

    /// The number of the next notification.
    var nextNumber: NotificationNumber {
        NotificationNumber(position: entry.position, ordinal: output.notifications.count)
    }

    /// Whether the group has not been evaluated at this entry; from now on it has.
    mutating func begin(ruleAt rule: Int, key: GroupKey) -> Bool {
        steppedGroups.insert(.group(rule: rule, key: key)).inserted
    }

    /// Whether the group has been evaluated at this entry.
    func hasStepped(ruleAt rule: Int, key: GroupKey) -> Bool { steppedGroups.contains(.group(rule: rule, key: key)) }

    mutating func decide(_ rule: String, _ group: GroupKey?, event: Int64?, _ outcome: Decision.Outcome) {
        decide(rule, named: group?.text, event: event, outcome)
    }

    /// Takes a decision, whoever made it: a rule's group, a rule's digest, a recipient's summary.
    ///
    /// An entry has one decision for every rule and group, and the store holds to that. Groups are told apart by what
    /// people read, and events can bring values that read alike (`a, b` and `c`, `a` and `b, c`): the later one gets a
    /// number behind it.
    mutating func decide(_ rule: String, named group: String?, event: Int64? = nil, _ outcome: Decision.Outcome) {
        var name = DecisionName(rule: rule, group: group)
        var number = 1
        while !decided.insert(name).inserted {
            number += 1
            name.group = (group.map { "\($0) " } ?? "") + "(\(number))"
        }
        output.decisions.append(
            Decision(position: entry.position, at: now, event: event, rule: rule, group: name.group, outcome: outcome))
    }

    /// What a decision is unique by within an entry.
    private struct DecisionName: Hashable {
        let rule: String
        var group: String?
    }

    /// Keeps that the rule's condition was true.
    mutating func noteMatch(ruleAt rule: Int) {
        output.matchedRules.append(rule)
    }

    mutating func notify(_ notification: Notification) {
        output.notifications.append(notification.fitted())
    }
}
