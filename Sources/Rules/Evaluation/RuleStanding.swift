package import Events

/// How a rule stands at one moment, for people who look at it.
package struct RuleStanding: Sendable {
    /// One group of the rule.
    package struct Group: Sendable {
        /// The values of `per`, or `nil` for a rule without groups.
        package let group: String?
        /// What is in the window, or `nil` without one.
        package let window: WindowFigures?
        /// `ok`, `pending` or `firing`.
        package let phase: String
        /// Since when it is pending or firing.
        package let since: Timestamp?
        /// Why a firing alert could not be told, or `nil`.
        package let untold: SuppressionReason?
        package let throttle: ThrottleStanding?
        /// The store's number of the last event that counted.
        package let lastEvent: Int64?
        /// When time alone will have something to do here.
        package let nextEvaluation: Timestamp?
    }

    /// Those that fire first, then the ones touched last.
    package let groups: [Group]
    /// How many groups there are in all.
    package let groupCount: Int
    /// When an event last counted in one of the groups that are remembered: a match, and for a `ratio` any event that
    /// it is measured among. `nil` where there was none.
    package let lastCounted: Timestamp?
    /// Groups that were forgotten because there were too many.
    package let forgottenGroups: Int
    /// What waits for the rule's digest, and when it is due.
    package let digest: SummaryFigures?
    package let digestAt: Timestamp?
}

extension Engine {
    /// The index of a rule that is in force as it is given here.
    private func index(of rule: Rule) -> Int? {
        indices[rule.name].flatMap { ruleSet.rules[$0].stateHash == rule.stateHash ? $0 : nil }
    }

    /// How a rule stands at `now`, or `nil` where it is not in force as it is given here.
    ///
    /// - Parameter limit: The most groups to show.
    package func standing(of rule: Rule, at now: Timestamp, limit: Int = 20) -> RuleStanding? {
        guard let index = index(of: rule) else { return nil }
        let state = rules[index]
        let order = state.groups.sorted { left, right in
            if left.value.alert.isOK != right.value.alert.isOK { return right.value.alert.isOK }
            if left.value.touchedAt != right.value.touchedAt { return left.value.touchedAt > right.value.touchedAt }
            return left.key < right.key
        }
        return RuleStanding(
            groups: order.prefix(limit).map { standing(ruleAt: index, $0.key, $0.value, at: now) },
            groupCount: state.groups.count,
            lastCounted: state.groups.values.filter { $0.lastEvent != nil }.map(\.touchedAt).max(),
            forgottenGroups: state.forgottenGroups, digest: state.digest,
            digestAt: state.digestDeadline)
    }

    /// How the group of an event stands, or `nil` where there is nothing to know.
    package func standing(of rule: Rule, group key: GroupKey, at now: Timestamp) -> RuleStanding.Group? {
        guard let index = index(of: rule), let group = rules[index].groups[key] else { return nil }
        return standing(ruleAt: index, key, group, at: now)
    }

    private func standing(
        ruleAt index: Int, _ key: GroupKey, _ group: GroupState, at now: Timestamp
    ) -> RuleStanding.Group {
        let phase: (String, Timestamp?) =
            switch group.alert.phase {
            case .ok: ("ok", nil)
            case .pending(let since): ("pending", since)
            case .firing(let since): ("firing", since)
            }
        let measure = group.contents?.measure(at: now) ?? WindowMeasure(value: nil, samples: 0)
        return RuleStanding.Group(
            group: key.text, window: figures(ruleAt: index, key, measure), phase: phase.0, since: phase.1,
            untold: group.untold?.reason, throttle: group.throttle?.standing(at: now), lastEvent: group.lastEvent,
            nextEvaluation: group.deadline)
    }

    /// How the throttle of a rule stands at `now` for a group, or `nil` for a rule without one. A rule that is not in
    /// force as it is given here has sent nothing yet.
    package func throttle(of rule: Rule, group: GroupKey = .whole, at now: Timestamp) -> ThrottleStanding? {
        guard let throttle = rule.throttle else { return nil }
        guard let index = index(of: rule) else {
            return ThrottleState(throttle).standing(at: now)
        }
        return (rules[index].groups[group]?.throttle ?? ThrottleState(throttle)).standing(at: now)
    }
}
