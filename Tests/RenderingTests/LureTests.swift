import Events
import Foundation
import Mail
import Rendering
import Rules
import TestSupport
import Testing

/// Phishing in the texts of events: what comes in through a prompt, a customer's name or an error must not look as if
/// we had written it. The mails of 2026 that carried such lures passed SPF, DKIM and DMARC: they were the senders' own.
@Suite(.enabled(if: MailOracle.isAvailable))
struct LureTests {
    private static let pretexts = [
        "Your account is locked. Verify at %", "URGENT: invoice 4471 is due, pay at %", "Security alert! Sign in: %",
        "Microsoft 365: password expires today %", "Call %", "Your refund is waiting, see %",
        "Hookmail: confirm your address at %", "[urgent] billing: card declined, update at %",
        "IT support asks you to open % now", "Re: contract, please sign: %",
    ]
    private static let baits = [
        "https://evil.example/login?id=1", "http://192.0.2.7/x", "www.evil.example", "evil.example/pay",
        "//evil.example/a", "mailto:help@evil.example", "+1 (800) 555-0199",
        "https://hookmail.example.com@evil.example",
        "hxxps://evil.example https://xn--pypal-4ve.example", "<a href=\"https://evil.example\">here</a>",
    ]
    /// Ten pretexts with ten baits each.
    static let lures: [String] = pretexts.flatMap { pretext in
        baits.map { pretext.replacingOccurrences(of: "%", with: $0) }
    }

    @Test func thereAreAHundred() {
        #expect(Set(Self.lures).count == 100)
    }

    /// Every kind of mail with the lure in every text that comes from events.
    private func mails(_ lure: String) throws -> [Rules.Notification] {
        [
            try Sample.notification(
                Sample.log(allTexts: lure), group: lure, subject: "{{customer}} {{error_text}} {{prompt}}",
                deciding: [.init(name: "customer_identifier", value: lure)], content: ["prompt", "variables"]),
            try AlertSample.hostile(lure), try AlertSample.hostile(lure, reason: .firstSeen),
            try AlertSample.hostile(lure, reason: .recovered), try AlertSample.hostileSummary(lure),
        ]
    }

    private func expectation(_ notification: Rules.Notification) -> MailOracle.Expectation {
        let composer = Composer(templates: .builtin, identity: .test)
        let mail = composer.compose(notification, recipient: "ops@example.com", now: AlertSample.at)
        let rendered = composer.render(notification)
        #expect(mail.templateFault == nil)
        return .init(
            bytes: mail.message.bytes, subject: rendered.subject, from: "alerts@example.com", to: "ops@example.com",
            displayName: "Hookmail", text: rendered.text, html: rendered.html,
            headers: [], isFromEvent: true)
    }

    @Test(.timeLimit(.minutes(5))) func noneBecomesALink() throws {
        let kinds = try mails("harmless").count
        for kind in 0..<kinds {
            var checked = [expectation(try mails("harmless")[kind])]
            for lure in Self.lures { checked.append(expectation(try mails(lure)[kind])) }
            // Which headers there are is other tests' affair.
            let findings = try MailOracle.findings(checked).filter { !$0.contains(": headers [") }
            #expect(findings == ["checked 101"])
            for mail in checked { #expect(!mail.html.contains("<a ")) }
        }
    }

    @Test(arguments: lures) func noneReachesTheHeadOfASubject(lure: String) throws {
        let rule = "provider-trouble-of-tonight-x"
        let composer = Composer(templates: .builtin, identity: .test)
        for notification in try mails(lure) {
            let named = Rules.Notification(
                id: notification.id, rule: rule, group: notification.group, reason: notification.reason,
                severity: .urgent, at: notification.at, recipients: notification.recipients, template: nil,
                subject: notification.subject, holdsThrottleSlot: false, figures: notification.figures)
            let subject = composer.render(named).subject
            let head = String(subject.unicodeScalars.prefix(40))
            #expect(head.hasPrefix("[urgent] provider-trouble-of-tonight-"))
            #expect(head.contains(":"))
        }
        // A short rule's name leaves room: there stand our own words.
        for notification in try mails(lure) where notification.subject == nil {
            let subject = composer.render(notification).subject
            let own = subject.components(separatedBy: ": ").dropFirst().joined(separator: ": ")
            #expect(!own.hasPrefix(lure.prefix(8)), "\(subject)")
        }
    }

    /// Subjects of rules that begin with what came with the event, or nearly.
    private static let ownSubjects = [
        "{{customer}}", "{{error_text}}", "{{prompt}}", "{{customer}} failed", "{{model}} {{customer}}: {{prompt}}",
        "{{{group}}}", "[low] r: {{customer}}", "[low] {{customer}}", "r: {{error_text}}", "- {{workflow}}",
        "{{#customer}}{{customer}}{{/customer}}", "{{status}} {{prompt_name}}", "{{event_type}}/{{api_key_name}}",
    ]

    @Test(arguments: lures) func noneReachesTheHeadOfAShortRulesOwnSubject(lure: String) throws {
        let composer = Composer(templates: .builtin, identity: .test)
        // What stands in front of the bait, as far as a list of mails could show it.
        let words = lure.split(separator: " ").prefix(2).joined(separator: " ")
        for own in Self.ownSubjects {
            for rule in ["r", "failed-calls", String(repeating: "r", count: 24)] {
                let subject = composer.render(
                    try Sample.notification(
                        Sample.log(allTexts: lure), rule: rule, group: lure, severity: .low, subject: own,
                        content: ["prompt"])
                ).subject
                let head = String(subject.unicodeScalars.prefix(40))
                #expect(head.hasPrefix("[low] \(rule): "), "\(subject)")
                let rest = head.dropFirst("[low] \(rule): ".count)
                for piece in [words, "evil", "555", "192"] {
                    #expect(!rest.contains(piece), "\(own): \(subject)")
                }
                #expect(subject.unicodeScalars.allSatisfy { $0.value >= 0x20 })
            }
        }
    }

    /// Names stay where the operator put them.
    @Test(arguments: [
        ("gpt-4o-2024-08-06", "[low] r: gpt-4o-2024-08-06 failed"), ("Acme Corp", "[low] r: Acme Corp failed"),
        ("مؤسسة الشرق", "[low] r: مؤسسة الشرق failed"), ("Release notes v2", "[low] r: Release notes v2 failed"),
        (
            "Please call us back at once",
            "[low] r: text that came with the event: Please call us back at once failed"
        ),
        ("pay: now", "[low] r: text that came with the event: pay: now failed"),
        ("llama3:8b", "[low] r: llama3:8b failed"), ("東京商事", "[low] r: 東京商事 failed"),
        (
            "806a7bba-796f-400a-bacc-982b5778c986", "[low] r: 806a7bba-796f-400a-bacc-982b5778c986 failed"
        ),
        (
            "URGENT-invoice-is-due-pay-now",
            "[low] r: text that came with the event: URGENT-invoice-is-due-pay-now failed"
        ),
        ("Account,locked,call,support", "[low] r: text that came with the event: Account,locked,call,support failed"),
        ("您的账户已被锁定请立即联系客服", "[low] r: text that came with the event: 您的账户已被锁定请立即联系客服 failed"),
    ])
    func aPlainNameIsNotAnnounced(name: String, subject: String) throws {
        let mail = Composer(templates: .builtin, identity: .test).render(
            try Sample.notification(
                Sample.log(allTexts: name), rule: "r", severity: .low, subject: "{{customer}} failed"))
        #expect(mail.subject == subject)
    }

    /// What stands in lists is not marked as the event's, so a subject has none.
    @Test(arguments: [
        "{{#error_lines}}{{line}} {{/error_lines}}", "{{#facts}}{{value}}{{/facts}}",
        "{{#deciding}}{{value}}{{/deciding}}",
    ]) func aSubjectHasNoLists(subject: String) {
        let faults = TemplateSet.faults(inSubject: subject, of: "r")
        #expect(faults.contains { $0.description.contains("a subject cannot contain lists") }, "\(faults)")
    }

    /// Two values side by side make no sentence either, and words that already stand far behind need no more.
    @Test func valuesSideBySideAreOneText() throws {
        func subject(_ own: String, rule: String = "r", _ customer: String, _ model: String) throws -> String {
            let log = JSONObject([
                ("status_code", .int(500)), ("customer_identifier", .string(customer)),
                ("model", .string(model)),
            ])
            return Composer(templates: .builtin, identity: .test).render(
                try Sample.notification(
                    String(decoding: JSONValue.object(log).encoded(), as: UTF8.self), rule: rule, severity: .low,
                    subject: own)
            ).subject
        }
        #expect(
            try subject("{{customer}} {{model}}", "Your account is", "locked now")
                == "[low] r: Your account is from the event: locked now")
        #expect(
            try subject("{{model}} answered {{customer}}", "Your account is locked now", "gpt-4o")
                == "[low] r: gpt-4o answered from the event: Your account is locked now")
        #expect(try subject("{{model}}: {{customer}}", "Acme Corp Ltd", "gpt-4o") == "[low] r: gpt-4o: Acme Corp Ltd")
        let status = try Sample.notification(
            Sample.failedLog, rule: "r", severity: .low, subject: "{{status}}: {{model}}")
        #expect(
            Composer(templates: .builtin, identity: .test).render(status).subject
                == "[low] r: 429 Too Many Requests: gpt-4o")
        #expect(
            try subject("A call of our model failed, for customer {{customer}}", "Your account is locked now", "m")
                == "[low] r: A call of our model failed, for customer Your account is locked now")
        #expect(
            try subject("{{customer}}", rule: "failed-calls", "Your account is locked", "m")
                == "[low] failed-calls: text from the event: Your account is locked")
    }
}
