package import Events
import Mail
import Rules

extension MemoryStore {
    /// Prunes at once: a store in memory is small.
    package func prune(_ retention: Retention, now: Timestamp) async throws(StoreError) -> PruneReport {
        try withState { state throws(StoreError) in
            let now = state.present(now)
            var pruning = MemoryPruning()
            pruning.bodies(of: &state, until: .older(than: retention.bodies.map { now.advanced(by: .zero - $0) }))
            pruning.mails(of: &state, until: .older(than: now.advanced(by: .zero - retention.mails)))
            pruning.events(of: &state, until: .older(than: now.advanced(by: .zero - retention.events)))
            pruning.bodies(of: &state, until: .fits(excess: state.bytes - retention.bytesMax))
            pruning.mails(of: &state, until: .fits(excess: state.bytes - retention.bytesMax))
            pruning.events(of: &state, until: .fits(excess: state.bytes - retention.bytesMax))
            return pruning.report
        }
    }
}

/// One pruning and its count.
private struct MemoryPruning {
    /// When a pruning has removed enough.
    enum Goal {
        /// Everything before this instant goes; with `nil` everything.
        case older(than: Timestamp?)
        /// The oldest go until this many bytes have gone.
        case fits(excess: Int64)

        /// Whether something of this age goes.
        func takes(_ at: Timestamp, removedBytes: Int64) -> Bool {
            switch self {
            case .older(let cutoff): cutoff.map { at < $0 } ?? true
            case .fits(let excess): removedBytes < excess
            }
        }
    }

    private var bodies = 0
    private var events = 0
    private var mails = 0

    var report: PruneReport { PruneReport(bodies: bodies, events: events, mails: mails) }

    /// Removes bodies, oldest first.
    mutating func bodies(of state: inout MemoryState, until goal: Goal) {
        var removedBytes: Int64 = 0
        for (id, event) in state.events.rows {
            guard let body = event.body, let row = state.rowOfEvent[id], let logged = state.log[row]?.at else {
                continue
            }
            let at = state.rebased(logged, atRow: row)
            guard goal.takes(at, removedBytes: removedBytes) else { return }
            state.events[id]?.body = nil
            removedBytes += Int64(body.count)
            bodies += 1
        }
    }

    /// Removes the mails of ended notifications, first ended first.
    mutating func mails(of state: inout MemoryState, until goal: Goal) {
        var removed: Set<Int64> = []
        var deliveries: Set<Int64> = []
        var removedBytes: Int64 = 0
        let ended = state.notifications.rows.compactMap { number, row in row.endedAt.map { (at: $0, number: number) } }
        for (endedAt, number) in ended.sorted(by: { $0 < $1 }) {
            guard goal.takes(endedAt, removedBytes: removedBytes) else { break }
            guard let stored = state.notifications[number] else { continue }
            removed.insert(number)
            deliveries.formUnion(stored.deliveries)
            state.notificationIDs.remove(Array(stored.notification.id.utf8))
            removedBytes += stored.deliveries.reduce(0) { $0 + (state.deliveries[$1]?.messageBytes ?? 0) }
        }
        state.notifications.remove(removed)
        state.deliveries.remove(deliveries)
        mails += deliveries.count
    }

    /// Removes evaluated log entries up to the last snapshot of engine state with their events and decisions, oldest
    /// first, but for events of unfinished mails, and for steps of the clock while anything is older.
    mutating func events(of state: inout MemoryState, until goal: Goal) {
        let unfinished = state.notifications.rows.filter { $0.row.endedAt == nil }
        let needed = Set(unfinished.compactMap { $0.row.notification.figures.event })
        var rows: Set<Int64> = []
        var removed: Set<Int64> = []
        var removedBytes: Int64 = 0
        let kept = state.engineState[Array(EvaluatorState.snapshotKey.utf8)]?.value
        let snapshot = kept.flatMap(EvaluatorState.snapshotPosition) ?? .max
        var isOlderKept = false
        for (number, row) in state.log.rows {
            guard let position = row.position, position <= snapshot,
                goal.takes(state.rebased(row.at, atRow: number), removedBytes: removedBytes)
            else { break }
            if isOlderKept, case .change(.clockStep) = row.content { continue }
            if case .event(let event) = row.content {
                guard !needed.contains(event) else {
                    isOlderKept = true
                    continue
                }
                if state.events[event]?.body != nil { bodies += 1 }
                removedBytes += state.events[event]?.factsBytes ?? 0
                removed.insert(event)
                state.rowOfEvent[event] = nil
            }
            rows.insert(number)
            state.decisions[position] = nil
        }
        state.forgetKeys(of: removed)
        state.log.remove(rows)
        state.events.remove(removed)
        events += removed.count
    }
}

extension MemoryState.StoredDelivery {
    /// The size of the message, 0 before it is composed.
    fileprivate var messageBytes: Int64 { Int64(message?.bytes.count ?? 0) }
}

extension MemoryState {
    /// What the store takes, roughly: bodies, facts and messages.
    fileprivate var bytes: Int64 {
        let stored = events.rows.reduce(0) { $0 + $1.row.factsBytes + Int64($1.row.body?.count ?? 0) }
        return deliveries.rows.reduce(stored) { $0 + $1.row.messageBytes }
    }

    /// Forgets keys whose first version goes, and revisions that go.
    fileprivate mutating func forgetKeys(of removed: Set<Int64>) {
        guard !removed.isEmpty else { return }
        keys = keys.filter { !removed.contains($0.value.event) }.mapValues { known in
            var known = known
            known.revisions = known.revisions.filter { !removed.contains($0.value) }
            return known
        }
    }
}
