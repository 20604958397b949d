/// What is told later than it was decided.
extension Decision {
    /// Whether the match goes into a digest or into a summary of its recipients.
    package var isToldLater: Bool {
        guard case .suppressed(let reason) = outcome else { return false }
        switch reason {
        case .digested, .quiet, .recipientThrottled, .mailsThrottled: return true
        case .throttled, .muted, .silenced, .inhibited: return false
        }
    }
}

extension Notification {
    /// Whether this summary holds the match of a decision: in a line of its rule and group whose time it lies in, or,
    /// of the rule's own digest, among what is counted beyond the lines.
    package func tells(of decision: Decision) -> Bool {
        guard decision.isToldLater, let summary = figures.summary, at >= decision.at else { return false }
        let group = decision.group.map { ScalarCut.text($0, scalarsMax: SummaryFigures.groupScalarsMax) }
        let isListed = summary.lines.contains { line in
            line.rule == decision.rule && line.group == group && line.first <= decision.at && decision.at <= line.last
        }
        guard !isListed, reason == .digest, rule == decision.rule else { return isListed }
        return summary.otherCount > 0 && summary.from <= decision.at && decision.at <= summary.to
    }
}
