import Events
import Expressions
import Mail
import Rendering
import Rules
import TestSupport
import Testing

/// The operator's own patterns (`redact`) in everything a mail shows of events.
struct OwnRedactionTests {
    private func patterns() throws -> RedactionPatterns {
        RedactionPatterns(named: [
            ("order number", "ORD-[0-9]+", try Pattern("ORD-[0-9]+")), ("name", "(?i)jane", try Pattern("(?i)jane")),
        ])
    }

    @Test(arguments: [
        ("ORD-17 and ORD-4", "[order number] and [order number]"), ("for Jane: ORD-1", "for [name]: [order number]"),
        ("ORD-", "ORD-"), ("", ""), ("ORD-1ORD-2", "[order number][order number]"),
        ("ü ORD-9 ü", "ü [order number] ü"),
    ])
    func everyMatchIsReplacedByItsName(text: String, wanted: String) throws {
        #expect(try patterns().redacted(text) == wanted)
    }

    @Test func matchesOfNothingReplaceNothing() throws {
        let empty = RedactionPatterns(named: [("x", "z*", try Pattern("z*"))])
        #expect(empty.redacted("azzb") == "a[x]b")
    }

    @Test func nothingThatMatchesStandsInAnyMail() throws {
        let composer = Composer(templates: .builtin, identity: .test, redaction: try patterns())
        let log = Sample.log(allTexts: "ORD-4711 of Jane")
        var all = [
            try Sample.notification(
                log, group: "ORD-4711", subject: "{{customer}} {{error_text}}",
                deciding: [.init(name: "customer_identifier", value: "\"ORD-4711\"")], content: ["prompt", "variables"])
        ]
        all.append(try AlertSample.hostile("ORD-4711 of Jane"))
        all.append(try AlertSample.hostile("ORD-4711 of Jane", reason: .firstSeen))
        all.append(try AlertSample.hostileSummary("ORD-4711 of Jane"))
        for notification in all {
            let mail = composer.render(notification)
            let data = String(
                decoding: composer.data(of: notification, subject: composer.render(notification).subject).encoded(),
                as: UTF8.self)
            for text in [mail.subject, mail.text, mail.html, data] {
                #expect(!text.contains("4711") && !text.lowercased().contains("jane"))
            }
            #expect(mail.text.contains("[order number] of [name]"))
        }
    }

    /// An address was made under the patterns of its time: one that has what later ones take out is not shown.
    @Test(arguments: ["logs/ORD-4711", "logs?of=%4Fan%65&o=ORD%2D4711", "customers/J%61ne"])
    func whatIsTakenOutOfAnAddressLeavesNoLink(path: String) throws {
        let address = "https://platform.example.com/\(path)"
        let kept = "https://platform.example.com/logs/1%2"
        let notification = try AlertSample.hostileSummary("x").linking([
            ExampleLog(event: 1_042, address: address), ExampleLog(event: 1_041, address: kept),
        ])
        #expect(notification.figures.logs.count == 2)
        #expect(notification.redacted(by: try patterns()).figures.logs.map(\.address) == [kept])
    }

    @Test(.enabled(if: MailOracle.isAvailable), arguments: [AttachmentFormat.json, .csv])
    func theFileStaysAndIsRedactedToo(format: AttachmentFormat) throws {
        let event = try Sample.notification(Sample.log(allTexts: "ORD-4711 of Jane"), group: "ORD-4711")
        for notification in [event, try AlertSample.hostileSummary("ORD-4711 of Jane")] {
            var figures = notification.figures
            figures.attachment = format
            let wanted = Rules.Notification(
                id: notification.id, rule: notification.rule, group: notification.group, reason: notification.reason,
                severity: notification.severity, at: notification.at, recipients: notification.recipients,
                template: nil, subject: nil, holdsThrottleSlot: false, figures: figures)
            #expect(wanted.redacted(by: try patterns()).figures.attachment == format)
            let mail = Composer(templates: .builtin, identity: .test, redaction: try patterns()).compose(
                wanted, recipient: "ops@example.com", now: notification.at)
            let file = try #require(try MailOracle.attachments(mail.message.bytes).first)
            #expect(file.text.contains("[order number] of [name]") && !file.text.contains("4711"))
        }
    }

    /// What a provider's error quotes is private by its form, whether or not a rule lists content.
    @Test func errorTextsAreRedacted() throws {
        let mail = Composer(templates: .builtin, identity: .test).render(
            try Sample.notification(
                #"{"status_code":500,"error_message":"no user jo@example.com with card 4111 1111 1111 1111"}"#))
        #expect(mail.text.contains("no user [e-mail address] with card [card number]"))
        #expect(!mail.html.contains("4111"))
    }
}
