package import Events

/// What came of a rule test.
package struct RuleTestRun: Sendable {
    /// Something that happened, for people who look for the reason of a failure.
    package struct Happening: Sendable {
        /// From the first event on.
        package let at: Duration
        package let decision: Decision
        package let notification: Notification?
    }

    package let test: RuleTest
    /// What was expected and did not come true, in words; none when the test passed.
    package let failures: [String]
    /// What the rule did, in order; at most `happeningsMax`.
    package let happenings: [Happening]
    /// How many there were in all.
    package let happeningCount: Int
    package let eventCount: Int

    package var isPassed: Bool { failures.isEmpty }

    /// The most happenings that are kept.
    package static let happeningsMax = 1_000

    /// Runs a test.
    ///
    /// - Parameters:
    ///   - files: The events of the files that the test names, by path.
    ///   - subject: The subject of a notification's mail.
    package init(
        _ test: RuleTest, in ruleSet: RuleSet, files: [String: [Facts]] = [:],
        subject: (Notification) -> String
    ) {
        self.test = test
        var all: [Happening] = []
        var count = 0
        let report: Replay.Report = { at, output in
            let made = Dictionary(output.notifications.map { ($0.id, $0) }) { first, _ in first }
            for decision in output.decisions where decision.rule == test.rule {
                var notification: Notification?
                if case .notified(let id) = decision.outcome { notification = made[id] }
                count += 1
                guard all.count < Self.happeningsMax else { continue }
                all.append(Happening(at: at - test.start, decision: decision, notification: notification))
            }
        }
        var replay = Replay(ruleSet, at: test.start, report)
        var instant = test.start
        var number: Int64 = 0
        for (index, batch) in test.batches.enumerated() {
            if index > 0 { instant = instant.advanced(by: batch.after) }
            let facts = batch.file.map { files[$0] ?? [] } ?? [Facts.invented(batch.members)]
            for repetition in 0..<batch.count {
                for (offset, facts) in facts.enumerated() {
                    if repetition > 0 || offset > 0 { instant = instant.advanced(by: batch.every) }
                    number += 1
                    let key = EventKey(
                        source: "test", type: "request_log", id: "test-\(number)", origin: .uniqueID)
                    replay.take(
                        LoggedEvent(id: number, key: key, receivedAt: instant, isRevision: false, facts: facts),
                        at: instant, report)
                }
            }
        }
        replay.advance(to: instant.advanced(by: test.wait), report)
        happenings = all
        happeningCount = count
        eventCount = Int(number)
        failures = test.expectations.compactMap { Self.failure(of: $0, all, subject) }
    }

    /// What of an expectation did not come true, or `nil`.
    private static func failure(
        of expected: RuleTest.Expectation, _ happenings: [Happening], _ subject: (Notification) -> String
    ) -> String? {
        if let reason = expected.suppressed {
            let found = happenings.count { happening in
                guard case .suppressed(let why) = happening.decision.outcome else { return false }
                return why == reason && expected.group.map { $0 == happening.decision.group } ?? true
            }
            if found == 0 { return "no match was held back as \(reason.rawValue)" }
            if let times = expected.times, times != found {
                return "\(times) matches should have been held back as \(reason.rawValue), and \(found) were"
            }
            if expected.mails == nil { return nil }
        }
        let mails = happenings.filter { happening in
            guard let mail = happening.notification else { return false }
            return (expected.group.map { $0 == mail.group } ?? true)
                && (expected.reason.map { $0 == mail.reason } ?? true)
                && (expected.recipients.map { Set($0) == Set(mail.recipients) } ?? true)
                && (expected.subject.map { subject(mail).contains($0) } ?? true)
        }
        if let wanted = expected.mails, wanted != mails.count {
            return "\(Self.mails(wanted)) expected\(qualities(expected)), and \(Self.count(mails.count)) made"
        }
        if expected.mails == nil, mails.isEmpty {
            return "a mail was expected\(qualities(expected)), and none was made"
        }
        if let at = expected.at, let first = mails.first, first.at != at {
            return "the first mail\(qualities(expected)) was expected at \(at.written), and came at \(first.at.written)"
        }
        return nil
    }

    private static func mails(_ count: Int) -> String {
        switch count {
        case 0: "no mail was"
        case 1: "1 mail was"
        default: "\(count) mails were"
        }
    }

    private static func count(_ count: Int) -> String {
        switch count {
        case 0: "none was"
        case 1: "1 was"
        default: "\(count) were"
        }
    }

    private static func qualities(_ expected: RuleTest.Expectation) -> String {
        var text = ""
        if let group = expected.group { text += " for the group '\(group)'" }
        if let reason = expected.reason { text += " with the reason '\(reason.rawValue)'" }
        if let recipients = expected.recipients { text += " to \(recipients.joined(separator: ", "))" }
        if let subject = expected.subject { text += " with '\(subject)' in its subject" }
        return text
    }
}

extension Facts {
    /// The facts of a request log with these members, for tests of rules.
    static func invented(_ members: JSONObject) -> Facts {
        (try? Facts(log: JSONValue.object(members).encoded())) ?? .none
    }
}
