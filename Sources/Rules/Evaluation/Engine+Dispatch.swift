import Events
import Expressions

/// From a match to a mail: what may hold it back is asked in one order, and the first that does is the reason.
///
/// Mute, silence and inhibition come first: what they hold back is told by nobody. Then the rule's digest, which
/// gathers it; the rule's `at_most`, which counts it; quiet hours and `at_most` of each recipient and `at_most` of all
/// mails, which gather it into the recipient's next summary. A slot is taken only for what becomes a mail.
extension Engine {
    /// What became of something to tell.
    enum Dispatched {
        /// A notification with this id was made, and its decision.
        case notified(String)
        /// A summary will tell of it.
        case gathered(SuppressionReason)
        /// Nothing will, unless it is tried again; `retryAt` says when that may help. `silenced` without it: each of
        /// those to tell has a silence of its own.
        case suppressed(SuppressionReason, retryAt: Timestamp?)
    }

    /// Tells of an event that matched, and keeps the decision.
    mutating func take(match telling: Telling, _ turn: inout Turn) {
        let rule = ruleSet.rules[telling.rule]
        switch dispatch(telling, &turn) {
        case .notified: break
        case .gathered(let reason), .suppressed(let reason, _):
            turn.decide(rule.name, telling.key, event: telling.event?.id, .suppressed(reason))
        }
    }

    /// Sends, gathers or suppresses. Of what is sent the decision is kept here, of anything else by the caller.
    mutating func dispatch(_ telling: Telling, _ turn: inout Turn) -> Dispatched {
        let rule = ruleSet.rules[telling.rule]
        if !telling.isLast, let held = hold(telling, rule) { return held }
        if let schedule = rule.digest, telling.reason != .digest {
            if !telling.isLast, !rule.audience.isEmpty,
                Self.without(silenced(Self.addresses(rule.audience), telling, rule), rule.audience).isEmpty
            {
                return .suppressed(.silenced, retryAt: nil)
            }
            var digest = rules[telling.rule].digest
            gather(
                telling, rule, into: &digest, recipient: nil,
                keptFrom: silenced(Self.addresses(rule.audience), telling, rule).map(\.recipient))
            rules[telling.rule].digest = digest
            changed.insert(.digest(rule: telling.rule))
            if rules[telling.rule].digestDeadline == nil {
                setDigestDeadline(ruleAt: telling.rule, next(schedule))
            }
            return .gathered(.digested)
        }
        if telling.takesSlot, !telling.isLast, let held = holdForThrottle(telling, rule) { return held }
        return send(telling, rule, &turn)
    }

    // MARK: Mute, silence, inhibition

    private func hold(_ telling: Telling, _ rule: Rule) -> Dispatched? {
        for mute in ruleSet.mutes where mute.rules.contains(rule.name) && mute.during.contains(now) {
            return .suppressed(.muted, retryAt: mute.during.nextBoundary(after: now))
        }
        if let silence = silences.match(subject(telling, rule), at: now) {
            return .suppressed(.silenced, retryAt: silence.until)
        }
        if telling.reason == .matched || telling.reason == .fired || telling.reason == .reminder
            || telling.reason == .firstSeen, isInhibited(telling, rule)
        {
            return .suppressed(.inhibited, retryAt: nil)
        }
        return nil
    }

    /// What silences are asked about. The group of all that found no place of their own has no values.
    func subject(_ telling: Telling, _ rule: Rule) -> SilenceSubject {
        let values = telling.key == .other ? [] : telling.key.values
        let group = zip(rule.groupFields, values).map { (name: $0.name, value: $1) }
        return SilenceSubject(rule: rule.name, severity: rule.severity, group: group, event: telling.event)
    }

    /// Whether another rule's alert explains this one.
    private func isInhibited(_ telling: Telling, _ rule: Rule) -> Bool {
        ruleSet.inhibitions.contains { inhibition in
            guard inhibition.mutes.contains(rule.name), let source = indices[inhibition.source] else { return false }
            let fields = ruleSet.rules[source].groupFields.map(\.name)
            return rules[source].groups.contains { key, group in
                guard group.alert.isFiring, source != telling.rule || key != telling.key else { return false }
                return inhibition.same.allSatisfy { name in
                    guard let index = fields.firstIndex(of: name), key.values.indices.contains(index) else {
                        return false
                    }
                    return value(of: name, ruleSet.rules[source].groupFields[index], telling, rule) == key.values[index]
                }
            }
        }
    }

    /// The value of a field: of the group where the rule has it, else of the event.
    private func value(of name: String, _ field: GroupField, _ telling: Telling, _ rule: Rule) -> String? {
        if let index = rule.groupFields.firstIndex(where: { $0.name == name }) {
            let values = telling.key.values
            return values.indices.contains(index) ? values[index] : nil
        }
        guard let event = telling.event else { return nil }
        let activation = Activation(facts: event.facts, source: event.key.source, receivedAt: event.receivedAt)
        return GroupKey([field], activation).values.first
    }

    // MARK: The rule's own throttle

    private mutating func holdForThrottle(_ telling: Telling, _ rule: Rule) -> Dispatched? {
        guard let throttle = rules[telling.rule].groups[telling.key]?.throttle, !throttle.hasRoom(at: now) else {
            return nil
        }
        if !telling.isCounted {
            rules[telling.rule].groups[telling.key]?.throttle?.holdBack(at: now)
            changed.insert(.group(rule: telling.rule, key: telling.key))
        }
        return .suppressed(.throttled, retryAt: throttle.nextMailAt(now))
    }

    // MARK: Recipients

    private mutating func send(_ telling: Telling, _ rule: Rule, _ turn: inout Turn) -> Dispatched {
        var audience = rule.audience
        if telling.isEscalated { audience += rule.window?.escalation?.recipients ?? [] }
        let isTold = !audience.isEmpty
        // A digest is asked about by what it holds: it has no event of its own.
        let silenced =
            telling.summary.map { leftOut(of: $0, among: Self.addresses(audience)) }
            ?? silenced(Self.addresses(audience), telling, rule)
        audience = Self.without(silenced, audience)
        if isTold, audience.isEmpty { return .suppressed(.silenced, retryAt: nil) }
        var (told, withheld) = parted(audience, severity: rule.severity)
        let addresses = Self.addresses(told)
        if let mails, !addresses.isEmpty, !mails.hasRoom(for: addresses.count, at: now) {
            withheld += told.map { Notification.Withheld(recipient: $0.name, reason: .mailsThrottled) }
            told = []
        }
        for held in withheld { gather(telling, rule, for: held) }
        guard !told.isEmpty else {
            return .gathered(withheld.first?.reason ?? .recipientThrottled)
        }
        withheld += silenced
        guard let summary = telling.summary else {
            return tell(told, telling, rule, withheld: withheld, &turn)
        }
        // A digest may hold matches that not every recipient is told of.
        var outcome: Dispatched?
        let parted = parts(of: summary, for: Self.addresses(told))
        let gathered = withheld.first { $0.reason != .silenced }
        for part in parted.parts {
            var telling = telling
            telling.summary = part.summary
            telling.isFurther = outcome != nil
            let audience = told.map { $0.only($0.addresses.filter(part.addresses.contains)) }
            let told = tell(
                audience.filter { !$0.addresses.isEmpty }, telling, rule, withheld: withheld + part.withheld, &turn)
            outcome = outcome ?? told
        }
        // Who is told later may still be told of them.
        if gathered == nil { decide(untold: parted.untold, &turn) }
        return outcome ?? gathered.map { .gathered($0.reason) } ?? .suppressed(.silenced, retryAt: nil)
    }

    /// Makes the notification for those who are told.
    private mutating func tell(
        _ told: [Recipient], _ telling: Telling, _ rule: Rule, withheld: [Notification.Withheld], _ turn: inout Turn
    ) -> Dispatched {
        let addresses = Self.addresses(told)
        let number = turn.nextNumber
        var holdsSlot = takeSlots(told, mails: addresses.count, number)
        var permit: ThrottleState.Permit?
        if telling.takesSlot, rules[telling.rule].groups[telling.key]?.throttle != nil {
            permit = rules[telling.rule].groups[telling.key]?.throttle?.take(number, at: now)
            slotHolders[number] = SlotHolder(rule: telling.rule, key: telling.key)
            changed.insert(.group(rule: telling.rule, key: telling.key))
            holdsSlot = true
        }
        let group = telling.reason == .digest ? Self.digestGroup : telling.key.text
        turn.decide(rule.name, named: group, event: telling.event?.id, .notified(number.id))
        turn.notify(
            notification(
                telling, rule, number, addresses: addresses, withheld: withheld, permit: permit, holdsSlot: holdsSlot))
        return .notified(number.id)
    }

    /// Who can be told now, and who cannot, for which reason.
    private func parted(
        _ audience: [Recipient], severity: Severity
    ) -> (told: [Recipient], withheld: [Notification.Withheld]) {
        var told: [Recipient] = []
        var withheld: [Notification.Withheld] = []
        var seen: Set<String> = []
        for recipient in audience where seen.insert(recipient.name).inserted {
            if severity != .urgent, let quiet = recipient.quiet, quiet.contains(now) {
                withheld.append(Notification.Withheld(recipient: recipient.name, reason: .quiet))
            } else if let throttle = recipients[recipient.name]?.throttle,
                !throttle.hasRoom(for: recipient.addresses.count, at: now)
            {
                withheld.append(Notification.Withheld(recipient: recipient.name, reason: .recipientThrottled))
            } else {
                told.append(recipient)
            }
        }
        return (told, withheld)
    }

    static func addresses(_ recipients: [Recipient]) -> [String] {
        var seen: Set<String> = []
        return recipients.flatMap(\.addresses).filter { seen.insert($0).inserted }
    }

    /// Takes slots of the recipients' throttles and of that of all mails. Returns whether there was any to take.
    mutating func takeSlots(_ told: [Recipient], mails count: Int, _ number: NotificationNumber) -> Bool {
        var holds = false
        for recipient in told where recipients[recipient.name]?.throttle != nil {
            _ = recipients[recipient.name]?.throttle?.take(number, mails: recipient.addresses.count, at: now)
            changed.insert(.recipient(recipient.name))
            holds = true
        }
        if mails != nil {
            _ = mails?.take(number, mails: count, at: now)
            changed.insert(.mails)
            holds = true
        }
        return holds
    }

    // MARK: Notifications

    private func notification(
        _ telling: Telling, _ rule: Rule, _ number: NotificationNumber, addresses: [String],
        withheld: [Notification.Withheld], permit: ThrottleState.Permit?, holdsSlot: Bool
    ) -> Notification {
        let event = telling.event
        var figures = Notification.Figures(
            event: event?.id ?? rules[telling.rule].groups[telling.key]?.lastEvent, facts: event?.facts ?? .none,
            condition: rule.condition.map { Notification.condition($0.text) },
            deciding: event.flatMap { event in rule.condition.map { Notification.deciding($0, event) } } ?? [],
            heldBack: permit?.heldBack ?? 0, heldBackSince: permit?.heldBackSince, throttle: rule.throttle?.text,
            nextMailAt: permit?.nextMailAt ?? telling.nextMailAt)
        figures.group = zip(rule.groupFields, telling.key.values).map {
            Notification.DecidingValue(name: $0.name, value: $1)
        }
        figures.window = telling.window
        figures.summary = telling.summary
        figures.withheld = withheld
        figures.attachment = rule.attachment
        if !telling.reason.isSummary, telling.reason != .matched {
            let inhibited = ruleSet.inhibitions.filter { $0.source == rule.name }.flatMap(\.mutes)
            figures.inhibits = Array(Set(inhibited).sorted().prefix(Notification.inhibitsMax))
        }
        let notification = Notification(
            id: number.id, rule: rule.name, group: telling.key.text, reason: telling.reason, severity: rule.severity,
            at: now, recipients: addresses, template: rule.template, subject: rule.subject,
            holdsThrottleSlot: holdsSlot, figures: figures)
        return event == nil ? notification : notification.awaiting(rule.content)
    }

    // MARK: Ends

    /// A mail that was not delivered gives its slots back; a delivered one keeps them for good.
    mutating func settle(_ end: NotificationEnd) {
        guard let number = NotificationNumber(id: end.notification) else { return }
        if let holder = slotHolders[number], ruleSet.rules[holder.rule].name == end.rule {
            slotHolders[number] = nil
            let settled = rules[holder.rule].groups[holder.key]?.throttle?.settle(number, as: end.outcome, at: now)
            if settled == true { changed.insert(.group(rule: holder.rule, key: holder.key)) }
        }
        for name in recipients.keys where recipients[name]?.throttle != nil {
            if recipients[name]?.throttle?.settle(number, as: end.outcome, at: now) == true {
                changed.insert(.recipient(name))
            }
        }
        if mails?.settle(number, as: end.outcome, at: now) == true { changed.insert(.mails) }
    }
}
