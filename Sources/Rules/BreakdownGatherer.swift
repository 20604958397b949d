package import Events
import Expressions

/// Gathers the breakdown of one notification from events, the newest first: those that its rule matches, of its group,
/// within the span it measured and within the one before.
package struct BreakdownGatherer {
    /// What one value of a fact came to in both spans.
    fileprivate struct Tally {
        var now = Breakdown.Amount()
        var before = Breakdown.Amount()
    }

    private struct Cluster {
        var count = 0
        var first: Timestamp
        let last: Timestamp
        let event: LoggedEvent
    }

    private let rule: Rule
    /// The values of `per`, or `nil` where every group counts.
    private let group: [String]?
    private let end: Timestamp
    private let span: Duration
    /// Events received before this instant are not needed.
    package let start: Timestamp
    /// Where the span that is broken down begins; what came at this very instant belongs to the one before.
    package let middle: Timestamp
    /// When the first match came that a digest tells of, which belongs to it also where its span begins.
    private let firstMatch: Timestamp?
    /// The first and the last event that a digest tells of, which belong to it however late it came; `nil` where its
    /// span says what does.
    private let gathered: ClosedRange<Int64>?
    /// The newest event that may count.
    private let newest: Int64
    private let facts: [Fact]
    private var total = Tally()
    private var failed = 0
    private var values: [[String: Tally]]
    private var clusters: [String: Cluster] = [:]

    /// `nil` where there is nothing to break down: mails about one event, ends, what no match stands behind, and the
    /// digest of whom silences keep a part from, which all matches together would tell of.
    package init?(_ notification: Notification, of rule: Rule) {
        let figures = notification.figures
        guard
            !figures.withheld.contains(where: { held in
                held.reason == .silenced && notification.recipients.contains(held.recipient)
            })
        else { return nil }
        switch (notification.reason, rule.window?.measure, figures.window, figures.summary) {
        case (.fired, .absent, _, _), (.reminder, .absent, _, _): return nil
        case (.fired, _?, let window?, _), (.reminder, _?, let window?, _):
            middle = notification.at.advanced(by: .zero - window.within)
            span = window.within
            group = figures.group.map(\.value)
            firstMatch = nil
            gathered = nil
        case (.digest, _, _, let summary?):
            // The time since the digest before was due, however late in it the first match came; from one time of the
            // schedule to another, where the mail was made a moment after it was due.
            let from = rule.digest?.latest(upTo: summary.from) ?? summary.from
            let due = rule.digest?.latest(upTo: notification.at) ?? notification.at
            middle = from
            span = max(.seconds(1), (due > from ? due : notification.at) - from)
            group = nil
            firstMatch = summary.from
            // Turns of alerts, which the digest of a rule with a window tells of, stand for more than their events.
            gathered = rule.window == nil ? summary.events : nil
        default: return nil
        }
        guard group != GroupKey.other.values else { return nil }
        self.rule = rule
        end = notification.at
        start = middle.advanced(by: .zero - span)
        newest = gathered?.upperBound ?? figures.event ?? .max
        let fixed = group == nil ? [] : rule.groupFields.compactMap { Fact.named($0.name) }
        facts = Breakdown.facts.filter { !fixed.contains($0) }
        values = facts.map { _ in [:] }
    }

    /// Takes an event that is older than those before it.
    package mutating func take(_ event: LoggedEvent) {
        guard event.id <= newest, event.receivedAt <= end, !event.isRevision || rule.takesRevisions else { return }
        let activation = Activation(facts: event.facts, source: event.key.source, receivedAt: event.receivedAt)
        if let condition = rule.condition {
            guard case .yes = condition.verdict(for: activation) else { return }
        }
        if let group, GroupKey(rule.groupFields, activation).values != group { return }
        let received = event.receivedAt
        let at = rule.window?.clock == .event ? min(event.facts.timestamp ?? received, received) : received
        guard at > start else { return }
        guard let gathered else { return count(event, isNow: at > middle || at == firstMatch) }
        // What came before it, and after its span began, the digest before told of, which came late itself.
        if gathered.contains(event.id) || at <= middle { count(event, isNow: gathered.contains(event.id)) }
    }

    private mutating func count(_ event: LoggedEvent, isNow: Bool) {
        var cost = 0.0
        if case .double(let amount) = event.facts[.cost], amount.magnitude < Self.costMax { cost = amount }
        total.add(cost, isNow: isNow)
        for (index, fact) in facts.enumerated() {
            values[index][Self.text(event.facts[fact]) ?? "", default: Tally()].add(cost, isNow: isNow)
        }
        guard isNow, case .bool(true) = event.facts[.failed] else { return }
        failed += 1
        guard case .string(let text) = event.facts[.errorSignature] else { return }
        let signature = ScalarCut.text(text, scalarsMax: SummaryFigures.signatureScalarsMax)
        var cluster = clusters[signature] ?? Cluster(first: event.receivedAt, last: event.receivedAt, event: event)
        cluster.count += 1
        cluster.first = min(cluster.first, event.receivedAt)
        clusters[signature] = cluster
    }

    /// Costs of a greater magnitude are not counted: nothing costs so much.
    private static let costMax = 1e12

    private static func text(_ value: FactValue) -> String? {
        switch value {
        case .string(let text): text
        case .int(let number): String(number)
        default: nil
        }
    }

    // MARK: What came of it

    /// The breakdown of what was taken, or `nil` where nothing matched.
    ///
    /// - Parameters:
    ///   - knowsBefore: Whether every event of the span before was there to be taken.
    ///   - isPartial: Whether there are older events in the span that were not taken.
    ///   - sample: Makes the sample of an error text: redacted.
    package func breakdown(knowsBefore: Bool, isPartial: Bool, sample: (String) -> String) -> Breakdown? {
        guard total.now.count > 0 else { return nil }
        let isByCost = isByCost
        let rankings = zip(facts, values).compactMap { fact, tallies in
            ranking(of: fact, tallies, isByCost: isByCost, knowsBefore: knowsBefore)
        }
        let first = clusters.sorted {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }.prefix(Breakdown.clustersMax)
        return Breakdown(
            isByCost: isByCost, total: total.now, span: span, isPartial: isPartial, rankings: rankings,
            clusters: first.map { signature, cluster in
                Breakdown.Cluster(
                    signature: signature, count: cluster.count, first: cluster.first, last: cluster.last,
                    event: cluster.event.id,
                    sample: Self.text(cluster.event.facts[.errorMessage]).map {
                        ScalarCut.text(sample($0), scalarsMax: Breakdown.sampleScalarsMax)
                    })
            })
    }

    /// What is measured decides; a digest goes by cost unless it is mostly of failures.
    private var isByCost: Bool {
        guard total.now.cost > 0 else { return false }
        switch rule.window?.measure {
        case .sum(let of), .budget(let of, _): return of.text == Fact.cost.name
        case .change(.sum, let of?, _): return of.text == Fact.cost.name
        case nil: return failed * 2 < total.now.count
        default: return false
        }
    }

    private func ranking(
        of fact: Fact, _ tallies: [String: Tally], isByCost: Bool, knowsBefore: Bool
    ) -> Breakdown.Ranking? {
        // Where no event has the fact there is nothing to tell.
        guard tallies.contains(where: { !$0.key.isEmpty && $0.value.now.count > 0 }) else { return nil }
        let first = tallies.filter { $0.value.now.count > 0 }.sorted { left, right in
            let (less, more) = (left.value.now, right.value.now)
            if isByCost, less.cost != more.cost { return less.cost > more.cost }
            if less.count != more.count { return less.count > more.count }
            return left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
        }
        return Breakdown.Ranking(
            fact: fact,
            parts: first.prefix(Breakdown.partsMax).map { value, tally in
                Breakdown.Part(
                    value: value.isEmpty ? nil : ScalarCut.text(value, scalarsMax: Breakdown.valueScalarsMax),
                    amount: tally.now, before: knowsBefore ? tally.before : nil)
            })
    }
}

extension BreakdownGatherer.Tally {
    fileprivate mutating func add(_ cost: Double, isNow: Bool) {
        if isNow { now.add(cost) } else { before.add(cost) }
    }
}

extension Breakdown.Amount {
    fileprivate mutating func add(_ cost: Double) {
        count += 1
        self.cost += cost
    }
}
