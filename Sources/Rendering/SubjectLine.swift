import Rules

/// A subject: `[severity] rule: what happened`. The prefix is ours and always within the first 40 characters, so that
/// no text from an event can pose as another mail.
///
/// Behind a short name of a rule, what the rule's own `subject` says begins earlier: `SubjectText` keeps what came with
/// the event out of the head, unless it is a plain name.
struct SubjectLine {
    /// The longest rule name in a subject, in characters; longer ones are cut.
    static let ruleScalarsMax = 28
    /// The most characters after the prefix.
    static let restScalarsMax = 80

    let text: String

    /// - Parameter rest: What happened; of a rule's own subject with the marks of `SubjectText`.
    init(_ notification: Notification, rest: String) {
        let severity = "[\(notification.severity.rawValue)] "
        let rule = RuleLabel.text(notification, scalarsMax: Self.ruleScalarsMax)
        let prefix = "\(severity)\(rule):"
        // A rule's own subject that begins with the prefix does not get a second one.
        var rest = rest.unicodeScalars[...]
        for part in ["\(prefix)", severity] where rest.starts(with: part.unicodeScalars) {
            rest = rest.dropFirst(part.unicodeScalars.count)
        }
        let trimmed = String(rest.drop { $0 == " " })
        let shown = SubjectText.shown(trimmed, behind: prefix.unicodeScalars.count + 1)
        let line = OwnText.line(shown, scalarsMax: Self.restScalarsMax) ?? "a rule matched"
        text = "\(prefix) \(line)"
    }
}
