package import Events
import Expressions

extension Rule {
    /// The notification that the rule would make of this event if it sent a mail for it alone, whatever its condition,
    /// its throttle or a window says: for looking at mails.
    package func preview(of event: LoggedEvent, at now: Timestamp) -> Notification {
        Notification(
            id: "preview", rule: name, group: nil, reason: .matched, severity: severity, at: now,
            recipients: recipients, template: template, subject: subject, holdsThrottleSlot: false,
            figures: Notification.Figures(
                event: event.id, facts: event.facts, condition: condition.map { Notification.condition($0.text) },
                deciding: condition.map { Notification.deciding($0, event) } ?? [], heldBack: 0, heldBackSince: nil,
                throttle: throttle?.text, nextMailAt: nil)
        ).awaiting(content)
    }
}
