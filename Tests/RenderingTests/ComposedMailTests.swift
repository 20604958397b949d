import Events
import Foundation
import Mail
import Rendering
import Rules
import TestSupport
import Testing
import Transports

/// Whole mails of every kind, under every setting of the sender, made of hostile and random texts: another parser finds
/// in them what was meant, and a mail server gets every byte.
///
/// `HOOKMAIL_COMPOSED_MAILS` says how many (2,000; a full run is 50,000), a tenth of which go over the wire.
@Suite(.enabled(if: MailOracle.isAvailable), .timeLimit(.minutes(60)))
struct ComposedMailTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["HOOKMAIL_COMPOSED_MAILS"].flatMap(Int.init) ?? 2_000
    /// How many are held before the parser at a time.
    private static let batch = 1_000

    /// Published events, where there are any.
    private static let events: [String] = {
        guard let path = environment["HOOKMAIL_EVENTS"], let text = try? String(contentsOfFile: path, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").map(String.init)
    }()

    private let now = Timestamp(seconds: 1_795_075_265)

    @Test func anotherParserFindsWhatWasMeant() throws {
        let seed = Self.environment["HOOKMAIL_TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0..<UInt64.max)
        var generator = SeededRandom(seed: seed)
        let signers = try Self.signers()
        for start in stride(from: 0, to: Self.count, by: Self.batch) {
            let size = min(Self.batch, Self.count - start)
            let mails = try (0..<size).map { _ in try Self.mail(&generator, signers, now).expected }
            let findings = try MailOracle.findings(mails)
            #expect(findings == ["checked \(size)"], "seed \(seed), from \(start) on")
        }
    }

    @Test func aMailServerGetsEveryByte() async throws {
        let seed = Self.environment["HOOKMAIL_TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0..<UInt64.max)
        var generator = SeededRandom(seed: seed)
        let signers = try Self.signers()
        let server = try RawSMTPServer(.init(capabilities: ["SIZE 10000000"]))
        var settings = try SMTPConfiguration(
            host: "127.0.0.1", port: server.port, security: .unprotected, login: nil, helloName: "client.example.test")
        settings.connectionsMax = 1
        let transport = SMTPTransport(configuration: settings)
        var sent: [[UInt8]] = []
        for _ in 0..<Self.count / 10 {
            let message = try Self.mail(&generator, signers, now).message
            let reply = await transport.send(message)
            #expect(reply.classification == .accepted, "seed \(seed): \(reply)")
            sent.append(message.bytes)
        }
        await transport.shutdown(grace: .seconds(10))
        #expect(server.records.flatMap(\.texts) == sent, "seed \(seed)")
    }

    // MARK: Mails

    private static func signers() throws -> [DKIMSigner] {
        let key = try PrivateKey(pem: try DKIMOracle.ed25519())
        return [DKIMSigner(domain: "example.com", selector: "x", key: key)]
    }

    /// A mail and what a parser must find in it.
    private static func mail(
        _ generator: inout SeededRandom, _ signers: [DKIMSigner], _ now: Timestamp
    ) throws -> (message: Message, expected: MailOracle.Expectation) {
        let notification = try notification(&generator)
        var identity = MailIdentity.test
        if Bool.random(using: &generator) { identity.signers = signers }
        if Bool.random(using: &generator) { identity.replyTo = try Mailbox(parsing: "Größe & Co <a@example.com>") }
        if Bool.random(using: &generator) { identity.sender = try Mailbox(parsing: "bounces@example.com") }
        identity.showsAllRecipients = Bool.random(using: &generator)
        let key = Secret(Array("key".utf8), label: "test")
        let links = Bool.random(using: &generator) ? LinkSigner(base: "https://h.example.com", key: key) : nil
        let composer = Composer(templates: .builtin, identity: identity, links: links)
        let recipient = try #require(notification.recipients.randomElement(using: &generator))
        let mail = composer.compose(notification, recipient: recipient, now: now)
        #expect(mail.templateFault == nil)
        let rendered = composer.render(notification, recipient: recipient, now: now)
        let canUnsubscribe = links != nil && ![.quietEnded, .overflow].contains(notification.reason)
        var headers: [String] = identity.signers.map { _ in "DKIM-Signature" } + ["From"]
        if identity.sender != nil { headers.append("Sender") }
        if identity.replyTo != nil { headers.append("Reply-To") }
        headers += ["To", "Subject", "Date", "Message-ID"]
        if let first = notification.figures.window?.thread, first.id != notification.id {
            headers += ["In-Reply-To", "References"]
        }
        headers.append("List-Id")
        if canUnsubscribe { headers += ["List-Unsubscribe", "List-Unsubscribe-Post"] }
        headers += ["Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]
        var expected = MailOracle.Expectation(
            bytes: mail.message.bytes, subject: rendered.subject, from: "alerts@example.com", to: recipient,
            displayName: "Hookmail", text: rendered.text, html: rendered.html, headers: headers)
        if identity.showsAllRecipients { expected.shownRecipients = notification.recipients }
        expected.hasAttachment =
            notification.figures.attachment != nil
            && (notification.figures.summary != nil || notification.figures.facts.event.object?.isEmpty == false)
        return (mail.message, expected)
    }

    private static func notification(_ generator: inout SeededRandom) throws -> Rules.Notification {
        let sample: Rules.Notification
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            let name = GoldenMailsTests.all.keys.sorted().randomElement(using: &generator) ?? ""
            let make = try #require(GoldenMailsTests.all[name])
            sample = try make()
        case 1 where !events.isEmpty:
            sample = try Sample.notification(events.randomElement(using: &generator) ?? "{}")
        default:
            let text = text(&generator)
            let subjects = [nil, "{{customer}} {{error_text}}", "{{model}}: {{prompt}}"]
            sample = try Sample.notification(
                Sample.log(allTexts: text), group: text,
                subject: subjects.randomElement(using: &generator) ?? nil,
                deciding: [Rules.Notification.DecidingValue(name: "model", value: text)],
                heldBack: Int.random(in: 0...3, using: &generator), content: ["prompt", "variables", "variables.text"])
        }
        var figures = sample.figures
        figures.attachment = ([nil] + AttachmentFormat.allCases).randomElement(using: &generator) ?? nil
        let recipients = (1...Int.random(in: 1...4, using: &generator)).map { "ops\($0)@example.com" }
        return Rules.Notification(
            id: sample.id, rule: Bool.random(using: &generator) ? sample.rule : text(&generator), group: sample.group,
            reason: sample.reason, severity: sample.severity, at: sample.at, recipients: recipients,
            template: sample.template, subject: sample.subject, holdsThrottleSlot: sample.holdsThrottleSlot,
            figures: figures)
    }

    /// Pieces of what wants to be more than text, and characters from everywhere.
    private static func text(_ generator: inout SeededRandom) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            if Bool.random(using: &generator) {
                text += Hostile.texts.randomElement(using: &generator) ?? ""
            } else {
                for _ in 0..<Int.random(in: 1...20, using: &generator) {
                    let most: UInt32 = Bool.random(using: &generator) ? 0x2FF : 0x10FFFF
                    let scalar = Unicode.Scalar(UInt32.random(in: 0...most, using: &generator))
                    text.unicodeScalars.append(scalar ?? "\u{FFFD}")
                }
            }
        }
        return text
    }
}
