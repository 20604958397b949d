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
        if [.fired, .reminder, .digest].contains(reason), !isAbsence {
            figures.breakdown = inventedBreakdown(of: event)
        }
        if reason.isSummary { figures.summary = inventedSummary(reason, event, key, at: now) }
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

    /// What the event would be alone, as if it had come twelve times, and seven times in the span before.
    private func inventedBreakdown(of event: LoggedEvent) -> Breakdown {
        var cost = 0.0
        if case .double(let amount) = event.facts[.cost] { cost = amount }
        func amount(_ count: Int) -> Breakdown.Amount { .init(count: count, cost: cost * Double(count)) }
        let rankings = Breakdown.facts.compactMap { fact -> Breakdown.Ranking? in
            guard case .string(let text) = event.facts[fact] else { return nil }
            let value = ScalarCut.text(text, scalarsMax: Breakdown.valueScalarsMax)
            return Breakdown.Ranking(
                fact: fact, parts: [Breakdown.Part(value: value, amount: amount(12), before: amount(7))])
        }
        return Breakdown(
            isByCost: false, total: amount(12), span: window?.within ?? .seconds(86_400), isPartial: false,
            rankings: rankings, clusters: [])
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
            samples: isCounted ? Int(value ?? 0) : max(samplesMin, 132), isApproximate: false,
            trend: inventedTrend(of: reason == .noTraffic ? 0 : beyond))
        figures.since = now
        if reason != .fired {
            figures.reminders = reason == .reminder ? 1 : 0
            let age = reason == .reminder ? remind ?? Self.inventedAge : Self.inventedAge
            figures.since = now.advanced(by: .zero - age)
            figures.thread = MailThread(id: "preview-0", at: now.advanced(by: .zero - age))
            figures.peak = isCounted ? beyond + 7 : beyond * 1.25
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
            figures.budget = BudgetFigures(
                spent: shape.limit * 0.8, limit: shape.limit, periodStart: period.lowerBound,
                periodEnd: period.upperBound, endsAt: now.advanced(by: (period.upperBound - now) / 2),
                burn: shape.burn.first)
        default: break
        }
        return figures
    }

    /// A value on the far side of the threshold, or on the near one.
    private func inventedValue(isBeyond: Bool) -> Double {
        let limit = threshold.limit
        switch measure {
        case .absent: return isBeyond ? Double(within.components.seconds) : 1
        case .budget: return 0.8
        case .count, .distinct:
            let first = threshold.comparison == .above ? limit.rounded(.down) + 1 : limit.rounded(.up)
            if threshold.comparison.isLower { return isBeyond ? max(0, first - 1) : first + 2 }
            return isBeyond ? first : max(0, first - 2)
        case .ratio: return min(1, limit * factor(isBeyond))
        default: return limit == 0 ? factor(isBeyond) - 1 : limit * factor(isBeyond)
        }
    }

    private func factor(_ isBeyond: Bool) -> Double { isBeyond == threshold.comparison.isLower ? 0.6 : 1.4 }

    /// A rise towards the end: parts that come together to the value, or that lie around it.
    private func inventedTrend(of value: Double) -> [Double] {
        let shape: [Double] = [0, 0, 1, 0, 1, 2, 1, 3, 2, 4, 3, 5]
        switch measure {
        case .count, .distinct:
            // Whole ones, the last parts first.
            var trend = [Double](repeating: 0, count: shape.count)
            for index in 0..<min(Int(value), 1_000) { trend[shape.count - 1 - (index * index + index / 3) % 7] += 1 }
            return trend
        case .sum, .budget, .change: return shape.map { $0 / 22 * value }
        case .average, .minimum, .maximum, .percentile, .ratio: return shape.map { value * (0.6 + $0 / 10) }
        case .absent, .firstSeen: return []
        }
    }
}
