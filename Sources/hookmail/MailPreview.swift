import Bridge
import Events
import Mail
import Rendering
import Rules
import Store

/// The mail of one rule about one event, made by the engine and the composer that a server uses.
struct MailPreview {
    /// What the engine made of the rule at the event.
    enum Outcome: String {
        case matched, suppressed, faulted
        case notMatched = "not matched"
    }

    let rule: Rule
    let outcome: Outcome
    /// Why the rule could not be evaluated, without anything of the event.
    let fault: String?
    let notification: Notification
    /// Whether the engine did not make the mail of the event: then what a window measured in it is invented.
    private let isInvented: Bool
    let rendered: RenderedMail
    /// What templates see.
    let data: JSONValue
    let mail: ComposedMail

    /// - Parameter reason: Which of the rule's mails, or `nil` for the one that the event brings, or its usual one.
    init(rule: Rule, of configuration: Configuration, event: PreviewedEvent, reason: NotificationReason? = nil) {
        self.rule = rule
        let now = SystemClock().now()
        var engine = Engine(ruleSet: configuration.ruleSet, rows: [])
        let output = engine.process(LogEntry(position: 1, at: now, change: .event(event.logged)))
        var outcome = Outcome.notMatched
        var fault: String?
        for decision in output.decisions where decision.rule == rule.name {
            switch decision.outcome {
            case .notified: outcome = .matched
            case .suppressed: outcome = .suppressed
            case .faulted(let text): (outcome, fault) = (.faulted, text)
            }
        }
        let made = output.notifications.first { made in
            made.rule == rule.name && (reason.map { made.reason == $0 } ?? true)
        }
        isInvented = made == nil
        let asked = made ?? rule.preview(of: event.logged, reason: reason, at: now)
        // Made with no key of the server's: the links show their place and lead nowhere.
        let composer = configuration.makeComposer(
            links: configuration.publicURL.map {
                LinkSigner(base: $0, key: Secret(Array("preview".utf8), label: "preview"))
            })
        // Where bodies are never stored, a server has none to show either.
        let body = configuration.retention.bodies == nil ? nil : event.body
        let shown =
            asked.awaitedContent.isEmpty
            ? asked : asked.showing(ContentExcerpt.content(for: asked, body: body, redaction: composer.redaction))
        // The examples of invented figures are all this event.
        let address = composer.logAddress(of: event.logged.facts)
        notification = shown.linking(
            address.map { address in shown.exampleEvents.map { ExampleLog(event: $0, address: address) } } ?? [])
        self.outcome = outcome
        self.fault = fault
        let recipient = notification.recipients.first ?? "\(configuration.mail.from.address)"
        let links = composer.links?.links(of: notification, recipient: recipient, now: now) ?? MailLinks()
        rendered = composer.render(notification, recipient: recipient, now: now)
        data = composer.data(of: notification, subject: rendered.subject, links: links)
        mail = composer.compose(notification, recipient: recipient, now: now)
    }

    /// What to say beside the mail when a server would not send this one, or when the event is a sample.
    func remark(on event: PreviewedEvent) -> String? {
        if outcome != .faulted, isInvented, notification.reason != .matched {
            return "This is how such a mail of \(rule.name) would look; its figures are invented."
        }
        switch outcome {
        case .matched: return nil
        case .faulted:
            return "The rule \(rule.name) cannot be evaluated for \(event.name): \(fault ?? "")."
        case .suppressed: return "The rule \(rule.name) matches \(event.name), but would hold this mail back."
        case .notMatched where event.logged.isRevision:
            return
                "\(event.name.prefix(1).uppercased() + event.name.dropFirst()) is a revision, which rules do not see."
        case .notMatched where event.matches(rule):
            return "The condition of \(rule.name) is true for \(event.name), but one event alone makes no mail of it."
        case .notMatched:
            return "The rule \(rule.name) does not match \(event.name); this is how its mail would look."
        }
    }

    /// The mail in one of its forms.
    func bytes(_ format: PreviewCommand.Format) -> [UInt8] {
        switch format {
        case .eml: mail.message.bytes
        case .html: Array(rendered.html.utf8)
        case .text: Array((ReadableMail.lines(mail.message).joined(separator: "\n") + "\n").utf8)
        }
    }

    /// The mail and what came of the rule, for programs.
    func json(_ event: PreviewedEvent) -> JSONValue {
        var object = JSONObject()
        object["rule"] = .string(rule.name)
        object["outcome"] = .string(outcome.rawValue)
        object["reason"] = .string(notification.reason.rawValue)
        object["fault"] = fault.map { .string($0) }
        object["event"] = event.isStored ? .int(event.logged.id) : .null
        object["to"] = .array(notification.recipients.map { .string($0) })
        object["subject"] = .string(rendered.subject)
        object["text"] = .string(rendered.text)
        object["html"] = .string(rendered.html)
        object["template_fault"] = mail.templateFault.map { .string($0) } ?? .null
        return .object(object)
    }
}
