import Events
import Rendering
package import Rules
package import Store

/// Finds where the matches behind alerts and digests come from, in the events of the store: after the decision, so that
/// none depends on it, and before the commit, so that a mail needs nothing but its notification.
package struct BreakdownLookup: Sendable {
    /// How many events are looked at for the notifications of one transaction, the newest: their mails wait for it.
    package static let eventsMax = 5_000
    /// After how many notifications with a breakdown no further entry is taken into a transaction.
    package static let batchMax = 20
    /// How many notifications of one transaction get a breakdown: one event can bring thousands of alerts.
    static let notificationsMax = 50

    private let store: any StoreReading

    package init(store: any StoreReading) {
        self.store = store
    }

    /// The notifications with their breakdown, where they have one. A store that cannot be read just now costs the
    /// breakdown and no mail; throws when it can no longer be used.
    ///
    /// - Parameter ruleSet: The rules that decided them.
    package func filledIn(
        _ notifications: [Notification], by ruleSet: RuleSet
    ) async throws(StoreError) -> [Notification] {
        guard notifications.contains(where: { $0.figures.window != nil || $0.figures.summary != nil }) else {
            return notifications
        }
        let rules = Dictionary(ruleSet.rules.map { ($0.name, $0) }) { first, _ in first }
        var wanted: [(index: Int, gatherer: BreakdownGatherer)] = []
        for (index, notification) in notifications.enumerated() where wanted.count < Self.notificationsMax {
            guard let gatherer = rules[notification.rule].flatMap({ BreakdownGatherer(notification, of: $0) }) else {
                continue
            }
            wanted.append((index, gatherer))
        }
        guard !wanted.isEmpty else { return notifications }
        do throws(StoreError) {
            return try await filledIn(notifications, wanted)
        } catch {
            if error.endsEvaluation { throw error }
            return notifications
        }
    }

    private func filledIn(
        _ notifications: [Notification], _ wanted: [(index: Int, gatherer: BreakdownGatherer)]
    ) async throws(StoreError) -> [Notification] {
        let events = try await newestEvents(since: wanted.map(\.gatherer.start).min())
        var result = notifications
        for (index, wish) in wanted {
            var gatherer = wish
            for event in events.found { gatherer.take(event) }
            let reachesStart = events.oldest.map { $0 <= gatherer.start } ?? false
            let isPartial = events.isCut && !reachesStart && (events.oldest.map { $0 > gatherer.middle } ?? false)
            let breakdown = gatherer.breakdown(knowsBefore: reachesStart, isPartial: isPartial) {
                Redaction.redacted($0)
            }
            if let breakdown { result[index] = result[index].showing(breakdown) }
        }
        return result
    }

    private struct Found {
        /// The newest first.
        var found: [LoggedEvent] = []
        /// When the oldest of them was received.
        var oldest: Timestamp?
        /// Whether there may be older ones.
        var isCut = true
    }

    /// The newest events, back to one that was received at `start` or before, and no more than `eventsMax`.
    private func newestEvents(since start: Timestamp?) async throws(StoreError) -> Found {
        var result = Found()
        var before: Int64?
        while result.found.count < Self.eventsMax {
            let page = try await store.events(before: before, limit: pageRowsMax)
            result.found += page.map {
                LoggedEvent(
                    id: $0.id, key: $0.key, receivedAt: $0.receivedAt, isRevision: $0.isRevision, facts: $0.facts)
            }
            guard let last = page.last else {
                result.isCut = false
                break
            }
            result.oldest = last.receivedAt
            before = last.id
            if let start, last.receivedAt <= start { break }
        }
        return result
    }
}
