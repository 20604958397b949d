import Events

/// Bringing a rule set into force.
extension Engine {
    /// Takes over a rule set: rules whose state hash is the same keep their state, all others begin anew. What an open
    /// alert, a digest or a recipient's summary would otherwise lose is told now.
    mutating func adopt(_ next: RuleSet, _ turn: inout Turn) {
        let kept = Dictionary(next.rules.map { ($0.name, $0) }) { first, _ in first }
        for index in ruleSet.rules.indices
        where kept[ruleSet.rules[index].name]?.stateHash != ruleSet.rules[index].stateHash {
            close(ruleAt: index, isFollowed: kept[ruleSet.rules[index].name]?.digest != nil, &turn)
        }
        let digests = heldDigests(next: kept)
        let old = (rules: rules, indices: indices, hashes: ruleSet.rules.map(\.stateHash), recipients: recipients)
        removeRowsOfChangedRules(next: kept)
        releaseGoneRecipients(next, &turn)
        ruleSet = next
        indices = Self.indices(next)
        rules = next.rules.map { rule in
            guard let before = old.indices[rule.name], old.hashes[before] == rule.stateHash else { return RuleState() }
            return old.rules[before]
        }
        recipients = [:]
        for recipient in Self.recipients(next) {
            recipients[recipient.name] = RecipientState(recipient, keeping: old.recipients[recipient.name])
        }
        let throttle = mails?.throttle
        mails = next.mailsThrottle.map { ThrottleState($0, keeping: mails) }
        changed = renumbered(changed, from: old.indices)
        for (name, digest) in digests { takeOver(digest, ruleNamed: name) }
        // The slots of a throttle that went must not come back with it out of an old row.
        if throttle != next.mailsThrottle { changed.insert(.mails) }
        for (name, state) in recipients where state.throttle?.throttle != old.recipients[name]?.throttle?.throttle {
            changed.insert(.recipient(name))
        }
        // What held alerts back may have gone with the old rules.
        for index in rules.indices {
            release(ruleAt: index, heldAs: .inhibited)
            release(ruleAt: index, heldAs: .muted)
        }
        findSlotHolders()
        registerDeadlines()
    }

    /// Ends what is open of a rule that changes or goes.
    ///
    /// - Parameter isFollowed: Whether a rule of the same name follows that has a digest, for what is held back now.
    private mutating func close(ruleAt index: Int, isFollowed: Bool, _ turn: inout Turn) {
        let rule = ruleSet.rules[index]
        // Last, for the ends of its alerts go into it.
        defer { if rules[index].digest != nil { sendDigest(ofRuleAt: index, isLast: !isFollowed, &turn) } }
        guard let window = rule.window, window.resolves else { return }
        for key in rules[index].groups.keys.sorted() {
            guard let group = rules[index].groups[key], group.alert.firstNotification != nil,
                case .firing(let since) = group.alert.phase, turn.begin(ruleAt: index, key: key)
            else { continue }
            var telling = Telling(.ruleChanged, rule: index, key: key)
            telling.window = figures(
                ruleAt: index, key, group.contents?.measure(at: now) ?? WindowMeasure(value: nil, samples: 0))
            telling.window?.since = since
            telling.isEscalated = wasEscalated(ruleAt: index, key)
            switch dispatch(telling, &turn) {
            case .notified: break
            case .gathered(let reason), .suppressed(let reason, _):
                turn.decide(rule.name, key, event: nil, .suppressed(reason))
            }
        }
    }

    /// What digests of rules that change have gathered, and a mute or a silence holds back at this moment: by the name
    /// of the rule, which still has a digest.
    private func heldDigests(next: [String: Rule]) -> [String: SummaryFigures] {
        var held: [String: SummaryFigures] = [:]
        for (index, rule) in ruleSet.rules.enumerated() where next[rule.name]?.stateHash != rule.stateHash {
            held[rule.name] = rules[index].digest
        }
        return held
    }

    /// Has a rule tell in its next digest what the rule of its name before it could not.
    private mutating func takeOver(_ digest: SummaryFigures, ruleNamed name: String) {
        guard let index = indices[name], let schedule = ruleSet.rules[index].digest else { return }
        rules[index].digest = digest
        rules[index].digestDeadline = next(schedule)
        changed.insert(.digest(rule: index))
    }

    private mutating func removeRowsOfChangedRules(next: [String: Rule]) {
        for (index, rule) in ruleSet.rules.enumerated() where next[rule.name]?.stateHash != rule.stateHash {
            for key in rules[index].groups.keys { removedRows.insert(GroupState.rowKey(rule.name, key)) }
            if rule.digest != nil { removedRows.insert(RuleState.digestKey(rule.name)) }
        }
    }

    /// A recipient that is told nothing any more gets what was held back from it, at its old addresses.
    private mutating func releaseGoneRecipients(_ next: RuleSet, _ turn: inout Turn) {
        let staying = Set(Self.recipients(next).map(\.name))
        for (name, state) in recipients.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        where !staying.contains(name) {
            removedRows.insert(RecipientState.rowKey(name))
            guard let summary = state.gathered else { continue }
            notify(of: summary, state, &turn)
        }
    }

    /// The keys of what changed, by the numbers that rules have now; those of rules that went are dropped.
    private func renumbered(_ keys: Set<StateKey>, from old: [String: Int]) -> Set<StateKey> {
        var now: [Int: Int] = [:]
        for (name, index) in old { if let next = indices[name] { now[index] = next } }
        return Set(
            keys.compactMap { key in
                switch key {
                case .group(let rule, let group): now[rule].map { .group(rule: $0, key: group) }
                case .digest(let rule): now[rule].map { .digest(rule: $0) }
                case .recipient, .mails, .silence: key
                }
            })
    }

    /// Finds out anew whose slots wait for the end of their mails.
    mutating func findSlotHolders() {
        slotHolders = [:]
        for index in rules.indices {
            for (key, group) in rules[index].groups {
                for slot in group.throttle?.slots ?? [] where !slot.isConfirmed {
                    slotHolders[slot.notification] = SlotHolder(rule: index, key: key)
                }
            }
        }
    }
}

extension RecipientState {
    /// The state of a recipient as the file has it now, with what was gathered and sent before.
    init(_ recipient: Recipient, keeping old: RecipientState?) {
        self.init(recipient)
        throttle = recipient.throttle.map { ThrottleState($0, keeping: old?.throttle) }
        gathered = old?.gathered
        wasQuiet = old?.wasQuiet ?? false
        deadline = old?.deadline
    }
}

extension ThrottleState {
    /// A throttle that takes over the slots of another one in its place.
    init(_ throttle: Throttle, keeping old: ThrottleState?) {
        self.throttle = throttle
        slots = old?.slots ?? []
        heldBack = old?.heldBack ?? 0
        heldBackSince = old?.heldBackSince
    }
}
