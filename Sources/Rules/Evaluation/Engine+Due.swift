import Events

/// What time brings.
extension Engine {
    /// Does everything that is due at `now`, each group once.
    mutating func processDue(_ turn: inout Turn) {
        var later: [DeadlineQueue.Entry] = []
        while let entry = deadlines.first, entry.at <= now {
            _ = deadlines.popFirst()
            guard isCurrent(entry) else { continue }
            switch entry.target {
            case .group(let index, let key):
                guard !turn.hasStepped(ruleAt: index, key: key) else {
                    later.append(entry)
                    continue
                }
                step(ruleAt: index, key: key, event: nil, &turn)
            case .digest(let index): sendDigest(ofRuleAt: index, &turn)
            case .recipient(let name): sendSummary(to: name, &turn)
            }
        }
        // What was evaluated at this entry already waits for the next one.
        for entry in later where isCurrent(entry) { deadlines.insert(entry.target, at: entry.at) }
        dropStale()
    }

    /// Whether the target waits for exactly this instant.
    func isCurrent(_ entry: DeadlineQueue.Entry) -> Bool {
        switch entry.target {
        case .group(let index, let key): rules[index].groups[key]?.deadline == entry.at
        case .digest(let index): rules[index].digestDeadline == entry.at
        case .recipient(let name): recipients[name]?.deadline == entry.at
        }
    }

    /// Leaves a current entry first, so that `nextDeadline` is one, and the queue not much longer than what waits.
    private mutating func dropStale() {
        while let entry = deadlines.first, !isCurrent(entry) { _ = deadlines.popFirst() }
        let waiting = deadlines.count
        guard waiting > deadlinesBound else { return }
        var queue = deadlines
        queue.rebuild { isCurrent($0) }
        deadlines = queue
        deadlinesBound = max(1_024, deadlines.count * 4)
    }

    /// Puts all deadlines of the state into an empty queue.
    mutating func registerDeadlines() {
        deadlines = DeadlineQueue()
        for index in rules.indices {
            let rule = ruleSet.rules[index]
            for (key, group) in rules[index].groups {
                let next = group.nextDeadline(rule)
                rules[index].groups[key]?.deadline = next
                if let next { deadlines.insert(.group(rule: index, key: key), at: next) }
            }
            if let due = rules[index].digestDeadline { deadlines.insert(.digest(rule: index), at: due) }
        }
        for (name, state) in recipients {
            if let due = state.deadline { deadlines.insert(.recipient(name), at: due) }
        }
    }

    // MARK: Summaries

    /// Sends what a rule has gathered, and waits for more.
    ///
    /// - Parameter isLast: Whether what is held back now could not be sent later, and so goes in any case.
    mutating func sendDigest(ofRuleAt index: Int, isLast: Bool = false, _ turn: inout Turn) {
        rules[index].digestDeadline = nil
        guard let digest = rules[index].digest else { return }
        changed.insert(.digest(rule: index))
        var telling = Telling(.digest, rule: index, key: .whole)
        telling.summary = digest
        telling.isLast = isLast
        switch dispatch(telling, &turn) {
        case .notified: rules[index].digest = nil
        case .gathered(let reason):
            rules[index].digest = nil
            turn.decide(ruleSet.rules[index].name, named: Self.digestGroup, .suppressed(reason))
        case .suppressed(let reason, let retryAt):
            // What was gathered stays, and goes with the next one.
            turn.decide(ruleSet.rules[index].name, named: Self.digestGroup, .suppressed(reason))
            guard let schedule = ruleSet.rules[index].digest else { return }
            setDigestDeadline(ruleAt: index, max(next(schedule), retryAt ?? now))
        }
    }

    /// What stands in place of a group in the decision about a digest: what was gathered has decisions of its own.
    static let digestGroup = "(digest)"

    /// When a digest is due next; should its schedule ever end, in a year.
    func next(_ schedule: Schedule) -> Timestamp {
        schedule.next(after: now) ?? now.advanced(by: .seconds(366 * 86_400))
    }

    mutating func setDigestDeadline(ruleAt index: Int, _ instant: Timestamp) {
        rules[index].digestDeadline = instant
        deadlines.insert(.digest(rule: index), at: instant)
    }

    /// Sends a recipient what was held back from it, as soon as nothing holds it back any more.
    mutating func sendSummary(to name: String, _ turn: inout Turn) {
        recipients[name]?.deadline = nil
        guard let state = recipients[name], let summary = state.gathered else { return }
        if let release = release(of: state), release > now {
            setSummaryDeadline(name, release)
            return
        }
        recipients[name]?.gathered = nil
        recipients[name]?.wasQuiet = false
        changed.insert(.recipient(name))
        notify(of: summary, state, &turn)
    }

    /// Makes the notifications of what was held back from a recipient: one, unless its addresses are to be told
    /// different things. What nobody is told of any more is suppressed.
    mutating func notify(of summary: SummaryFigures, _ state: RecipientState, _ turn: inout Turn) {
        let name = state.recipient.name
        let rule = state.wasQuiet ? Self.quietRule : Self.overflowRule
        let parted = parts(of: summary, for: state.recipient.addresses)
        guard !parted.parts.isEmpty else { return turn.decide(rule, named: name, .suppressed(.silenced)) }
        for part in parted.parts {
            let number = turn.nextNumber
            let holds = takeSlots([state.recipient.only(part.addresses)], mails: part.addresses.count, number)
            turn.decide(rule, named: name, .notified(number.id))
            turn.notify(
                Self.summary(
                    part.summary, number, reason: state.wasQuiet ? .quietEnded : .overflow, rule: rule,
                    recipient: name, addresses: part.addresses, withheld: part.withheld, holdsSlot: holds, at: now))
        }
        decide(untold: parted.untold, &turn)
    }

    /// The names that stand in place of a rule's for summaries of a recipient; no rule may be called so.
    static let quietRule = "(quiet hours)"
    static let overflowRule = "(overflow)"

    static func summary(
        _ summary: SummaryFigures, _ number: NotificationNumber, reason: NotificationReason, rule: String,
        recipient: String?, addresses: [String], withheld: [Notification.Withheld], holdsSlot: Bool,
        at now: Timestamp
    ) -> Notification {
        var figures = Notification.Figures(
            event: nil, facts: .none, condition: nil, deciding: [], heldBack: 0, heldBackSince: nil, throttle: nil,
            nextMailAt: nil)
        figures.summary = summary
        figures.withheld = withheld
        let severity = summary.lines.map(\.severity).min { $0.rank < $1.rank } ?? .medium
        return Notification(
            id: number.id, rule: rule, group: recipient, reason: reason, severity: severity, at: now,
            recipients: addresses, template: nil, subject: nil, holdsThrottleSlot: holdsSlot, figures: figures)
    }

    /// When nothing holds a recipient's mails back any more; `nil` for now.
    func release(of state: RecipientState) -> Timestamp? {
        var instants: [Timestamp] = []
        if let quiet = state.recipient.quiet, quiet.contains(now), let end = quiet.nextBoundary(after: now) {
            instants.append(end)
        }
        let count = state.recipient.addresses.count
        if let free = state.throttle?.nextMailAt(now, mails: count) { instants.append(free) }
        if let free = mails?.nextMailAt(now, mails: count) { instants.append(free) }
        return instants.max()
    }

    mutating func setSummaryDeadline(_ name: String, _ instant: Timestamp) {
        guard recipients[name]?.deadline != instant else { return }
        recipients[name]?.deadline = instant
        deadlines.insert(.recipient(name), at: instant)
        changed.insert(.recipient(name))
    }
}
