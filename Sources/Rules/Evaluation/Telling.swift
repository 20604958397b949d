import Events

/// Something that may have to be told: a match, or a turn of an alert.
struct Telling {
    let reason: NotificationReason
    /// The rule's index.
    let rule: Int
    let key: GroupKey
    /// The event that decided; `nil` for time.
    let event: LoggedEvent?
    /// What the window measured.
    var window: WindowFigures?
    /// What was gathered, of a digest.
    var summary: SummaryFigures?
    /// Whether those of the escalation are told too.
    var isEscalated = false
    /// Whether the rule's `at_most` counts it as held back already.
    var isCounted = false
    /// Whether it cannot be told later, so that mutes, silences and the rule's `at_most` do not hold it back.
    var isLast = false
    /// Whether another mail has told of it already, so that no slot of the rule's `at_most` is taken again.
    var isFurther = false
    /// When the next mail about it can come, where no throttle says so.
    var nextMailAt: Timestamp?

    init(_ reason: NotificationReason, rule: Int, key: GroupKey, event: LoggedEvent? = nil) {
        self.reason = reason
        self.rule = rule
        self.key = key
        self.event = event
    }

    /// Whether it has to find a slot of the rule's `at_most`. Reminders have their own distance, and an end that nobody
    /// hears of would leave the alert open for its readers.
    var takesSlot: Bool {
        guard !isFurther else { return false }
        return switch reason {
        case .matched, .fired, .firstSeen, .digest: true
        case .reminder, .recovered, .noTraffic, .ruleChanged, .quietEnded, .overflow: false
        }
    }
}
