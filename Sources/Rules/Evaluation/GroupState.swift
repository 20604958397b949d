import Events

/// Everything that is remembered of one group of a rule.
struct GroupState: Sendable {
    /// What is in the window, of a rule with one.
    var contents: WindowContents?
    /// By how much the clock was set while the window held what it holds, where an opposite step would undo it.
    var displacement: ClockDisplacement?
    var alert = Alert()
    /// The slots of the rule's `at_most`.
    var throttle: ThrottleState?
    /// The store's number of the last event that counted.
    var lastEvent: Int64?
    /// When an event counted last: the group untouched for longest goes first when there are too many.
    var touchedAt: Timestamp
    /// Why the firing alert could not be told so far, and when to try again.
    var untold: Untold?
    /// When the group has to be looked at although nothing comes in; registered in the queue of deadlines.
    var deadline: Timestamp?

    /// An alert that nobody was told of.
    struct Untold: Sendable, Equatable {
        let reason: SuppressionReason
        /// When the reason may have gone, or `nil` where only another evaluation can tell.
        var retryAt: Timestamp?
        /// Whether the rule's `at_most` counts it as held back: it does so once, whatever else holds it back before and
        /// after.
        let isCounted: Bool
    }

    init(_ rule: Rule, at now: Timestamp) {
        contents = rule.window.map { WindowContents($0.shape) }
        throttle = rule.throttle.map { ThrottleState($0) }
        touchedAt = now
    }

    /// When time alone has something to do here.
    func nextDeadline(_ rule: Rule) -> Timestamp? {
        guard let window = rule.window else { return nil }
        var instants = [alert.deadline(window), untold?.retryAt]
        if !alert.isOK || window.firesByTime || window.noData == .fire { instants.append(contents?.nextChange) }
        return instants.compactMap { $0 }.min()
    }

    /// Whether forgetting the group at `now` would change no later decision but by what it measures.
    func isForgettable(at now: Timestamp) -> Bool {
        alert.isOK && (throttle?.isIdle(at: now) ?? true)
    }
}
