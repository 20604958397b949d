package import Events
package import Mail

extension Composer {
    /// One of Hookmail's own mails to `recipient`. A template that fails is replaced by the plain one.
    package func compose(_ own: OwnMail, to recipient: Address, now: Timestamp) -> ComposedMail {
        var faults: [String] = []
        let story = MailStory(own)
        let rendered = render(own, story, faults: &faults)
        let name = "\(own.kind.rawValue)-\(String(own.at.microseconds, radix: 36))"
        var draft = MessageDraft(
            from: identity.from, to: recipient, subject: rendered.subject,
            date: identity.date(now, for: recipient.description),
            messageID: MessageID(notification: name, recipient: recipient.description, host: identity.host),
            listID: ListID(rule: own.kind.rawValue, namespace: identity.host), text: rendered.text,
            html: rendered.html)
        draft.sender = identity.sender
        draft.replyTo = identity.replyTo
        let message = identity.signed(message(from: draft, story, faults: &faults), now: now)
        return ComposedMail(message: message, templateFault: faults.isEmpty ? nil : faults.joined(separator: "; "))
    }

    /// The same before it becomes bytes.
    package func render(_ own: OwnMail) -> RenderedMail {
        var faults: [String] = []
        return render(own, MailStory(own), faults: &faults)
    }

    /// What its template sees.
    package func data(of own: OwnMail) -> JSONValue {
        TemplateData.json(MailStory(own), subject: own.subject, links: MailLinks())
    }

    private func render(_ own: OwnMail, _ story: MailStory, faults: inout [String]) -> RenderedMail {
        let context = TemplateContext(story, subject: own.subject)
        let parts = parts(named: own.kind.rawValue, story, context, faults: &faults)
        return RenderedMail(subject: own.subject, text: parts.text, html: parts.html)
    }
}
