package import Events
import Mail
package import Rules

extension MemoryStore {
    /// A page of events by their number.
    package func events(before: Int64?, limit: Int) async throws(StoreError) -> [EventRecord] {
        try withState { state throws(StoreError) in
            state.events.prefix(before: before).suffix(pageRows(limit)).reversed().map { state.record($0.id, $0.row) }
        }
    }

    /// One event by its number.
    package func event(_ id: Int64) async throws(StoreError) -> EventRecord? {
        try withState { state throws(StoreError) in state.events[id].map { state.record(id, $0) } }
    }

    /// Events by what their sender calls them.
    package func events(calledBy id: String, limit: Int) async throws(StoreError) -> [EventRecord] {
        try withState { state throws(StoreError) in
            state.events.rows.reversed().lazy.filter {
                $0.row.key.id.utf8.elementsEqual(id.utf8) || $0.row.facts.isCalled(id)
            }.prefix(pageRows(limit)).map { [state] in state.record($0.id, $0.row) }
        }
    }

    /// The body while it is kept.
    package func body(ofEvent id: Int64) async throws(StoreError) -> [UInt8]? {
        try withState { state throws(StoreError) in state.events[id]?.body }
    }

    /// The decisions in the order of the bytes of rule and group, as SQLite sorts them.
    package func decisions(aboutEvent id: Int64) async throws(StoreError) -> [Decision] {
        try withState { state throws(StoreError) in
            state.decisions.values.joined().filter { $0.event == id }.sorted { left, right in
                let (first, second) = (DecisionKey(left), DecisionKey(right))
                guard first.rule == second.rule else { return first.rule.lexicographicallyPrecedes(second.rule) }
                guard first.group == second.group else {
                    return (first.group ?? []).lexicographicallyPrecedes(second.group ?? [])
                }
                return left.position < right.position
            }
        }
    }

    /// A page of mails by their number.
    package func deliveries(
        state wanted: DeliveryState?, before: Int64?, limit: Int
    ) async throws(StoreError) -> [DeliveryRecord] {
        try withState { state throws(StoreError) in
            let found = state.deliveries.prefix(before: before).reversed().lazy.filter {
                wanted == nil || $0.row.standing.state == wanted
            }
            return found.prefix(pageRows(limit)).compactMap { [state] in state.record($0.id, $0.row) }
        }
    }

    /// The mails of a notification by its id.
    package func deliveries(ofNotification id: String) async throws(StoreError) -> [DeliveryRecord] {
        try withState { state throws(StoreError) in
            let stored = state.notifications.rows.first { $0.row.notification.id.utf8.elementsEqual(id.utf8) }
            return (stored?.row.deliveries ?? []).compactMap { number in
                state.deliveries[number].flatMap { state.record(number, $0) }
            }
        }
    }

    /// One mail with its attempts and message.
    package func delivery(_ id: Int64) async throws(StoreError) -> DeliveryDetail? {
        try withState { state throws(StoreError) in
            guard let row = state.deliveries[id], let record = state.record(id, row) else { return nil }
            return DeliveryDetail(record: record, message: row.message, attempts: row.attempts)
        }
    }

    /// The rule set of the nearest entry before.
    package func ruleSet(inForceAt position: LogPosition) async throws(StoreError) -> StoredRuleSet? {
        try withState { state throws(StoreError) in
            var found: (position: LogPosition, set: StoredRuleSet)?
            for (_, row) in state.log.rows {
                guard let at = row.position, at < position, at > found?.position ?? 0,
                    case .change(.ruleSet(let hash, let text)) = row.content
                else { continue }
                found = (at, StoredRuleSet(hash: hash, text: text))
            }
            return found?.set
        }
    }

    /// The entries that are about silences.
    package func silenceChanges(after position: LogPosition) async throws(StoreError) -> [SilenceChange] {
        try withState { state throws(StoreError) in
            state.log.rows.compactMap { _, row in
                guard case .change(let change) = row.content, row.position.map({ $0 > position }) ?? true
                else { return nil }
                return SilenceChange(at: row.at, change: change)
            }
        }
    }

    /// Counts the decisions by rule, in the order of the bytes of their names.
    package func ruleCounts(since: Timestamp?) async throws(StoreError) -> [RuleCount] {
        try withState { state throws(StoreError) in
            let byRule = Dictionary(
                grouping: state.decisions.values.joined().filter { decision in since.map { decision.at >= $0 } ?? true }
            ) { Array($0.rule.utf8) }
            return byRule.values.compactMap(Self.count).sorted { $0.rule.utf8.lexicographicallyPrecedes($1.rule.utf8) }
        }
    }

    private static func count(_ decisions: [Decision]) -> RuleCount? {
        guard let first = decisions.first else { return nil }
        var counts = (notified: Int64(0), suppressed: Int64(0), faulted: Int64(0))
        var latest = first
        for decision in decisions {
            if decision.position >= latest.position { latest = decision }
            switch decision.outcome {
            case .notified: counts.notified += 1
            case .suppressed: counts.suppressed += 1
            case .faulted: counts.faulted += 1
            }
        }
        return RuleCount(
            rule: first.rule, notified: counts.notified, suppressed: counts.suppressed, faulted: counts.faulted,
            latest: latest.at)
    }

    /// Addresses that the mail server refuses.
    package func refusedRecipients(limit: Int) async throws(StoreError) -> [RefusedRecipient] {
        try withState { state throws(StoreError) in Array(state.refusedRecipients.prefix(pageRows(limit))) }
    }

    /// The addresses that the mail server refuses.
    package func refusedAddresses() async throws(StoreError) -> [String] {
        try withState { state throws(StoreError) in
            state.refusedRecipients.prefix(refusedAddressesMax).map(\.address)
        }
    }

    /// Counts what there is.
    package func status(now: Timestamp) async throws(StoreError) -> StoreStatus {
        try withState { state throws(StoreError) in
            var counts: [DeliveryState: Int64] = [:]
            var oldest: Timestamp?
            for (_, delivery) in state.deliveries.rows {
                counts[delivery.standing.state, default: 0] += 1
                guard delivery.standing.state.isUnfinished else { continue }
                oldest = min(oldest ?? delivery.createdAt, delivery.createdAt)
            }
            let unevaluated = state.log.rows.count { $0.row.position == nil }
            return StoreStatus(
                events: Int64(state.events.count), unevaluated: Int64(unevaluated), deliveries: counts,
                oldestUnfinished: oldest, freeBytes: space.bytes, accepts: space.hasRoom,
                oldestUnevaluated: state.log.rows.first { $0.row.position == nil }?.row.at
            )
        }
    }
}

/// The rows of a page for which `limit` were asked.
func pageRows(_ limit: Int) -> Int {
    min(max(0, limit), pageRowsMax)
}

extension MemoryState {
    /// An event as people look at it.
    func record(_ id: Int64, _ event: Event) -> EventRecord {
        EventRecord(
            id: id, key: event.key, receivedAt: event.receivedAt, isRevision: event.isRevision, facts: event.facts,
            position: rowOfEvent[id].flatMap { log[$0]?.position }, bodyBytes: event.bodyBytes
        )
    }

    /// A mail as people look at it.
    func record(_ id: Int64, _ delivery: StoredDelivery) -> DeliveryRecord? {
        guard let stored = notifications[delivery.notification] else { return nil }
        return DeliveryRecord(
            id: id, notification: stored.notification, recipient: delivery.recipient,
            state: delivery.standing.state, attempts: delivery.standing.attempts, createdAt: delivery.createdAt,
            nextAttemptAt: delivery.standing.nextAt, endedAt: delivery.standing.endedAt,
            lastReply: delivery.attempts.last { $0.endedAt != nil }?.reply, templateFault: delivery.templateFault
        )
    }
}
