import Events

/// Evaluating windows: at every event that counts, and whenever time has something to do.
extension Engine {
    /// Evaluates a group's window and tells what came of it; `event` is the one that was just counted.
    mutating func step(ruleAt index: Int, key: GroupKey, event: LoggedEvent?, _ turn: inout Turn) {
        let rule = ruleSet.rules[index]
        guard let window = rule.window, var group = rules[index].groups[key],
            turn.begin(ruleAt: index, key: key)
        else { return }
        // The state is written back whole below; until then nobody else may hold its storage.
        rules[index].groups[key] = nil
        group.contents?.advance(to: now)
        let measure = group.contents?.measure(at: now) ?? WindowMeasure(value: nil, samples: 0)
        let finding = Self.finding(measure, group, window, at: now)
        let outcome = group.alert.step(finding, window, at: now)
        rules[index].groups[key] = group
        switch outcome {
        case .none: break
        case .tellFired: tellFired(ruleAt: index, key, event, measure, &turn)
        case .tellReminder: tellReminder(ruleAt: index, key, event, measure, &turn)
        case .ended(let reason, let since, let wasTold):
            tellEnd(reason, since: since, wasTold: wasTold, ruleAt: index, key, event, measure, &turn)
        }
        // Also where only time passed: what is due next is read from the row.
        changed.insert(.group(rule: index, key: key))
        setDeadline(ruleAt: index, key: key)
    }

    /// What the window says about the threshold.
    static func finding(
        _ measure: WindowMeasure, _ group: GroupState, _ window: Window, at now: Timestamp
    ) -> Alert.Finding {
        if case .budget = window.measure {
            let isAlerting = group.contents?.budget(at: now)?.isAlerting
            return Alert.Finding(
                holds: isAlerting, isRecovered: isAlerting.map { !$0 }, isEmpty: false, value: measure.value)
        }
        // A fall to nothing is a change like another; it is unknown where there is nothing to compare it with.
        let isEmpty = window.isUnknownWhenEmpty && measure.samples == 0 && measure.value == nil
        let value = measure.samples < window.samplesMin && window.samplesMin > 1 ? nil : measure.value
        let holds = value.map { window.threshold.holds($0) }
        let isRecovered = value.map { window.recover?.holds($0) ?? !window.threshold.holds($0) }
        return Alert.Finding(holds: holds, isRecovered: isRecovered, isEmpty: isEmpty, value: value)
    }

    private mutating func tellFired(
        ruleAt index: Int, _ key: GroupKey, _ event: LoggedEvent?, _ measure: WindowMeasure, _ turn: inout Turn
    ) {
        var telling = Telling(.fired, rule: index, key: key, event: event)
        telling.window = figures(ruleAt: index, key, measure)
        let before = rules[index].groups[key]?.untold
        telling.isCounted = before?.isCounted ?? false
        telling.nextMailAt = ruleSet.rules[index].window?.remind.map { now.advanced(by: $0) }
        switch dispatch(telling, &turn) {
        case .notified(let id): markTold(ruleAt: index, key, id, in: turn, event)
        case .gathered(let reason):
            // A summary will tell of it; its later mails thread under none.
            markTold(ruleAt: index, key, nil, in: turn, event)
            turn.decide(ruleSet.rules[index].name, key, event: event?.id, .suppressed(reason))
        case .suppressed(.silenced, retryAt: nil) where ruleSet.rules[index].window?.escalation != nil:
            // Those who would be told now have unsubscribed; those of the escalation have not.
            markTold(ruleAt: index, key, nil, in: turn, event)
            turn.decide(ruleSet.rules[index].name, key, event: event?.id, .suppressed(.silenced))
        case .suppressed(let reason, let retryAt):
            let untold = GroupState.Untold(
                reason: reason, retryAt: retryAt, isCounted: telling.isCounted || reason == .throttled)
            if before?.reason != reason {
                turn.decide(ruleSet.rules[index].name, key, event: event?.id, .suppressed(reason))
            }
            rules[index].groups[key]?.untold = untold
            changed.insert(.group(rule: index, key: key))
        }
    }

    private mutating func markTold(
        ruleAt index: Int, _ key: GroupKey, _ id: String?, in turn: Turn, _ event: LoggedEvent?
    ) {
        rules[index].groups[key]?.untold = nil
        rules[index].groups[key]?.alert.toldAt = now
        if rules[index].groups[key]?.alert.firstNotification?.isEmpty ?? true {
            rules[index].groups[key]?.alert.firstNotification = id ?? ""
            rules[index].groups[key]?.alert.firstNotifiedAt = id == nil ? nil : now
        }
        changed.insert(.group(rule: index, key: key))
    }

    private mutating func tellReminder(
        ruleAt index: Int, _ key: GroupKey, _ event: LoggedEvent?, _ measure: WindowMeasure, _ turn: inout Turn
    ) {
        let rule = ruleSet.rules[index]
        rules[index].groups[key]?.alert.reminders += 1
        let reminders = rules[index].groups[key]?.alert.reminders ?? 0
        var telling = Telling(.reminder, rule: index, key: key, event: event)
        telling.window = figures(ruleAt: index, key, measure)
        telling.isEscalated = rule.window?.escalation.map { reminders >= $0.reminders } ?? false
        telling.nextMailAt = rule.window?.remind.map { now.advanced(by: $0) }
        switch dispatch(telling, &turn) {
        case .notified(let id): markTold(ruleAt: index, key, id, in: turn, event)
        case .gathered(let reason), .suppressed(let reason, _):
            // The next reminder comes as if this one had been told.
            rules[index].groups[key]?.alert.toldAt = now
            turn.decide(rule.name, key, event: event?.id, .suppressed(reason))
        }
    }

    private mutating func tellEnd(
        _ reason: NotificationReason, since: Timestamp, wasTold: Bool, ruleAt index: Int, _ key: GroupKey,
        _ event: LoggedEvent?, _ measure: WindowMeasure, _ turn: inout Turn
    ) {
        let rule = ruleSet.rules[index]
        defer {
            rules[index].groups[key]?.alert.reset()
            rules[index].groups[key]?.untold = nil
            releaseInhibited(by: rule.name)
        }
        guard wasTold, let window = rule.window, window.resolves else { return }
        var telling = Telling(reason, rule: index, key: key, event: event)
        telling.window = figures(ruleAt: index, key, measure)
        telling.window?.since = since
        telling.isEscalated = wasEscalated(ruleAt: index, key)
        switch dispatch(telling, &turn) {
        case .notified: break
        case .gathered(let reason), .suppressed(let reason, _):
            turn.decide(rule.name, key, event: event?.id, .suppressed(reason))
        }
    }

    /// Whether those of the escalation have been told of the open alert, so that they are told of its end, too.
    func wasEscalated(ruleAt index: Int, _ key: GroupKey) -> Bool {
        guard let escalation = ruleSet.rules[index].window?.escalation,
            let reminders = rules[index].groups[key]?.alert.reminders
        else { return false }
        return reminders >= escalation.reminders
    }

    /// Alerts that were quiet because of the one that ended are looked at again now.
    private mutating func releaseInhibited(by rule: String) {
        for inhibition in ruleSet.inhibitions where inhibition.source == rule {
            for index in inhibition.mutes.compactMap({ indices[$0] }).sorted() {
                release(ruleAt: index, heldAs: .inhibited)
            }
        }
    }

    /// Has the open alerts of a rule that were held back for a reason tried again now.
    mutating func release(ruleAt index: Int, heldAs reason: SuppressionReason) {
        for (key, group) in rules[index].groups where group.untold?.reason == reason {
            rules[index].groups[key]?.untold?.retryAt = now
            changed.insert(.group(rule: index, key: key))
            setDeadline(ruleAt: index, key: key)
        }
    }

    /// Alerts that were quiet because of a silence are looked at again now: it may have been removed.
    mutating func releaseSilenced() {
        for index in rules.indices { release(ruleAt: index, heldAs: .silenced) }
    }

    /// What a mail shows of the window.
    func figures(ruleAt index: Int, _ key: GroupKey, _ measure: WindowMeasure) -> WindowFigures? {
        guard let window = ruleSet.rules[index].window, let group = rules[index].groups[key] else { return nil }
        var figures = WindowFigures(
            measure: window.words, value: measure.value, threshold: window.thresholdWords, within: window.within,
            samples: measure.samples, isApproximate: measure.isApproximate,
            trend: group.contents?.trend(at: now, bars: WindowFigures.barsMax / 2) ?? [])
        if case .firing(let since) = group.alert.phase { figures.since = since }
        figures.peak = group.alert.peak
        figures.reminders = group.alert.reminders
        if let id = group.alert.firstNotification, let at = group.alert.firstNotifiedAt {
            figures.thread = MailThread(id: id, at: at)
        }
        if case .change(_, _, let against) = window.measure { figures.against = against }
        figures.budget = group.contents?.budget(at: now).map { BudgetFigures($0) }
        return figures
    }

    // MARK: Deadlines

    /// Registers when a group has to be looked at next.
    mutating func setDeadline(ruleAt index: Int, key: GroupKey) {
        guard let group = rules[index].groups[key] else { return }
        let next = group.nextDeadline(ruleSet.rules[index])
        guard next != group.deadline else { return }
        rules[index].groups[key]?.deadline = next
        if let next { deadlines.insert(.group(rule: index, key: key), at: next) }
    }
}

extension BudgetFigures {
    fileprivate init(_ standing: BudgetStanding) {
        self.init(
            spent: standing.spent, limit: standing.limit, periodStart: standing.period.lowerBound,
            periodEnd: standing.period.upperBound, endsAt: standing.endsAt,
            burn: standing.isSpent ? nil : standing.burns.first(where: \.isBurning)?.windows.rate)
    }
}
