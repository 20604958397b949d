import Events
package import Expressions

/// A rule's window: what is measured over the events of a group, when that is too much, and how an alert goes on and
/// ends. Semantics: an event at t counts in `(now − within, now]`.
package struct Window: Sendable {
    /// What is measured.
    package enum Measure: Sendable {
        /// The number of matching events.
        case count
        /// A figure of the matching events.
        case sum(of: Program)
        case average(of: Program)
        case minimum(of: Program)
        case maximum(of: Program)
        /// The value below which `rank` percent of the figures lie; 0 < rank < 100.
        case percentile(of: Program, rank: Double)
        /// The share of the events that match among those for which `of` is true, or among all of the group.
        case ratio(of: Program?)
        /// The number of different values.
        case distinct(of: Program)
        /// A figure against the same figure an earlier time ago.
        case change(of: ChangeMeasure, value: Program?, against: Duration)
        /// No matching event for as long as `within`; armed by the first one, or from the rule's first moment on.
        case absent(isArmedAtStart: Bool)
        /// A value that was never seen, or not for as long as `within` (`forget_after`).
        case firstSeen(of: Program)
        /// Spending against a limit for a calendar period; `within` is the longest burn window.
        case budget(of: Program, BudgetShape)
    }

    /// What happens when a whole window has passed without a sample. `count`, `sum` and `distinct` are then 0.
    package enum NoData: String, Sendable, CaseIterable {
        /// An open alert ends, and its mail says that the traffic ended.
        case close
        /// Nothing changes.
        case keep
        /// The alert fires, once there has been data.
        case fire
    }

    /// Which time places an event.
    package enum Clock: String, Sendable, CaseIterable {
        /// When it was received.
        case received
        /// The earlier of the event's own timestamp and when it was received.
        case event
    }

    /// Whom a lasting alert tells beyond the rule's own recipients.
    package struct Escalation: Sendable {
        /// After how many reminders, from 1.
        package let reminders: Int
        package let recipients: [Recipient]

        package init(reminders: Int, recipients: [Recipient]) {
            self.reminders = reminders
            self.recipients = recipients
        }
    }

    package let measure: Measure
    package let within: Duration
    package let threshold: Threshold
    /// Fewer samples than this give no value; 1 for what needs none.
    package var samplesMin = 1
    /// `for`: how long the threshold has to hold at every evaluation before the alert fires.
    package var holdFor: Duration = .zero
    /// `recover`: what ends an alert, or `nil` for the threshold holding no more.
    package var recover: Threshold?
    /// `keep_firing_for`: how long recovery has to hold before the alert ends.
    package var keepFiringFor: Duration = .zero
    package var noData: NoData = .close
    /// Whether the end of an alert is mailed.
    package var resolves = true
    /// How long after the last mail a lasting alert is mailed again, or `nil` for never.
    package var remind: Duration? = .seconds(4 * 3_600)
    package var escalation: Escalation?
    package var clock: Clock = .received

    /// The spans a window may have.
    package static let spans: ClosedRange<Duration> = .seconds(10) ... .seconds(7 * 86_400)

    package init(measure: Measure, within: Duration, threshold: Threshold) {
        self.measure = measure
        self.within = within
        self.threshold = threshold
    }
}
