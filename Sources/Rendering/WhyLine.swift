import Rules

/// The last line of every mail: why it was sent, and when the next one can come.
enum WhyLine {
    /// - Parameters:
    ///   - texts: Those of the mail, which have rule, event, throttle and time of the next mail.
    ///   - group: What a sentence calls the group, or `nil`.
    static func text(_ notification: Notification, _ texts: [String: String], group: String?) -> String {
        let rule = texts["rule"] ?? ""
        let group = group.map { " for \($0)" } ?? ""
        switch notification.reason {
        case .matched:
            let event = texts["event"] ?? ""
            let why =
                texts["condition"] == nil
                ? "rule \(rule) mails every event, and event \(event) came in\(group)"
                : "rule \(rule) matched event \(event)\(group)"
            return because(why, next: "The rule's next mail can come", texts, or: "with the next match")
        case .firstSeen:
            let why = "rule \(rule) saw a new value\(group)"
            return because(why, next: "The rule's next mail can come", texts, or: "with the next new value")
        case .fired, .reminder:
            let verb = notification.reason == .fired ? "fired" : "is still firing"
            let next = texts["next_mail"].map { ", or from \($0) on" } ?? ""
            return
                "You get this mail because rule \(rule) \(verb)\(group). The next mail about it can come when it ends"
                + "\(next)."
        case .recovered, .noTraffic, .ruleChanged:
            let throttle = texts["throttle"].map { ", at most \($0)" } ?? ""
            return
                "You get this mail because the alert of rule \(rule)\(group) ended. The next one can come when the "
                + "rule fires again\(throttle)."
        case .digest:
            return
                "You get this mail because the digest of rule \(rule) was due. The next one comes at its next time, "
                + "if there is something to tell."
        case .quietEnded:
            return
                "You get this mail because quiet hours ended in which these were held back. The next summary comes "
                + "after the next quiet hours."
        case .overflow:
            return
                "You get this mail because `at_most` held these back, and now there is room again. The next mail can "
                + "come at once, as long as there is."
        }
    }

    private static func because(
        _ why: String, next: String, _ texts: [String: String], or otherwise: String
    ) -> String {
        let reason = "You get this mail because \(why)."
        if let time = texts["next_mail"] {
            let throttle = texts["throttle"].map { " (\($0))" } ?? ""
            return "\(reason) \(next) from \(time) on\(throttle)."
        }
        return "\(reason) \(next) \(texts["throttle"].map { "at once, at most \($0)" } ?? otherwise)."
    }
}
