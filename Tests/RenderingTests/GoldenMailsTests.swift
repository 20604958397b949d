import Foundation
import Mail
import Rendering
import Rules
import Testing

/// The built-in mails as they are, word for word. `HOOKMAIL_REWRITE_GOLDEN=1` writes the files anew; then read the
/// difference.
struct GoldenMailsTests {
    static let cases: [String: @Sendable () throws -> Rules.Notification] = [
        "failed": { try Sample.notification(Sample.failedLog) },
        "failed-held-back": {
            try Sample.notification(
                Sample.failedLog, group: "acme", severity: .urgent, heldBack: 214, throttle: "1 per 15m")
        },
        "single": {
            try Sample.notification(
                Sample.plainLog, rule: "expensive", severity: .low, condition: "cost > 1",
                deciding: [.init(name: "cost", value: "3.0")], throttle: "1 per 1h")
        },
        "every-event": {
            try Sample.notification(Sample.plainLog, rule: "everything", severity: .low, condition: nil, deciding: [])
        },
        "empty": {
            try Sample.notification("{\"x\":1}", rule: "r", condition: nil, deciding: [])
        },
        "other-sender": {
            try Sample.notification(
                Sample.issueOpened, rule: "issue-opened", condition: "event.action == \"opened\"",
                deciding: [.init(name: "event.action", value: "\"opened\"")], content: ["event.issue.title"])
        },
        "plain": { try Sample.notification(Sample.failedLog, template: "plain", heldBack: 1) },
        "content": {
            try Sample.notification(
                Sample.conversation, severity: .high, subject: "{{model}} could not answer: {{prompt}}",
                content: ["prompt", "completion", "variables", "full_response", "metadata.note"])
        },
        "content-plain": {
            try Sample.notification(Sample.conversation, template: "plain", content: ["prompt", "tool_calls"])
        },
        "content-gone": {
            try Sample.notification(
                Sample.plainLog, rule: "expensive", content: ["prompt", "variables.question"], hasBody: false)
        },
        "hostile": {
            try Sample.notification(
                Sample.log(allTexts: Hostile.showcase), group: Hostile.showcase, severity: .high,
                deciding: [.init(name: "customer_identifier", value: Hostile.showcase)],
                content: ["prompt", "variables.text"])
        },
        "right-to-left": {
            try Sample.notification(
                Sample.log(
                    allTexts: arabic),
                rule: "تنبيه", severity: .high, deciding: [.init(name: "model", value: "\"نموذج\"")])
        },
        "long-words": {
            try Sample.notification(
                Sample.log(allTexts: String(repeating: "0123456789abcdef", count: 30)),
                rule: String(repeating: "very-long-rule-name-", count: 8),
                condition: String(repeating: "customer_identifier in [\"a\", \"b\"] or ", count: 12) + "failed")
        },
    ]

    /// With a `log_url`: an event of its own, lines and clusters that name their newest one, and a decision of time.
    static let linked: [String: @Sendable () throws -> Rules.Notification] = [
        "linked": { try Sample.notification(Sample.failedLog) },
        "linked-count": { try AlertSample.linked("window-count", [1_042, 1_037]) },
        "linked-reminder": { try AlertSample.linked("window-reminder", [1_042]) },
        "linked-digest": { try AlertSample.linked("digest", [1_040, 1_042, 998]) },
        "linked-quiet-ended": { try AlertSample.linked("quiet-ended", [1_042]) },
        "linked-digest-plain": { try AlertSample.linked("digest-plain", [1_040, 998]) },
    ]

    static let all = cases.merging(AlertSample.cases) { first, _ in first }

    private static let arabic =
        "فشل الطلب: تم تجاوز الحد الأقصى لعدد الرموز في الدقيقة (429). حاول مرة أخرى بعد قليل."
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Golden")

    /// The mail of this name as it is rendered.
    private static func rendered(_ name: String) throws -> RenderedMail {
        let composer = Composer(templates: .builtin, identity: .test)
        if let own = OwnSample.all[name] { return composer.render(own) }
        if let make = linked[name] {
            let link = try LogLink(pattern: "https://platform.example.com/logs/{unique_id}")
            return Composer(templates: .builtin, identity: .test, logLink: link).render(try make())
        }
        let make = try #require(all[name])
        return composer.render(try make())
    }

    private static let names = (Array(all.keys) + Array(linked.keys) + Array(OwnSample.all.keys)).sorted()

    @Test(arguments: names)
    func aBuiltInMailIsAsRecorded(name: String) throws {
        let mail = try Self.rendered(name)
        let texts = ["text": "Subject: \(mail.subject)\n\n\(mail.text)", "html": mail.html]
        for (part, text) in texts {
            let file = Self.folder.appendingPathComponent("\(name).\(part)")
            if ProcessInfo.processInfo.environment["HOOKMAIL_REWRITE_GOLDEN"] != nil {
                try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            #expect(try String(decoding: Data(contentsOf: file), as: UTF8.self) == text)
        }
    }

    @Test(arguments: names)
    func theTextPartFits78Columns(name: String) throws {
        let mail = try Self.rendered(name)
        for line in mail.text.split(separator: "\n") where line.unicodeScalars.allSatisfy({ $0.value < 0x300 }) {
            #expect(line.unicodeScalars.count <= 78, "\(line)")
        }
    }
}

extension MailIdentity {
    static let test: MailIdentity = {
        guard let from = try? Mailbox(parsing: "Hookmail <alerts@example.com>") else { preconditionFailure() }
        return MailIdentity(from: from, host: "mail.example.com")
    }()
}
