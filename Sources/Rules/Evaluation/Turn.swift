import Events

/// One log entry on its way through the engine: what came of it so far.
struct Turn {
    let entry: LogEntry
    /// Engine time.
    let now: Timestamp
    private(set) var output = EngineOutput()
    /// Groups that were evaluated at this entry: each is only once.
    private var steppedGroups: Set<DeadlineTarget> = []

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
        output.decisions.append(
            Decision(
                position: entry.position, at: now, event: event, rule: rule, group: group?.text, outcome: outcome))
    }

    /// Takes a decision that no rule's group made, such as a recipient's summary.
    mutating func decide(_ rule: String, named group: String, _ outcome: Decision.Outcome) {
        output.decisions.append(
            Decision(position: entry.position, at: now, event: nil, rule: rule, group: group, outcome: outcome))
    }

    /// Keeps that the rule's condition was true.
    mutating func noteMatch(ruleAt rule: Int) {
        output.matchedRules.append(rule)
    }

    mutating func notify(_ notification: Notification) {
        output.notifications.append(notification)
    }
}
