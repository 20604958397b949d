import Events
import Mail
import Rendering
import Rules
import TestSupport
import Testing

/// What mails of alerts and summaries say, beyond what the golden files hold.
struct AlertMailTests {
    private let composer = Composer(templates: .builtin, identity: .test)

    private func subject(_ notification: Rules.Notification) -> String { composer.render(notification).subject }

    private func headline(
        _ measure: String, _ value: Double?, _ threshold: String, condition: String? = nil,
        against: Duration? = nil
    ) throws -> String {
        var figures = AlertSample.figures(measure, value, threshold)
        figures.against = against
        let subject = subject(
            try AlertSample.notification(.fired, figures, rule: "r", severity: .low, condition: condition, group: []))
        return String(subject.dropFirst("[low] r: ".count))
    }

    @Test(arguments: [
        ("count", 5, "at least 5", "5 events in 10m"), ("count", 1, "above 0", "1 event in 10m"),
        ("count", 2, "below 3", "only 2 events in 10m"), ("count", 0, "below 3", "no events in 10m"),
        ("sum of cost", 12.4, "above 10", "$12.40 spent in 10m"),
        ("sum of total_tokens", 1_204_000, "above 1000000", "sum of total tokens 1,204,000 in 10m"),
        ("average of latency", 4.52, "above 3", "average latency 4.5 s in 10m"),
        ("minimum of latency", 0.25, "above 0.2", "lowest latency 250 ms in 10m"),
        ("maximum of cost", 0.07, "above 0.05", "highest cost $0.07 in 10m"),
        ("p99.5 of time_to_first_token", 61, "above 60", "p99.5 time to first token 1 min 1 s in 10m"),
        ("average of latency * 2.0", 4.5, "above 3", "average “latency * 2.0” 4.5 in 10m"),
        ("share", 0.0731, "above 5%", "7.31% of events matched in 10m"),
        ("different values of model", 3, "at least 3", "3 different models in 10m"),
        ("different values of metadata.team", 3, "at least 3", "3 different values of “metadata.team” in 10m"),
        ("sum of cost", 1e300, "above 1", "$1e+300 spent in 10m"),
        ("average of latency", .nan, "above 3", "average latency unknown s in 10m"),
        ("count", 1e18, "above 3", "1,000,000,000,000,000,000 events in 10m"),
        ("time without a match", 5_400, "for 10m", "no event for 1h 30m"),
        ("something new", 2.5, "beyond 2", "measured value 2.5 in 10m"),
    ])
    func headlinesHaveTheirUnit(measure: String, value: Double, threshold: String, wanted: String) throws {
        #expect(try headline(measure, value, threshold) == wanted)
    }

    @Test func changesNameWhatTheyAreComparedTo() throws {
        let (day, week) = (Duration.seconds(86_400), Duration.seconds(7 * 86_400))
        #expect(
            try headline("count", 4.2, "above 3x", condition: "failed", against: day)
                == "4.2 times as many failed calls in 10m as a day before")
        #expect(
            try headline("sum of cost", 4.25, "above 3x", against: week)
                == "4.25 times as much spent in 10m as a week before")
        #expect(
            try headline("average of latency", 0.2, "below 0.5x", against: .seconds(10_800))
                == "average latency in 10m only 0.2 times that of 3 hours before")
    }

    @Test(arguments: [
        ("failed", "failed calls"), ("failed_hard", "failed calls"),
        ("failed && environment == \"prod\"", "failed calls"),
        ("status_code >= 500 or status_code == 429", "failed calls"),
        ("environment == \"prod\" and failed", "failed calls"),
        ("failed or cost > 1", "matches"), ("not failed", "matches"), ("status_code >= 200", "matches"),
        ("failed == false", "matches"), ("failed and (a or b)", "matches"), ("model == \"x or failed\"", "matches"),
        ("cost > 1", "matches"), (nil, "events"),
    ])
    func onlyACertainConditionMakesFailedCalls(condition: String?, noun: String) throws {
        #expect(try headline("count", 7, "at least 5", condition: condition) == "7 \(noun) in 10m")
    }

    /// What a rule with "at least 5" counts stops at 1,000: mails claim no more than they know.
    @Test func aCountThatStopsIsToldAsSuch() throws {
        var figures = AlertSample.figures("count", 1_000, "at least 5", since: AlertSample.at(-600), peak: 1_000)
        figures.thread = MailThread(id: "1-0", at: AlertSample.at(-600))
        let mail = composer.render(try AlertSample.notification(.recovered, figures, group: []))
        #expect(!mail.text.contains("Peak") && !mail.subject.contains("peak"))
        figures.reminders = 1
        #expect(
            subject(try AlertSample.notification(.reminder, figures, group: []))
                == "[high] provider-trouble: still firing after 10m (1st reminder): 1,000 or more failed calls in 10m")
    }

    @Test func whoIsInNoGroupIsNamedPlainly() throws {
        let figures = AlertSample.figures("count", 7, "at least 5")
        let none = try AlertSample.notification(.fired, figures, group: [("model", "(none)"), ("provider_id", "a b")])
        #expect(subject(none) == "[high] provider-trouble: 7 failed calls in 10m for (none), “a b”")
        let other = try AlertSample.notification(.fired, figures, group: [("model", "(other)")])
        #expect(subject(other).hasSuffix("for all groups beyond the limit"))
    }

    @Test func aSpentBudgetSaysSo() throws {
        let spent = BudgetFigures(
            spent: 304.1, limit: 300, periodStart: AlertSample.at(-86_400), periodEnd: AlertSample.at(86_400),
            endsAt: AlertSample.at, burn: nil)
        let notification = try AlertSample.notification(
            .fired, AlertSample.spending(spent), rule: "budget", condition: nil, group: [])
        #expect(subject(notification) == "[high] budget: spent $304.10 of $300, the limit is reached")
    }

    /// What a budget measures is the part of its limit, also where that is money.
    @Test func thePeakOfABudgetIsAPartOfItsLimit() throws {
        var figures = AlertSample.spending()
        figures.peak = 0.92
        let notification = try AlertSample.notification(
            .recovered, figures, rule: "budget", condition: nil, group: [])
        let mail = Composer(templates: .builtin, identity: .test).render(notification)
        for text in [mail.text, mail.html] { #expect(text.contains("92% of the limit") && !text.contains("$0.92")) }
    }

    // MARK: Threads

    @Test func reminderAndEndStandUnderTheFirstMailOfTheirRecipient() throws {
        let now = AlertSample.at(5)
        var figures = AlertSample.figures("count", 7, "at least 5")
        let first = try AlertSample.notification(.fired, figures)
        figures.thread = MailThread(id: first.id, at: first.at)
        for reason in [NotificationReason.reminder, .recovered] {
            let later = Rules.Notification(
                id: "3000-0", rule: first.rule, group: first.group, reason: reason, severity: .high,
                at: AlertSample.at(60), recipients: first.recipients, template: nil, subject: nil,
                holdsThrottleSlot: false, figures: try AlertSample.notification(reason, figures).figures)
            for recipient in ["ops@example.com", "lead@example.com"] {
                let start = composer.compose(first, recipient: recipient, now: now).message
                let message = composer.compose(later, recipient: recipient, now: now).message
                let text = String(decoding: message.bytes, as: UTF8.self).replacing("\r\n ", with: " ")
                #expect(text.contains("\r\nIn-Reply-To: <\(start.messageID)>\r\n"))
                #expect(text.contains("\r\nReferences: <\(start.messageID)>\r\n"))
                #expect(message.messageID != start.messageID)
                let short = try #require(composer.composeShort(later, recipient: recipient, now: now))
                #expect(String(decoding: short.bytes, as: UTF8.self).contains("\r\nIn-Reply-To: "))
            }
        }
        let bytes = composer.compose(first, recipient: "ops@example.com", now: now).message.bytes
        #expect(!String(decoding: bytes, as: UTF8.self).contains("In-Reply-To"))
    }

    // MARK: Own templates and subjects

    @Test func aRulesOwnSubjectIsNotThatOfAnEnd() throws {
        let figures = AlertSample.figures("count", 7, "at least 5")
        #expect(
            subject(try AlertSample.notification(.fired, figures, subject: "{{value}} of {{threshold}}"))
                == "[high] provider-trouble: 7 of at least 5")
        #expect(
            subject(try AlertSample.notification(.recovered, figures, subject: "{{value}}")).contains(": recovered"))
    }

    @Test func aTemplateCanTakeThePlaceOfABuiltInOne() throws {
        let set = try TemplateSet.load(overrides: [
            "recovered.text": "{{reason}} {{lasted}}{{#is_end}} over{{/is_end}}{{#figures}} {{label}}{{/figures}}",
            "recovered.html": "<p>{{{happened}}}{{#trend}} {{bar}}{{/trend}}</p>",
            "digest.text": "{{total_count}}{{#summary}} {{line_count}} {{line_title}};{{/summary}}",
            "digest.html": "<p>{{summary_total}}</p>",
        ])
        let composer = Composer(templates: set, identity: .test)
        let ended = try #require(AlertSample.cases["window-recovered"])
        let mail = composer.render(try ended())
        let words = mail.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words == "recovered 23m over Provider Model Value Limit Began Lasted Peak")
        #expect(mail.html.hasSuffix(" 1 1 30 1 1 30 1 30 1 60 30 30</p>"))
        let digest = try #require(AlertSample.cases["digest"])
        #expect(composer.render(try digest()).text.hasPrefix("41    27× failed calls;"))
    }

    @Test func whatALineOfASummaryLacksIsNotTakenFromTheMailAround() throws {
        let set = try TemplateSet.load(overrides: [
            "digest.text": "{{#summary}}[{{line_error}}]{{/summary}}", "digest.html": "x",
        ])
        let lines = [AlertSample.line("a", nil, 2, signature: "boom"), AlertSample.line("a", "g", 1)]
        let notification = try AlertSample.notification(
            .quietEnded, rule: "(quiet hours)", summary: AlertSample.summary(lines))
        #expect(Composer(templates: set, identity: .test).render(notification).text == "[boom][]\n")
    }

    // MARK: Previews

    private static let windows = """
        rules:
          - {name: a, when: failed, per: [model, metadata.team], count: {at_least: 5, within: 10m}, notify: a@b.co}
          - {name: b, count: {below: 3, within: 1h}, notify: a@b.co}
          - {name: c, sum: {of: cost, above: 10, within: 1h}, notify: a@b.co}
          - {name: d, avg: {of: latency, above: 3, within: 15m}, notify: a@b.co}
          - {name: e, min: {of: latency, above: 3, within: 15m}, notify: a@b.co}
          - {name: f, max: {of: latency, above: 3, within: 15m}, notify: a@b.co}
          - {name: g, percentile: {of: latency, p: 95, above: 8, within: 15m}, notify: a@b.co}
          - {name: h, when: failed, ratio: {above: 5%, within: 10m}, notify: a@b.co}
          - {name: i, distinct: {of: customer_identifier, at_least: 20, within: 1h}, notify: a@b.co}
          - {name: j, absent: {for: 30m}, notify: a@b.co}
          - {name: k, change: {of: sum(cost), above: 3x, within: 1h, against: 1d}, notify: a@b.co}
          - {name: l, when: failed, first_seen: {of: error_signature, forget_after: 30d}, notify: a@b.co}
          - {name: m, budget: {of: cost, limit: 300, period: month, burn: [14.4, 6, 1]}, notify: a@b.co}
          - {name: o, when: failed, digest: "daily at 09:00 Europe/Berlin", notify: a@b.co}
        """

    /// Every window can be read back from its words: no mail speaks of a measure that is not known here.
    @Test func everyReasonOfEveryWindowHasAMail() throws {
        let set = try RuleSet.read(Self.windows, file: "rules.yaml", addresses: { .success($0) }).ruleSet
        #expect(set.rules.count == 14)
        let event = LoggedEvent(
            id: 17, key: EventKey(source: "s", type: "request_log", id: "1", origin: .uniqueID),
            receivedAt: AlertSample.at, isRevision: false, facts: try Facts(log: Array(Sample.failedLog.utf8)))
        for rule in set.rules {
            for reason in rule.mailReasons {
                let notification = rule.preview(of: event, reason: reason, at: AlertSample.at)
                let mail = composer.compose(notification, recipient: "ops@example.com", now: AlertSample.at)
                #expect(mail.templateFault == nil)
                let message = ReadableMessage(mail.message.bytes)
                #expect(!message.text.contains("measured value") && !message.subject.contains("value"))
                #expect(message.text.split(separator: "\n").allSatisfy { $0.unicodeScalars.count <= 78 })
                #expect(
                    reason.isSummary || message.text.contains("The rule speaks up") || reason == .firstSeen
                        || rule.name == "m" || reason == .matched, "\(rule.name) \(reason)")
            }
        }
    }

    // MARK: Sizes

    @Test func theLargestMailsAreComposedWhole() throws {
        let wide = String(repeating: "ü", count: 120)
        let lines = (0..<60).map { AlertSample.line("rule-\($0)", wide + "\($0)", 1, signature: wide + "\($0)") }
        let notification = try AlertSample.notification(
            .overflow, rule: "(overflow)", summary: AlertSample.summary(lines, recipient: "x"))
        let mail = composer.compose(notification, recipient: "ops@example.com", now: AlertSample.at)
        #expect(mail.templateFault == nil)
        let text = ReadableMessage(mail.message.bytes)
        #expect(text.text.contains("35 more are counted but not listed"))
        #expect(text.subject == "[high] overflow: 60 matches of 25 or more rules")
    }
}

/// Mails of alerts made of hostile events before another parser.
@Suite(.enabled(if: MailOracle.isAvailable))
struct AlertForeignEyesTests {
    private func expectation(_ notification: Rules.Notification) -> MailOracle.Expectation {
        let composer = Composer(templates: .builtin, identity: .test)
        let mail = composer.compose(notification, recipient: "ops@example.com", now: AlertSample.at(5))
        let rendered = composer.render(notification)
        #expect(mail.templateFault == nil)
        let isLater = notification.figures.window?.thread != nil
        let thread = isLater ? ["In-Reply-To", "References"] : []
        let headers =
            ["From", "To", "Subject", "Date", "Message-ID"] + thread
            + ["List-Id", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]
        return .init(
            bytes: mail.message.bytes, subject: rendered.subject, from: "alerts@example.com", to: "ops@example.com",
            displayName: "Hookmail", text: rendered.text, html: rendered.html, headers: headers, isFromEvent: true)
    }

    @Test(.timeLimit(.minutes(5)), arguments: [NotificationReason.fired, .reminder, .recovered, .firstSeen])
    func hostileTextsAddNothingToAnAlert(reason: NotificationReason) throws {
        let texts = ["benign"] + Hostile.texts
        let mails = try texts.map { expectation(try AlertSample.hostile($0, reason: reason)) }
        #expect(try MailOracle.findings(mails) == ["checked \(mails.count)"])
    }

    @Test(.timeLimit(.minutes(5)))
    func hostileTextsAddNothingToASummary() throws {
        let texts = ["benign"] + Hostile.texts
        let mails = try texts.map { expectation(try AlertSample.hostileSummary($0)) }
        #expect(try MailOracle.findings(mails) == ["checked \(mails.count)"])
    }
}
