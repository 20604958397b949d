package import Events
package import Mail
package import Rules
package import Store

/// Makes notifications, mails and evaluations for tests that need some and do not care which.
package enum NotificationMaker {
    /// A notification about the event with this number.
    package static func notification(
        _ id: String = "1-0", event: Int64 = 1, severity: Severity = .medium, at: Timestamp = EventMaker.start,
        recipients: [String] = ["llm@example.com"], holdsThrottleSlot: Bool = false
    ) throws -> Notification {
        Notification(
            id: id, rule: "failed-calls", group: nil, reason: .matched, severity: severity, at: at,
            recipients: recipients, template: nil, subject: nil, holdsThrottleSlot: holdsThrottleSlot,
            figures: Notification.Figures(
                event: event, facts: try EventMaker.event("figures").facts, condition: "failed",
                deciding: [Notification.DecidingValue(name: "failed", value: "true")], heldBack: 0,
                heldBackSince: nil, throttle: holdsThrottleSlot ? "1 per 15m" : nil, nextMailAt: nil
            )
        )
    }

    /// A message to `recipient`.
    package static func message(_ recipient: String = "llm@example.com", id: String = "1-0.1") throws -> Message {
        Message(
            sender: try Address(parsing: "alerts@example.com"), recipient: try Address(parsing: recipient),
            messageID: "\(id)@hookmail.example.com", bytes: Array("Subject: hello\r\n\r\nhello\r\n".utf8)
        )
    }

    /// The notification with one queued delivery for each of its recipients.
    package static func queued(_ notification: Notification) -> NewNotification {
        NewNotification(
            notification: notification,
            deliveries: notification.recipients.map { NewDelivery(recipient: $0, start: nil) }
        )
    }
}
