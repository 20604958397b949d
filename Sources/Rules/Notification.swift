package import Events

/// A decision to tell somebody: rule, reason, recipients, and every figure its mail will show. Composing a mail needs
/// nothing else, so the mail stays the same however late it is sent.
package struct Notification: Sendable {
    /// Unique in the store and the same when the decision is replayed: log position and ordinal, as in `1042-0`.
    package let id: String
    package let rule: String
    /// The value of the rule's group, or `nil` for a rule without groups.
    package internal(set) var group: String?
    package let reason: NotificationReason
    package let severity: Severity
    /// Engine time of the decision.
    package let at: Timestamp
    /// The recipients, resolved to addresses, each once, in the order of the file.
    package let recipients: [String]
    /// The template's name, or `nil` for the one the reason suggests.
    package let template: String?
    /// The rule's own subject text (a Mustache template), or `nil`.
    package let subject: String?
    /// Whether the mail holds a slot of a throttle until it is accepted; then its end goes into the log.
    package let holdsThrottleSlot: Bool
    package internal(set) var figures: Figures

    /// What a mail shows: the event, the window or the summary behind the decision, each bounded.
    package struct Figures: Sendable {
        /// The store's number of the event that decided; of a decision made by time the last one that counted, or
        /// `nil` where there was none.
        package let event: Int64?
        /// The facts of that event; none for a decision made by time.
        package internal(set) var facts: Facts
        /// The rule's condition as written, or `nil` when the rule takes every event.
        package let condition: String?
        /// The facts and members the condition names, with their values as text, in the order of their first
        /// appearance.
        /// An object or a list shows only its size.
        package internal(set) var deciding: [DecidingValue]
        /// How many matches of the rule were held back since its last mail.
        package let heldBack: Int
        /// The time of the first match held back since the last mail.
        package let heldBackSince: Timestamp?
        /// The throttle as written (`1 per 15m`), or `nil`.
        package let throttle: String?
        /// The earliest time at which the rule can send its next mail, or `nil` when nothing holds it back.
        package let nextMailAt: Timestamp?
        /// What the rule shows of the event's content, or `nil` when it shows none.
        package internal(set) var content: ShownContent?
        /// The group's values under the names of `per`, in their order.
        package var group: [DecidingValue] = []
        /// What the window measured, of a rule with one.
        package var window: WindowFigures?
        /// What was gathered, of a digest or another summary.
        package var summary: SummaryFigures?
        /// Where the matches come from, of an alert or a digest; `nil` where nobody has looked, or there is nothing.
        package var breakdown: Breakdown?
        /// Where the logs of the examples stand on their platform; none without `log_url`.
        package internal(set) var logs: [ExampleLog] = []
        /// Recipients of the rule that this mail was held back from, and why.
        package var withheld: [Withheld] = []
        /// The rules that stay quiet while this alert fires, because it explains them (`inhibit:`).
        package var inhibits: [String] = []
        /// How the mail carries the facts, or the lines of the summary, as a file.
        package var attachment: AttachmentFormat?

        package init(
            event: Int64?, facts: Facts, condition: String?, deciding: [DecidingValue], heldBack: Int,
            heldBackSince: Timestamp?, throttle: String?, nextMailAt: Timestamp?
        ) {
            self.event = event
            self.facts = facts
            self.condition = condition
            self.deciding = deciding
            self.heldBack = heldBack
            self.heldBackSince = heldBackSince
            self.throttle = throttle
            self.nextMailAt = nextMailAt
        }
    }

    /// A recipient that does not get a mail now.
    package struct Withheld: Sendable, Equatable {
        /// The recipient's name in the file; with a silence of its own the address.
        package let recipient: String
        package let reason: SuppressionReason
        /// The id of the silence that kept the mail, or a part of a summary, from the address; the first where there
        /// are several, and `nil` where it is not known any more.
        package let silence: String?

        package init(recipient: String, reason: SuppressionReason, silence: String? = nil) {
            self.recipient = recipient
            self.reason = reason
            self.silence = silence
        }

        /// The reason as the end of a sentence that begins with "because".
        package var words: String {
            guard reason == .silenced else { return reason.words }
            return silence.map { "the silence \($0) was in force for this address" }
                ?? "silences were in force for this address"
        }
    }

    /// A fact that a condition names, beside its value at the decision.
    package struct DecidingValue: Sendable, Equatable {
        package let name: String
        /// The value as CEL text (`500`, `"gpt-4o"`, `absent`), cut to 200 characters.
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        id: String, rule: String, group: String?, reason: NotificationReason, severity: Severity, at: Timestamp,
        recipients: [String], template: String?, subject: String?, holdsThrottleSlot: Bool, figures: Figures
    ) {
        self.id = id
        self.rule = rule
        self.group = group
        self.reason = reason
        self.severity = severity
        self.at = at
        self.recipients = recipients
        self.template = template
        self.subject = subject
        self.holdsThrottleSlot = holdsThrottleSlot
        self.figures = figures
    }
}

/// Why a notification was made.
package enum NotificationReason: String, Sendable, CaseIterable {
    /// One event matched a rule.
    case matched
    /// A window went over its threshold.
    case fired
    /// An alert lasts.
    case reminder
    /// An alert ended because its window recovered.
    case recovered
    /// An alert ended because there was nothing to measure any more.
    case noTraffic = "no_traffic"
    /// An alert ended because its rule was changed or removed.
    case ruleChanged = "rule_changed"
    /// A value was seen for the first time.
    case firstSeen = "first_seen"
    /// A rule's digest is due.
    case digest
    /// A recipient's quiet hours ended.
    case quietEnded = "quiet_ended"
    /// What `at_most` of a recipient or of all mails held back.
    case overflow

    /// Whether the mail ends an alert.
    package var isEnd: Bool { self == .recovered || self == .noTraffic || self == .ruleChanged }
    /// Whether the mail sums up several matches.
    package var isSummary: Bool { self == .digest || self == .quietEnded || self == .overflow }
}

/// How loud a mail is: the platform's own words.
package enum Severity: String, Sendable, CaseIterable {
    case urgent, high, medium, low

    /// The order in which mails leave, and how the store keeps it: 0 for `urgent` to 3 for `low`.
    package var rank: Int {
        switch self {
        case .urgent: 0
        case .high: 1
        case .medium: 2
        case .low: 3
        }
    }
}
