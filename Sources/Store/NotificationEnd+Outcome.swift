import Rules

extension NotificationEnd.Outcome {
    /// How a notification ended whose deliveries ended so: `accepted` when a server took any, else `dead` when any was
    /// given up.
    static func of(_ states: some Sequence<DeliveryState>) -> NotificationEnd.Outcome {
        var outcome = NotificationEnd.Outcome.cancelled
        for state in states {
            if state == .accepted { return .accepted }
            if state == .dead { outcome = .dead }
        }
        return outcome
    }
}
