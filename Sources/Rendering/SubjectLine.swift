import Rules

/// A subject: `[severity] rule: what happened`. The prefix is ours and always within the first 40 characters, so that
/// no text from an event can pose as another mail.
struct SubjectLine {
    /// The longest rule name in a subject, in characters; longer ones are cut.
    static let ruleScalarsMax = 28
    /// The most characters after the prefix.
    static let restScalarsMax = 80

    let text: String

    init(_ notification: Notification, rest: String) {
        let severity = "[\(notification.severity.rawValue)] "
        let rule = RuleLabel.text(notification, scalarsMax: Self.ruleScalarsMax)
        let prefix = "\(severity)\(rule):"
        // A rule's own subject that begins with the prefix does not get a second one.
        var rest = rest.unicodeScalars[...]
        for part in ["\(prefix)", severity] where rest.starts(with: part.unicodeScalars) {
            rest = rest.dropFirst(part.unicodeScalars.count)
        }
        let line = OwnText.line(String(rest), scalarsMax: Self.restScalarsMax) ?? "a rule matched"
        text = "\(prefix) \(line)"
    }
}
