package import Events
package import Mail
package import Rules

extension Composer {
    /// The short form of a notification's mail, for a server to which the full one is too large: what happened and why,
    /// without the event's texts, facts and condition. It carries the Message-ID of the full form, for it takes its
    /// place. `nil` when it cannot be composed.
    package func composeShort(_ notification: Notification, recipient: String, now: Timestamp) -> Message? {
        guard let address = try? Address(parsing: recipient) else { return nil }
        let story = story(of: notification)
        let command = notification.figures.event.map { "events show \($0)" } ?? "mails list"
        let lines = [
            story.happened, story.texts["held_back_line"],
            "This is a short form: the mail server refused the full mail as too large. "
                + "`hookmail \(command)` shows the rest.",
            story.texts["why"],
        ].compactMap { $0 }
        let paragraphs = lines.map { "<p>\(HTMLText.escaped($0))</p>" }.joined(separator: "\n")
        let rendered = RenderedMail(
            subject: SubjectLine(notification, rest: story.headline).text,
            text: lines.map { TextColumn.hanging($0, indent: 0) }.joined(separator: "\n\n") + "\n",
            html: "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n\(paragraphs)\n</body></html>\n")
        let message = try? draft(of: notification, recipient: recipient, at: address, rendered, now: now).compose()
        return message.map { identity.signed($0, now: now) }
    }
}
