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
        // A short rule's name leaves room: there stand our own words, or what the rule's subject names.
        for notification in try mails(lure) where notification.subject == nil {
            let subject = composer.render(notification).subject
            let own = subject.components(separatedBy: ": ").dropFirst().joined(separator: ": ")
            #expect(!own.hasPrefix(lure.prefix(8)), "\(subject)")
        }
    }
}
