import Events
import Foundation
import Mail
import Rendering
import Rules
import TestSupport
import Testing

struct ComposerTests {
    private let composer = Composer(templates: .builtin, identity: .test)
    private let now = Timestamp(seconds: 1_795_075_265)

    @Test func aMailIsAFunctionOfItsNotification() throws {
        let notification = try Sample.notification(Sample.failedLog)
        let mail = composer.compose(notification, recipient: "ops@example.com", now: now)
        #expect(mail.templateFault == nil)
        #expect(mail.message == composer.compose(notification, recipient: "ops@example.com", now: now).message)
        #expect(mail.message.sender.description == "alerts@example.com")
        #expect(mail.message.recipient.description == "ops@example.com")
        let later = composer.compose(notification, recipient: "ops@example.com", now: now.advanced(by: .seconds(99)))
        #expect(later.message.messageID == mail.message.messageID)
        let other = composer.compose(notification, recipient: "b@example.com", now: now)
        #expect(other.message.messageID != mail.message.messageID)
    }

    @Test(arguments: Hostile.texts)
    func thePrefixStandsWithinTheFirstFortyCharacters(text: String) throws {
        let rule = String(repeating: "long-rule-name-", count: 9)
        for own in [nil, "{{customer}}", "{{error_text}}"] as [String?] {
            let subject = composer.render(
                try Sample.notification(Sample.log(allTexts: text), rule: rule, severity: .medium, subject: own)
            ).subject
            #expect(String(subject.unicodeScalars.prefix(40)).hasPrefix("[medium] long-rule-name-long-"))
            #expect(String(subject.unicodeScalars.prefix(40)).contains(":"))
            #expect(subject.unicodeScalars.count <= 40 + 82)
        }
    }

    @Test func aRulesOwnSubjectIsATemplate() throws {
        let subject = composer.render(
            try Sample.notification(Sample.failedLog, subject: "{{customer}} hit {{status_code}}")
        ).subject
        #expect(subject == "[medium] failed-calls: acme hit 429")
        let doubled = composer.render(
            try Sample.notification(Sample.failedLog, subject: "[medium] failed-calls: {{model}}")
        ).subject
        #expect(doubled == "[medium] failed-calls: gpt-4o")
    }

    @Test(
        arguments: [
            ("nowhere", nil, "there is no template `nowhere.text`"), (nil, "{{modle}}", "nothing is called `modle`"),
            (nil, "{{model", "this tag has no end"), ("blank", nil, "`blank.text` came to nothing"),
            ("huge", nil, "`huge.text` came to more than 262144 bytes"),
        ] as [(String?, String?, String)])
    func aTemplateThatFailsIsReplacedAndTheMailGoesOut(template: String?, subject: String?, fault: String) throws {
        let row = "{{#condition_lines}}" + String(repeating: "x", count: 60_000) + "{{/condition_lines}}"
        let set = try TemplateSet.load(overrides: [
            "blank.text": " {{#group}}x{{/group}}\n", "blank.html": "x", "huge.text": row, "huge.html": "x",
        ])
        let condition = (1...9).map { "line \($0)" }.joined(separator: "\n")
        let mail = Composer(templates: set, identity: .test).compose(
            try Sample.notification(Sample.failedLog, template: template, subject: subject, condition: condition),
            recipient: "ops@example.com", now: now)
        #expect(mail.templateFault?.contains(fault) == true)
        let text = ReadableMessage(mail.message.bytes)
        #expect(text.subject == "[medium] failed-calls: gpt-4o failed with 429 Too Many Requests (openai)")
        #expect(text.text.contains("429 Too Many Requests"))
    }

    @Test func aRecipientThatIsNoAddressGoesToTheSender() throws {
        let mail = composer.compose(
            try Sample.notification(Sample.failedLog), recipient: "a\r\nRCPT TO:<x@y.z>", now: now)
        #expect(mail.message.recipient.description == "alerts@example.com")
        #expect(mail.templateFault?.contains("the recipient is no address") == true)
    }

    @Test func anOverrideCannotUnescapeWhatCameWithTheEvent() throws {
        let set = try TemplateSet.load(overrides: ["failed.html": "{{{error_text}}} {{&model}} {{customer}}"])
        let html = Composer(templates: set, identity: .test)
            .render(try Sample.notification(Sample.log(allTexts: "<b>x</b>"))).html
        #expect(html == "&lt;b&gt;x&lt;/b&gt; &lt;b&gt;x&lt;/b&gt; &lt;b&gt;x&lt;/b&gt;")
    }

    @Test func absentFactsLeaveNoRows() throws {
        let mail = composer.render(try Sample.notification("{\"model\":\"m\"}"))
        #expect(!mail.text.contains("Provider") && !mail.html.contains("Provider") && mail.text.contains("Model  m"))
    }

    @Test func contentStaysOut() throws {
        let log =
            #"{"status_code":500,"model":"m","input":"CANARY1","#
            + #""output":"CANARY2","prompt_messages":[{"role":"user","content":"CANARY3"}],"#
            + #""variables":{"a":"CANARY4"},"metadata":{"k":"CANARY5"},"customer_email":"CANARY6@example.com","#
            + #""full_request":{"x":"CANARY7"},"api_key":"CANARY8"}"#
        let bytes = composer.compose(try Sample.notification(log), recipient: "ops@example.com", now: now).message.bytes
        #expect(!String(decoding: bytes, as: UTF8.self).contains("CANARY"))
    }
}

/// Mails made of hostile events before another parser.
@Suite(.enabled(if: MailOracle.isAvailable))
struct ForeignEyesTests {
    private static let headers = [
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress",
        "MIME-Version", "Content-Type",
    ]
    private static let eventsPath = ProcessInfo.processInfo.environment["HOOKMAIL_EVENTS"]

    private func expectation(_ notification: Rules.Notification) -> MailOracle.Expectation {
        let composer = Composer(templates: .builtin, identity: .test)
        let mail = composer.compose(notification, recipient: "ops@example.com", now: Timestamp(seconds: 1_795_075_265))
        let rendered = composer.render(notification)
        #expect(mail.templateFault == nil)
        return .init(
            bytes: mail.message.bytes, subject: rendered.subject, from: "alerts@example.com", to: "ops@example.com",
            displayName: "Hookmail", text: rendered.text, html: rendered.html, headers: Self.headers, isFromEvent: true)
    }

    /// A mail in which every block of the templates is there: its tags are the only ones allowed.
    private func benign() throws -> MailOracle.Expectation {
        expectation(
            try Sample.notification(
                Sample.conversation.replacing("seen at 10:00", with: String(repeating: "seen ", count: 500)),
                group: "acme", heldBack: 3, throttle: "1 per 15m",
                content: ["prompt", "full_request", "tool_calls", "metadata.note"]))
    }

    @Test(.timeLimit(.minutes(5)))
    func hostileTextsAddNoHeaderTagAttributeOrLink() throws {
        var mails = [try benign()]
        for text in Hostile.texts {
            let deciding = [Rules.Notification.DecidingValue(name: "model", value: text)]
            mails.append(
                expectation(
                    try Sample.notification(
                        Sample.log(allTexts: text), group: text, deciding: deciding, heldBack: 2,
                        content: ["prompt", "variables", "variables.text"])))
            mails.append(
                expectation(
                    try Sample.notification(
                        Sample.log(allTexts: "a" + text + "b.cc"), subject: "{{customer}} {{error_text}} {{prompt}}",
                        content: ["prompt"])))
        }
        let findings = try MailOracle.findings(mails)
        #expect(findings == ["checked \(mails.count)"])
    }

    @Test(.timeLimit(.minutes(5)))
    func randomMixturesOfHostileTextsAddNothingEither() throws {
        let seed =
            ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap(UInt64.init)
            ?? .random(in: 0..<UInt64.max)
        var generator = SeededRandom(seed: seed)
        var mails = [try benign()]
        for _ in 0..<150 {
            let pieces = (0..<Int.random(in: 2...5, using: &generator)).compactMap { _ in
                Hostile.texts.randomElement(using: &generator).map { String($0.prefix(60)) }
            }
            mails.append(
                expectation(
                    try Sample.notification(
                        Sample.log(allTexts: pieces.joined()), group: pieces[0], content: ["prompt", "variables"])))
        }
        let findings = try MailOracle.findings(mails)
        #expect(findings == ["checked 151"], "seed \(seed)")
    }

    @Test(.enabled(if: eventsPath != nil), .timeLimit(.minutes(5)))
    func publishedEventsAddNothing() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: try #require(Self.eventsPath)))
        var mails = [try benign()]
        for line in data.split(separator: 0x0A) {
            mails.append(expectation(try Sample.notification(String(decoding: line, as: UTF8.self))))
        }
        #expect(mails.count == 201)
        let findings = try MailOracle.findings(mails)
        #expect(findings == ["checked \(mails.count)"])
    }
}
