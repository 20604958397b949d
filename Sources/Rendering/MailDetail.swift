package import Rules

/// What a mail tells of the matches behind it, for those who ask a terminal why it was sent.
package enum MailDetail {
    /// The lines of its summary and where the matches come from, as the built-in text part has them; none for a mail
    /// that has neither.
    package static func lines(of notification: Notification) -> [String] {
        let context = TemplateContext(MailStory(notification), subject: "")
        let parts = ["part.summary.text", "part.breakdown.text"].compactMap { name in
            try? TemplateSet.builtin.rendered(name, context.text)
        }
        let text = PlainLines.tidied(parts.joined(separator: "\n"))
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines
    }
}
