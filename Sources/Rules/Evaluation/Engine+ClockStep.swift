import Events

/// A step of the wall clock: no time has passed, so all that is remembered keeps its distance from now.
extension Engine {
    /// Moves engine time and every instant of the state.
    ///
    /// - Parameter instant: When the clock was set, by itself as it is now.
    mutating func shift(by step: Duration, at instant: Timestamp) {
        now = now.advanced(by: step)
        let instant = max(now, instant)
        for index in rules.indices {
            rules[index].shift(by: step, ruleSet.rules[index].window, at: instant)
            for key in rules[index].groups.keys { changed.insert(.group(rule: index, key: key)) }
            if rules[index].digest != nil { changed.insert(.digest(rule: index)) }
        }
        for name in recipients.keys {
            recipients[name]?.shift(by: step)
            changed.insert(.recipient(name))
        }
        if mails != nil {
            mails?.shift(by: step)
            changed.insert(.mails)
        }
        silences.shift(by: step)
        for silence in silences.all { changed.insert(.silence(silence.id)) }
    }

    /// Asks the calendars anew, whose times of the day do not move with a clock: what they say by the clock as it is
    /// now counts from here on, and what was due by it already is due now.
    mutating func takeUpAfterStep() {
        for index in rules.indices {
            for (key, group) in rules[index].groups {
                // The next try finds out what the calendar says now.
                if group.untold?.reason == .muted { rules[index].groups[key]?.untold?.retryAt = now }
            }
            if let due = rules[index].digestDeadline, let schedule = ruleSet.rules[index].digest {
                rules[index].digestDeadline = min(due, next(schedule))
            }
        }
        for (name, state) in recipients where state.gathered != nil && state.recipient.quiet != nil {
            let due = release(of: state) ?? now
            recipients[name]?.deadline = due
        }
        registerDeadlines()
    }
}

extension RuleState {
    /// Moves every instant but that of the digest, which a calendar says.
    fileprivate mutating func shift(by step: Duration, _ window: Window?, at now: Timestamp) {
        for key in groups.keys { groups[key]?.shift(by: step, window, at: now) }
        digest?.shift(by: step)
    }
}

extension GroupState {
    /// Moves every instant but `deadline`, which follows from them.
    fileprivate mutating func shift(by step: Duration, _ window: Window?, at now: Timestamp) {
        var move = step
        if let window, window.staysWithTimestamps {
            // What comes in while such a window stands still is placed up to where it was at the step.
            contents?.advance(to: now.advanced(by: .zero - step))
            move = ClockDisplacement.take(step, into: &displacement, reach: window.reach, at: now)
        }
        if move != .zero { contents?.shift(by: move) }
        alert.shift(by: step)
        let retryAt = untold?.retryAt?.advanced(by: step)
        untold?.retryAt = retryAt
        throttle?.shift(by: step)
        touchedAt = touchedAt.advanced(by: step)
    }
}

extension Alert {
    /// Moves every instant but the one that is a part of a mail's name.
    mutating func shift(by step: Duration) {
        switch phase {
        case .ok: break
        case .pending(let since): phase = .pending(since: since.advanced(by: step))
        case .firing(let since): phase = .firing(since: since.advanced(by: step))
        }
        recoveredSince = recoveredSince?.advanced(by: step)
        toldAt = toldAt?.advanced(by: step)
    }
}

extension ThrottleState {
    /// Moves the slots, and since when matches are held back.
    mutating func shift(by step: Duration) {
        for index in slots.indices { slots[index].shift(by: step) }
        heldBackSince = heldBackSince?.advanced(by: step)
    }
}

extension ThrottleState.Slot {
    fileprivate mutating func shift(by step: Duration) {
        at = at.advanced(by: step)
        heldBackSince = heldBackSince?.advanced(by: step)
    }
}

extension RecipientState {
    /// Moves every instant.
    fileprivate mutating func shift(by step: Duration) {
        deadline = deadline?.advanced(by: step)
        throttle?.shift(by: step)
        gathered?.shift(by: step)
    }
}

extension SummaryFigures {
    /// Moves the times of the matches.
    mutating func shift(by step: Duration) {
        from = from.advanced(by: step)
        to = to.advanced(by: step)
        for index in lines.indices {
            lines[index].first = lines[index].first.advanced(by: step)
            lines[index].last = lines[index].last.advanced(by: step)
        }
    }
}
