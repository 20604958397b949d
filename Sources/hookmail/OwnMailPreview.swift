import Bridge
import Events
import Mail
import Rendering
import Rules

/// One of the mails about Hookmail itself with invented figures, made by the composer that a server uses.
struct OwnMailPreview {
    let own: OwnMail
    let rendered: RenderedMail
    /// What templates see.
    let data: JSONValue
    let mail: ComposedMail
    private let recipients: [String]

    init(_ kind: OwnMail.Kind, of configuration: Configuration) {
        let now = SystemClock().now()
        let sender = configuration.mail.from.address
        let operators = configuration.mail.operators.addresses
        recipients = operators.isEmpty || kind == .test ? [sender.description] : operators
        let to = recipients.first.flatMap { try? Address(parsing: $0) } ?? sender
        switch kind {
        case .test:
            own = .test(
                from: sender.description, to: to.description, through: configuration.mail.server.text, at: now)
        case .trouble: own = .trouble(Self.troubles(configuration, at: now), host: "mail.example.com", at: now)
        case .report: own = .report(Self.health(configuration, at: now), host: "mail.example.com", at: now)
        }
        let composer = configuration.makeComposer()
        rendered = composer.render(own)
        data = composer.data(of: own)
        mail = composer.compose(own, to: to, now: now)
    }

    private static func troubles(_ configuration: Configuration, at now: Timestamp) -> [TimedTrouble] {
        let rule = configuration.ruleSet.rules.first?.name ?? "failed-calls"
        return [
            TimedTrouble(
                .held(words: MailHold.words(.loginRefused)), since: now.advanced(by: .seconds(-5_400)),
                until: now.advanced(by: .seconds(-60))),
            TimedTrouble(.deadMails(3), since: now.advanced(by: .seconds(-1_200))),
            TimedTrouble(
                .faultyRule(rule, faults: 412, events: 415, within: .seconds(FaultTally.spanSeconds)),
                since: now.advanced(by: .seconds(-600))),
        ]
    }

    /// The rules of the file with counts that show every kind.
    private static func health(_ configuration: Configuration, at now: Timestamp) -> RuleHealth {
        let lines = configuration.ruleSet.rules.enumerated().map { index, rule in
            switch index % 4 {
            case 0: RuleHealth.Line(rule: rule.name, notified: 96, suppressed: 1_204, faulted: 0)
            case 1: RuleHealth.Line(rule: rule.name, notified: 0, suppressed: 0, faulted: 0)
            case 2: RuleHealth.Line(rule: rule.name, notified: 4, suppressed: 31, faulted: 0)
            default: RuleHealth.Line(rule: rule.name, notified: 0, suppressed: 12, faulted: 2)
            }
        }
        return RuleHealth(
            from: now.advanced(by: .seconds(-OperatorDesk.reportDays * 86_400)), to: now, lines: lines, deadMails: 3,
            refusedAddresses: 1)
    }

    /// The mail in one of its forms.
    func bytes(_ format: PreviewCommand.Format) -> [UInt8] {
        switch format {
        case .eml: mail.message.bytes
        case .html: Array(rendered.html.utf8)
        case .text: Array((ReadableMail.lines(mail.message).joined(separator: "\n") + "\n").utf8)
        }
    }

    /// The mail for programs.
    var json: JSONValue {
        var object = JSONObject()
        object["template"] = .string(own.kind.rawValue)
        object["to"] = .array(recipients.map { .string($0) })
        object["subject"] = .string(rendered.subject)
        object["text"] = .string(rendered.text)
        object["html"] = .string(rendered.html)
        object["template_fault"] = mail.templateFault.map { .string($0) } ?? .null
        return .object(object)
    }
}
