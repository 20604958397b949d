package import Events
import Expressions

extension Rule {
    /// The reasons that mails of the rule can have, the first one its usual one. What came in quiet hours and what
    /// `at_most` held back becomes a mail of its recipients, whatever the rule.
    package var mailReasons: [NotificationReason] {
        let own: [NotificationReason]
        switch window?.measure {
        case nil: own = [.matched]
        case .firstSeen: own = [.firstSeen]
        case .average, .minimum, .maximum, .percentile, .ratio, .change:
            own = [.fired, .reminder, .recovered, .noTraffic, .ruleChanged]
        case .count, .sum, .distinct, .absent, .budget: own = [.fired, .reminder, .recovered, .ruleChanged]
        }
        return (digest == nil ? own : [.digest]) + [.quietEnded, .overflow]
    }

    /// The notification that the rule would make of this event if it sent a mail for it alone, whatever its condition,
    /// its throttle or a window says: for looking at mails. The figures of a window or a summary are invented.
    ///
    /// - Parameter reason: One of `mailReasons`, or `nil` for the usual one.
    package func preview(
        of event: LoggedEvent, reason wanted: NotificationReason? = nil, at now: Timestamp
    ) -> Notification {
        let reason = wanted ?? mailReasons[0]
        let activation = Activation(facts: event.facts, source: event.key.source, receivedAt: event.receivedAt)
        let key = GroupKey(groupFields, activation)
        // A summary and the end of an alert are decided by time.
        let hasEvent = !reason.isSummary && !reason.isEnd && !isAbsence
        let isOfRecipient = reason == .quietEnded || reason == .overflow
        var figures = Notification.Figures(
            event: reason.isSummary ? nil : event.id, facts: hasEvent ? event.facts : .none,
            condition: isOfRecipient ? nil : condition.map { Notification.condition($0.text) },
            deciding: hasEvent ? condition.map { Notification.deciding($0, event) } ?? [] : [], heldBack: 0,
            heldBackSince: nil, throttle: isOfRecipient ? nil : throttle?.text, nextMailAt: nextMail(reason, at: now))
        if !reason.isSummary, reason != .matched || !groupFields.isEmpty {
            figures.group = zip(groupFields, key.values).map {
                Notification.DecidingValue(name: $0.name, value: $1)
            }
            figures.window = window?.invented(reason, event, activation, at: now)
        }
        if reason.isSummary { figures.summary = inventedSummary(reason, event, key, at: now) }
        if [.fired, .reminder, .digest].contains(reason), !isAbsence {
            figures.breakdown = inventedBreakdown(of: event, behind: figures, at: now)
        }
        figures.attachment = isOfRecipient ? nil : attachment
        let name = reason == .quietEnded ? Engine.quietRule : reason == .overflow ? Engine.overflowRule : self.name
        let notification = Notification(
            id: "preview", rule: name, group: reason.isSummary ? figures.summary?.recipient : key.text, reason: reason,
            severity: severity, at: now, recipients: recipients, template: isOfRecipient ? nil : template,
            subject: isOfRecipient ? nil : subject, holdsThrottleSlot: false, figures: figures)
        return hasEvent ? notification.awaiting(content) : notification
    }

    private var isAbsence: Bool { if case .absent = window?.measure { true } else { false } }

    private func nextMail(_ reason: NotificationReason, at now: Timestamp) -> Timestamp? {
        guard reason == .fired || reason == .reminder else { return nil }
        return window?.remind.map { now.advanced(by: $0) }
    }

    /// As if the event alone had come as often, and had cost as much, as the mail's other figures say; in the span
    /// before seven times for every twelve. `nil` where nothing came.
    private func inventedBreakdown(
        of event: LoggedEvent, behind figures: Notification.Figures, at now: Timestamp
    ) -> Breakdown? {
        let count = figures.summary == nil ? figures.window.map { window?.inventedMatches($0) ?? 0 } : nil
        let matches = count ?? figures.summary.map { window == nil ? $0.count : 30 } ?? 0
        guard matches > 0 else { return nil }
        var cost = Double(matches)
        if case .double(let amount) = event.facts[.cost] { cost *= amount } else { cost = 0 }
        let spent = figures.summary == nil ? figures.window.flatMap { window?.inventedSpending($0) } : nil
        if let spent { cost = spent }
        let before = matches * 7 / 12
        let amounts = (
            now: Breakdown.Amount(count: matches, cost: cost),
            before: Breakdown.Amount(count: before, cost: cost * Double(before) / Double(matches))
        )
        var fixed = figures.summary == nil ? groupFields.map(\.name) : []
        // One value would not be the many that were counted.
        if case .distinct(let of) = window?.measure { fixed.append(of.text) }
        let rankings = Breakdown.facts.compactMap { fact -> Breakdown.Ranking? in
            guard !fixed.contains(fact.name), case .string(let text) = event.facts[fact] else { return nil }
            let value = ScalarCut.text(text, scalarsMax: Breakdown.valueScalarsMax)
            return Breakdown.Ranking(
                fact: fact, parts: [Breakdown.Part(value: value, amount: amounts.now, before: amounts.before)])
        }
        let from = figures.summary.map { digest?.latest(upTo: $0.from) ?? $0.from }
        return Breakdown(
            isByCost: spent != nil, total: amounts.now, span: from.map { now - $0 } ?? window?.within ?? .zero,
            isPartial: false, rankings: rankings, clusters: [])
    }

    /// A few lines as they could have been gathered in the hours before.
    private func inventedSummary(
        _ reason: NotificationReason, _ event: LoggedEvent, _ key: GroupKey, at now: Timestamp
    ) -> SummaryFigures {
        let hour = Duration.seconds(3_600)
        var summary = SummaryFigures(
            from: now.advanced(by: hour * -8), recipient: reason == .digest ? nil : audience.first?.name)
        var signature: String?
        if case .string(let text) = event.facts[.errorSignature] { signature = text }
        var cost = 0.0
        if case .double(let amount) = event.facts[.cost] { cost = amount }
        let turns: [(NotificationReason, String?, Int)] =
            window == nil
            ? [(.matched, signature, 27), (.matched, nil, 3)]
            : [(mailReasons[0] == .firstSeen ? .firstSeen : .fired, nil, 2), (.recovered, nil, 2)]
        for (index, (turn, signature, count)) in turns.enumerated() {
            summary.gather(
                SummaryFigures.Line(
                    rule: name, group: key.text, reason: turn, severity: severity, count: count,
                    first: now.advanced(by: hour * (index - 8)), last: now.advanced(by: hour * (index - 3)),
                    event: event.id, signature: signature, cost: cost * Double(count)))
        }
        return summary
    }
}

extension Window {
    /// How long an invented alert has lasted.
    private static let inventedAge = Duration.seconds(23 * 60)

    /// Figures as the window could have measured them.
    fileprivate func invented(
        _ reason: NotificationReason, _ event: LoggedEvent, _ activation: Activation, at now: Timestamp
    ) -> WindowFigures {
        let beyond = inventedValue(isBeyond: true)
        let value = reason == .noTraffic ? nil : inventedValue(isBeyond: !reason.isEnd)
        let isCounted = if case .count = measure { true } else { false }
        var figures = WindowFigures(
            measure: words, value: value, threshold: thresholdWords, within: within,
            samples: isCounted ? Int(value ?? 0) : max(samplesMin, Self.inventedSamples), isApproximate: false,
            trend: inventedTrend(of: value ?? 0))
        figures.since = now
        if reason != .fired {
            figures.reminders = reason == .reminder ? 1 : 0
            let age = reason == .reminder ? remind ?? Self.inventedAge : Self.inventedAge
            figures.since = now.advanced(by: .zero - age)
            figures.thread = MailThread(id: "preview-0", at: now.advanced(by: .zero - age))
            figures.peak = inventedPeak(beyond)
        }
        switch measure {
        case .absent where reason.isEnd: figures.peak = nil
        case .change(_, _, let against): figures.against = against
        case .firstSeen:
            figures.since = nil
            if case .input(.text(let text)) = intake(activation, isMatch: true) {
                figures.seen = WindowFigures.seen(text)
            }
        case .budget(_, let shape):
            let period = shape.period.bounds(at: now)
            // An alert of a burn rate comes before the limit, and says when it will be reached.
            let burn = reason.isEnd ? nil : shape.burn.first
            figures.budget = BudgetFigures(
                spent: shape.limit * (value ?? 0), limit: shape.limit, periodStart: period.lowerBound,
                periodEnd: period.upperBound,
                endsAt: burn == nil ? nil : now.advanced(by: (period.upperBound - now) / 2), burn: burn)
        default: break
        }
        return figures
    }

    /// How many events or figures stand behind an invented value that is no count.
    private static let inventedSamples = 132

    /// How many matches invented figures speak of.
    fileprivate func inventedMatches(_ figures: WindowFigures) -> Int {
        guard case .ratio = measure, let value = figures.value else { return figures.samples }
        return Int((value * Double(figures.samples)).rounded())
    }

    /// What was spent according to invented figures, where it is the cost that is added up, as a breakdown goes by it.
    fileprivate func inventedSpending(_ figures: WindowFigures) -> Double? {
        switch measure {
        case .sum(let of) where of.text == Fact.cost.name: figures.value
        case .budget(let of, _) where of.text == Fact.cost.name: figures.budget?.spent
        case .change(.sum, let of?, _) where of.text == Fact.cost.name: figures.trend.reduce(0, +)
        default: nil
        }
    }

    /// A value on the far side of the threshold, or one that ends the alert.
    private func inventedValue(isBeyond: Bool) -> Double {
        switch measure {
        case .absent: return isBeyond ? Double(within.components.seconds) : 1
        case .budget(_, let shape): return isBeyond ? (shape.burn.isEmpty ? 1.05 : 0.8) : 0.1
        default: break
        }
        if isBeyond { return inventedValue(threshold, holds: true) }
        return recover.map { inventedValue($0, holds: true) } ?? inventedValue(threshold, holds: false)
    }

    /// A value for which a limit holds, or for which it does not.
    private func inventedValue(_ limit: Threshold, holds: Bool) -> Double {
        let isLower = limit.comparison.isLower == holds
        switch measure {
        case .count, .distinct:
            // The nearest whole number that holds, or the second one that does not.
            let first =
                switch limit.comparison {
                case .above: limit.limit.rounded(.down) + 1
                case .atLeast: limit.limit.rounded(.up)
                case .below: limit.limit.rounded(.up) - 1
                case .atMost: limit.limit.rounded(.down)
                }
            return max(0, holds ? first : isLower ? first - 2 : first + 2)
        default:
            let step = limit.limit == 0 ? 0.4 : limit.limit.magnitude * 0.4
            let value = limit.limit + (isLower ? -step : step)
            if case .ratio = measure { return min(max(value, 0), 1) }
            return value
        }
    }

    /// A value farther beyond the threshold than the one at which the alert began.
    private func inventedPeak(_ beyond: Double) -> Double {
        let isLower = threshold.comparison.isLower
        switch measure {
        case .count, .distinct: return isLower ? max(0, beyond - 1) : beyond + 7
        case .absent: return beyond
        case .ratio: return isLower ? beyond * 0.75 : min(1, beyond * 1.25)
        default: return beyond + (isLower ? -0.25 : 0.25) * beyond.magnitude
        }
    }

    /// A rise towards the end: parts that come together to the value, or that lie around it.
    private func inventedTrend(of value: Double) -> [Double] {
        let parts: [Double] = [0, 0, 1, 0, 1, 2, 1, 3, 2, 4, 3, 5]
        switch measure {
        case .count, .distinct:
            // Whole ones, the last parts first.
            var trend = [Double](repeating: 0, count: parts.count)
            for index in 0..<min(Int(value), 1_000) { trend[parts.count - 1 - (index * index + index / 3) % 7] += 1 }
            return trend
        case .budget(_, let shape): return parts.map { $0 / 22 * value * shape.limit }
        case .sum: return parts.map { $0 / 22 * value }
        // What is compared, which is more than its ratio.
        case .change: return parts.map { $0 * 6 }
        case .average, .minimum, .maximum, .percentile, .ratio: return parts.map { value * (0.6 + $0 / 10) }
        case .absent, .firstSeen: return []
        }
    }
}
