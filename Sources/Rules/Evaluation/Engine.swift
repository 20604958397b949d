package import Events
import Expressions

/// What one log entry came to.
package struct EngineOutput: Sendable {
    /// At most one for every rule and group: first of the rules that the event matched or failed, in the order of the
    /// rules, then of what time brought.
    package var decisions: [Decision] = []
    /// One for every decision to send, in the same order.
    package var notifications: [Notification] = []
    /// The indices of the rules whose condition was true for the event, ascending.
    package var matchedRules: [Int] = []

    package init() {}
}

/// The rules at work: a value that takes log entries in order and says what follows from each.
///
/// It knows no clock and does nothing to the world. Its state is a function of the entries it has seen. The rows that
/// `takeStateChanges` gives out are that state at that moment: an engine that is made of them, and then sees the
/// entries after it, stands where this one stands.
package struct Engine: Sendable {
    /// The most groups a rule keeps apart; when there are more, those that were untouched for longest are forgotten,
    /// and where all have open alerts new ones share a group `(other)`.
    package static let groupsMax = 1_000

    /// The rules in force.
    package internal(set) var ruleSet: RuleSet
    /// Parallel to the rules.
    var rules: [RuleState] = []
    var indices: [String: Int] = [:]
    /// By name: those of the rules in force.
    var recipients: [String: RecipientState] = [:]
    /// The slots of `at_most` of all mails.
    var mails: ThrottleState?
    /// Whose slots wait for the end of their mails.
    var slotHolders: [NotificationNumber: SlotHolder] = [:]
    /// What operators have silenced. A silence that is over is forgotten at the next entry.
    package internal(set) var silences = Silences()
    var deadlines = DeadlineQueue()
    /// How long the queue of deadlines may become before stale entries are swept out.
    var deadlinesBound = 1_024
    /// What changed since the rows were taken last.
    var changed: Set<StateKey> = []
    /// Keys of rows that belong to nothing any more.
    var removedRows: Set<String> = []
    /// How many rows of groups could not be read although the rule is as it was when they were written: a newer
    /// version wrote them, or they are damaged. Those groups begin anew.
    package internal(set) var unreadableGroups = 0
    /// Rule sets that come into force when their entry is read.
    private var awaited: [String: RuleSet] = [:]
    /// Whether an event is held only against the rules that the index gives; without it against all, for tests that
    /// compare the two.
    package var usesIndex = true
    /// Engine time of the last entry.
    package internal(set) var now = Timestamp(microseconds: .min)
    /// When the wall clock was last set, of what the log still has or a snapshot knows.
    package internal(set) var clockSetting: ClockSetting?

    /// The group whose `at_most` a notification holds a slot of.
    struct SlotHolder: Sendable {
        let rule: Int
        let key: GroupKey
    }

    /// A piece of state with a row of its own.
    enum StateKey: Hashable, Sendable {
        case group(rule: Int, key: GroupKey)
        case digest(rule: Int)
        case recipient(String)
        case mails
        /// The silence of this id.
        case silence(String)
    }

    /// - Parameters:
    ///   - ruleSet: The rules in force from the first entry on.
    ///   - rows: All rows of engine state of the store; those of rules that changed or went are not read.
    package init(ruleSet: RuleSet, rows: [EngineStateRow]) {
        self.ruleSet = ruleSet
        rules = ruleSet.rules.map { _ in RuleState() }
        indices = Self.indices(ruleSet)
        for recipient in Self.recipients(ruleSet) { recipients[recipient.name] = RecipientState(recipient) }
        mails = ruleSet.mailsThrottle.map { ThrottleState($0) }
        restore(rows)
        registerDeadlines()
    }

    static func indices(_ ruleSet: RuleSet) -> [String: Int] {
        Dictionary(ruleSet.rules.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// All that the rules may tell, escalations included, each name once.
    static func recipients(_ ruleSet: RuleSet) -> [Recipient] {
        var seen: Set<String> = []
        return ruleSet.rules.flatMap { $0.audience + ($0.window?.escalation?.recipients ?? []) }
            .filter { seen.insert($0.name).inserted }
    }

    /// When time alone would change something, or `nil`.
    package var nextDeadline: Timestamp? { deadlines.first?.at }

    /// Makes a rule set known, so that it comes into force at the entry that names its hash.
    package mutating func expect(_ ruleSet: RuleSet) {
        awaited[ruleSet.hash] = ruleSet
    }

    /// Takes the next entry of the log.
    package mutating func process(_ entry: LogEntry) -> EngineOutput {
        if case .clockStep(let step) = entry.change {
            shift(by: step, at: entry.at)
            clockSetting = ClockSetting(position: entry.position, at: entry.at, step: step)
        }
        now = max(now, entry.at)
        for id in silences.expire(at: now) { changed.insert(.silence(id)) }
        var turn = Turn(entry, at: now)
        switch entry.change {
        case .event(let event): process(event, &turn)
        case .ruleSet(let hash, _): takeIntoForce(hash, &turn)
        case .notificationEnded(let end): settle(end)
        case .operatorAction(let action):
            guard let id = silences.apply(action) else { break }
            changed.insert(.silence(id))
            releaseSilenced()
        case .clock: break
        case .clockStep: takeUpAfterStep()
        }
        processDue(&turn)
        return turn.output
    }

    // MARK: Events

    private mutating func process(_ event: LoggedEvent, _ turn: inout Turn) {
        let activation = Activation(facts: event.facts, source: event.key.source, receivedAt: event.receivedAt)
        guard usesIndex else {
            for index in ruleSet.rules.indices { hold(event, activation, againstRuleAt: index, &turn) }
            return
        }
        ruleSet.index.forEachCandidate(of: activation) { index in
            hold(event, activation, againstRuleAt: index, &turn)
        }
    }

    private mutating func hold(
        _ event: LoggedEvent, _ activation: Activation, againstRuleAt index: Int, _ turn: inout Turn
    ) {
        let rule = ruleSet.rules[index]
        guard !event.isRevision || rule.takesRevisions else { return }
        switch rule.condition?.verdict(for: activation) ?? .yes {
        case .yes:
            turn.noteMatch(ruleAt: index)
            take(event, activation, ruleAt: index, isMatch: true, &turn)
        case .no, .absent:
            guard case .ratio = rule.window?.measure else { return }
            take(event, activation, ruleAt: index, isMatch: false, &turn)
        case .fault(let fault):
            decideFault(fault.message, event, ruleAt: index, &turn)
        }
    }

    private mutating func take(
        _ event: LoggedEvent, _ activation: Activation, ruleAt index: Int, isMatch: Bool, _ turn: inout Turn
    ) {
        let rule = ruleSet.rules[index]
        let intake = rule.window?.intake(activation, isMatch: isMatch)
        switch intake {
        case .nothing: return
        case .fault(let message):
            decideFault(message, event, ruleAt: index, &turn)
            return
        case .input, nil: break
        }
        var key = GroupKey(rule.groupFields, activation)
        if rule.window != nil || rule.throttle != nil { key = place(key, ruleAt: index) }
        guard let window = rule.window, case .input(let input) = intake else {
            take(match: Telling(.matched, rule: index, key: key, event: event), &turn)
            return
        }
        var at = now
        if window.clock == .event, let timestamp = event.facts.timestamp {
            // One that is after now counts as of now, or of where a window stands that waits for a clock set back.
            at = rules[index].groups[key]?.displacement?.place(of: timestamp, at: now) ?? timestamp
        }
        guard rules[index].groups[key]?.contents?.add(input, at: at, now: now) == true else { return }
        if isMatch { rules[index].groups[key]?.lastEvent = event.id }
        if case .firstSeen = window.measure {
            changed.insert(.group(rule: index, key: key))
            guard rules[index].groups[key]?.contents?.measure(at: now).value == 1 else { return }
            var telling = Telling(.firstSeen, rule: index, key: key, event: event)
            telling.window = figures(ruleAt: index, key, WindowMeasure(value: 1, samples: 1))
            if case .text(let text) = input { telling.window?.seen = WindowFigures.seen(text) }
            take(match: telling, &turn)
        } else {
            step(ruleAt: index, key: key, event: event, &turn)
        }
    }

    /// A rule that cannot be evaluated is quiet, and says so; a rule without groups has its one decision with that.
    private func decideFault(_ message: String, _ event: LoggedEvent, ruleAt index: Int, _ turn: inout Turn) {
        _ = turn.begin(ruleAt: index, key: .whole)
        turn.decide(ruleSet.rules[index].name, nil, event: event.id, .faulted(message))
    }

    /// The group that an event counts in: made where it is new, and `(other)` where there is no room for it.
    private mutating func place(_ wanted: GroupKey, ruleAt index: Int) -> GroupKey {
        var key = wanted
        if rules[index].groups[key] == nil {
            if rules[index].groups.count >= Self.groupsMax { forgetGroups(ofRuleAt: index) }
            if rules[index].groups.count >= Self.groupsMax { key = .other }
            if rules[index].groups[key] == nil {
                rules[index].groups[key] = GroupState(ruleSet.rules[index], at: now)
            }
        }
        rules[index].groups[key]?.touchedAt = now
        changed.insert(.group(rule: index, key: key))
        return key
    }

    /// Forgets the tenth of the groups that was untouched for longest and has nothing open.
    private mutating func forgetGroups(ofRuleAt index: Int) {
        let idle = rules[index].groups.filter { $0.value.isForgettable(at: now) && $0.key != .other }
        let oldest = idle.sorted {
            $0.value.touchedAt != $1.value.touchedAt ? $0.value.touchedAt < $1.value.touchedAt : $0.key < $1.key
        }
        for (key, _) in oldest.prefix(Self.groupsMax / 10) {
            rules[index].groups[key] = nil
            rules[index].forgottenGroups += 1
            removedRows.insert(GroupState.rowKey(ruleSet.rules[index].name, key))
            changed.remove(.group(rule: index, key: key))
        }
    }

    // MARK: Rule sets

    /// Brings the rule set with this hash into force. An entry about a set that is not known here was written for rules
    /// that are out of force again: it changes nothing.
    private mutating func takeIntoForce(_ hash: String, _ turn: inout Turn) {
        if let next = awaited.removeValue(forKey: hash) { adopt(next, &turn) }
        guard hash == ruleSet.hash else { return }
        for id in silences.dropStale(under: ruleSet) { changed.insert(.silence(id)) }
        for index in ruleSet.rules.indices {
            guard case .absent(isArmedAtStart: true) = ruleSet.rules[index].window?.measure,
                ruleSet.rules[index].groupFields.isEmpty, rules[index].groups[.whole] == nil
            else { continue }
            var group = GroupState(ruleSet.rules[index], at: now)
            group.contents?.arm(at: now)
            rules[index].groups[.whole] = group
            changed.insert(.group(rule: index, key: .whole))
            setDeadline(ruleAt: index, key: .whole)
        }
    }
}
