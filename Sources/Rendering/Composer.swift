package import Events
package import Mail
package import Rules

/// Makes mails of notifications: a pure function of the notification, the templates and the sender's identity.
package struct Composer: Sendable {
    package let templates: TemplateSet
    package internal(set) var identity: MailIdentity
    /// What the operator wants taken out of texts from events.
    package let redaction: RedactionPatterns
    /// Where logs stand on their platform, or `nil` for mails without a link.
    package let logLink: LogLink?
    /// Makes the links that act, or `nil` for mails without them.
    package let links: LinkSigner?
    /// The identifier of a mail that has one already, whatever these settings would make of it.
    var identifier: MessageID?

    package init(
        templates: TemplateSet, identity: MailIdentity, redaction: RedactionPatterns = .none, logLink: LogLink? = nil,
        links: LinkSigner? = nil
    ) {
        self.templates = templates
        self.identity = identity
        self.redaction = redaction
        self.logLink = logLink
        self.links = links
    }

    /// Where the log of an event with these facts stands on its platform, or `nil` where that is not known, and where
    /// the operator takes something out of it.
    package func logAddress(of facts: Facts) -> String? {
        guard let address = logLink?.address(EventFacts(facts)) else { return nil }
        let redacted = logLink?.address(EventFacts(Notification.redacted(facts, by: redaction)))
        return redacted == address ? address : nil
    }

    /// What the notification's mail tells.
    func story(of notification: Notification) -> MailStory {
        MailStory(notification.redacted(by: redaction), log: logAddress(of: notification.figures.facts))
    }

    /// What templates see of the notification, whose mail has this subject.
    package func data(
        of notification: Notification, subject: String, links: MailLinks = MailLinks()
    ) -> JSONValue {
        TemplateData.json(story(of: notification), subject: subject, links: links)
    }

    /// The mail that tells `recipient` of `notification`. A template that fails is replaced by the plain one: an
    /// alert goes out in any case.
    package func compose(_ notification: Notification, recipient: String, now: Timestamp) -> ComposedMail {
        var faults: [String] = []
        let story = story(of: notification)
        let links = links?.links(of: notification, recipient: recipient, now: now) ?? MailLinks()
        let rendered = render(notification, story, links, faults: &faults)
        let address = address(of: recipient, faults: &faults)
        var draft = draft(of: notification, recipient: recipient, at: address, rendered, now: now)
        draft.unsubscribe = links.oneClickUnsubscribe
        draft.attachment = FactAttachment.file(of: notification.redacted(by: redaction))
        let message = identity.signed(message(from: draft, story, faults: &faults), now: now)
        return ComposedMail(message: message, templateFault: faults.isEmpty ? nil : faults.joined(separator: "; "))
    }

    /// A draft in the sender's name, for one recipient of a notification.
    func draft(
        of notification: Notification, recipient: String, at address: Address, _ rendered: RenderedMail, now: Timestamp
    ) -> MessageDraft {
        var draft = MessageDraft(
            from: identity.from, to: address, subject: rendered.subject, date: identity.date(now, for: recipient),
            messageID: messageID(of: notification, recipient: recipient),
            references: references(of: notification, recipient: recipient),
            listID: ListID(rule: notification.rule, namespace: identity.host), text: rendered.text, html: rendered.html)
        draft.sender = identity.sender
        draft.replyTo = identity.replyTo
        if identity.showsAllRecipients {
            draft.shownRecipients = notification.recipients.compactMap { try? Address(parsing: $0) }
        }
        return draft
    }

    /// The subject and both parts of the mail for `notification` before they become bytes, for previews: without
    /// links, which are each recipient's own.
    package func render(_ notification: Notification) -> RenderedMail {
        var faults: [String] = []
        return render(notification, story(of: notification), MailLinks(), faults: &faults)
    }

    /// The same with the links of one recipient, as `compose` makes it.
    package func render(_ notification: Notification, recipient: String, now: Timestamp) -> RenderedMail {
        var faults: [String] = []
        let links = links?.links(of: notification, recipient: recipient, now: now) ?? MailLinks()
        return render(notification, story(of: notification), links, faults: &faults)
    }

    private func render(
        _ notification: Notification, _ story: MailStory, _ links: MailLinks, faults: inout [String]
    ) -> RenderedMail {
        let subject = subject(of: notification, story, faults: &faults)
        let context = TemplateContext(story, subject: subject, links: links)
        let name = notification.template ?? story.suggestedTemplate
        let parts = parts(named: name, story, context, faults: &faults)
        return RenderedMail(subject: subject, text: parts.text, html: parts.html)
    }

    /// What tells the notification's mails from all others. Ids count from one in every store; with the microsecond of
    /// the decision a mail of a new store is no second copy of an old one, which some mail programs would hide.
    private static func name(of id: String, at: Timestamp) -> String {
        "\(id)-\(String(at.microseconds, radix: 36))"
    }

    /// What tells this mail from all others, in each of its forms and for all its attempts.
    func messageID(of notification: Notification, recipient: String) -> MessageID {
        if let identifier { return identifier }
        let name = Self.name(of: notification.id, at: notification.at)
        return messageID(name: name, recipient: recipient)
    }

    /// Where `To` names everybody, all copies are one mail and have one name.
    private func messageID(name: String, recipient: String) -> MessageID {
        MessageID(
            notification: name, recipient: identity.showsAllRecipients ? "all" : recipient, host: identity.host)
    }

    /// The mail that this one stands under, in `In-Reply-To` and `References` (RFC 5322 §3.6.4): of a reminder and of
    /// the end of an alert the first mail about it to the same recipient. One that was told of it by a summary, or not
    /// at all, finds the later mails together all the same.
    func references(of notification: Notification, recipient: String) -> [MessageID] {
        guard let first = notification.figures.window?.thread, first.id != notification.id else { return [] }
        let name = Self.name(of: first.id, at: first.at)
        return [messageID(name: name, recipient: recipient)]
    }

    /// Recipients were checked with the configuration. One that is no address all the same gets its mail nowhere: so
    /// it goes to the sender, who can tell.
    private func address(of recipient: String, faults: inout [String]) -> Address {
        do throws(AddressFault) {
            return try Address(parsing: recipient)
        } catch {
            faults.append("the recipient is no address, the mail goes to the sender: \(error.reason.rawValue)")
            return identity.from.address
        }
    }

    // MARK: Subject

    private func subject(of notification: Notification, _ story: MailStory, faults: inout [String]) -> String {
        // What reminds, and what ends an alert, has to say so, whatever words a rule has for its matches.
        guard let own = notification.subject, !notification.reason.isEnd, notification.reason != .reminder else {
            return SubjectLine(notification, rest: story.headline).text
        }
        do throws(RenderFault) {
            let standard = SubjectLine(notification, rest: story.headline).text
            let rendered = try templates.renderedSubject(
                own, TemplateContext(story, subject: standard).subject,
                content: notification.figures.content?.wanted ?? [])
            return SubjectLine(notification, rest: rendered).text
        } catch {
            faults.append(error.text)
            return SubjectLine(notification, rest: story.headline).text
        }
    }

    // MARK: Parts

    /// Both parts by the template of this name, or by the plain one where it fails.
    func parts(
        named name: String, _ story: MailStory, _ context: TemplateContext, faults: inout [String]
    ) -> (text: String, html: String) {
        do throws(RenderFault) {
            let text = try templates.rendered("\(name).text", context.text)
            return (PlainLines.tidied(text), try templates.rendered("\(name).html", context.html))
        } catch {
            faults.append(error.text)
        }
        return fallback(story, context, faults: &faults)
    }

    private func fallback(
        _ story: MailStory, _ context: TemplateContext, faults: inout [String]
    ) -> (text: String, html: String) {
        do throws(RenderFault) {
            let text = try templates.renderedFallback("\(TemplateSet.fallback).text", context.text)
            let html = try templates.renderedFallback("\(TemplateSet.fallback).html", context.html)
            return (PlainLines.tidied(text), html)
        } catch {
            faults.append(error.text)
            return (
                story.bareText,
                "<!DOCTYPE html><html><body><pre>\(HTMLText.escaped(story.bareText))</pre></body></html>"
            )
        }
    }

    /// The draft's bytes. Should they be refused, for their size or for what no draft should come to, the bare text
    /// goes out.
    func message(from draft: MessageDraft, _ story: MailStory, faults: inout [String]) -> Message {
        var bare = draft
        bare.text = story.bareText
        bare.attachment = nil
        bare.html = "<!DOCTYPE html><html><body><pre>\(HTMLText.escaped(story.bareText))</pre></body></html>"
        for candidate in [draft, bare] {
            do throws(CompositionFault) {
                return try candidate.compose()
            } catch {
                faults.append(error.description)
            }
        }
        return draft.lastResort()
    }
}

/// A mail's texts before they become bytes.
package struct RenderedMail: Sendable, Equatable {
    package let subject: String
    package let text: String
    package let html: String
}

/// A mail ready to be sent.
package struct ComposedMail: Sendable {
    package let message: Message
    /// What went wrong with the wanted template or subject, when another was used instead; nothing of the event.
    package let templateFault: String?

    package init(message: Message, templateFault: String?) {
        self.message = message
        self.templateFault = templateFault
    }
}

extension MailStory {
    /// The built-in template for what is told.
    fileprivate var suggestedTemplate: String {
        if !lines.isEmpty || reason.isSummary { return "digest" }
        if reason.isEnd { return "recovered" }
        switch reason {
        case .fired, .reminder: return "window"
        case .firstSeen: return "first_seen"
        default: return isFailed ? "failed" : "single"
        }
    }

    /// The story without any template.
    var bareText: String {
        let rows = (rows + facts).map { "\($0.label): \($0.value)" }
        let told = notes.map { "\($0.label). \($0.value)" }
        let summed = lines.flatMap { ["\($0.count) \($0.title)", $0.error, $0.detail].compactMap { $0 } }
        let shown = content.blocks.flatMap {
            [$0.label] + $0.lines.map { "| \($0)" } + [$0.note, ""].compactMap { $0 }
        }
        let ends = ["summary_rest", "summary_total", "content_note", "advice", "why"].compactMap { texts[$0] }
        let lines = [happened, ""] + rows + told + summed + [""] + shown + ends
        return lines.map { TextColumn.hanging($0, indent: 0) }.joined(separator: "\n") + "\n"
    }
}

/// The text part in its last form: no spaces at line ends, no two empty lines in a row, one line end at the end.
enum PlainLines {
    static func tidied(_ text: String) -> String {
        var lines: [Substring.UTF8View] = []
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            var line = line
            while line.last == 0x20 || line.last == 0x0D { line.removeLast() }
            if line.isEmpty, lines.last?.isEmpty ?? true { continue }
            lines.append(line)
        }
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.map { String(Substring($0)) }.joined(separator: "\n") + "\n"
    }
}
