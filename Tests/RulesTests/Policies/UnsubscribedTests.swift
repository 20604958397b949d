import Events
import Rules
import TestSupport
import Testing

/// A silence for one address: the others still get the mail, and nobody's slot is taken for who does not.
@Suite struct UnsubscribedTests {
    private func silence(_ condition: String, to recipient: String?, id: String = "abc234") throws -> Silence {
        try Silence.make(
            id: id, condition: condition, until: EngineRun.time(0).advanced(by: Silence.recipientSpanMax),
            author: "ann", reason: "", recipient: recipient, at: EngineRun.time(0))
    }

    private func run(_ recipients: [String], rule: String = "notify: [a@example.com, team]") throws -> EngineRun {
        var run = try EngineRun(
            try EngineRun.ruleSet(
                """
                recipients: {team: {to: [b@example.com, c@example.com], at_most: 3 per 1h}}
                rules: [{name: r, when: failed, \(rule)}, {name: other, when: failed, notify: b@example.com}]
                """))
        for (index, recipient) in recipients.enumerated() {
            run.feed(
                .operatorAction(.silenceAdded(try silence(#"rule == "r""#, to: recipient, id: "abc23\(index)"))),
                at: Double(index) / 10)
        }
        return run
    }

    @Test func theOthersStillGetTheMail() throws {
        var run = try run(["b@example.com"])
        let notifications = run.event(at: 1).notifications
        #expect(notifications.map(\.recipients) == [["a@example.com", "c@example.com"], ["b@example.com"]])
        // Two addresses would have used up the three slots with the second mail.
        for second in 2...3 {
            #expect(
                run.event(at: Double(second)).notifications.first?.recipients == ["a@example.com", "c@example.com"])
        }
        #expect(run.event(at: 4).notifications.first?.recipients == ["a@example.com"])
    }

    @Test func whereNobodyIsLeftTheMailIsSilenced() throws {
        var run = try run(["a@example.com", "b@example.com", "c@example.com"])
        let output = run.event(at: 1)
        #expect(output.notifications.map(\.rule) == ["other"])
        #expect(output.decisions.contains { $0.rule == "r" && $0.outcome == .suppressed(.silenced) })
    }

    @Test func itOutlivesARestartAndCanBeTakenBack() throws {
        var run = try run(["a@example.com"])
        run.restoresAtEveryEntry = true
        #expect(run.event(at: 1).notifications[0].recipients == ["b@example.com", "c@example.com"])
        run.feed(.clockStep(by: .seconds(3_600)), at: 3_602)
        #expect(run.event(at: 7_300).notifications[0].recipients == ["b@example.com", "c@example.com"])
        run.feed(.operatorAction(.silenceEnded(id: "abc230")), at: 7_301)
        #expect(run.event(at: 7_302).notifications[0].recipients.first == "a@example.com")
    }

    /// Two rules for one recipient of two addresses, in quiet hours until second 3,600 (EventMaker begins at noon).
    private func quietRun(_ rules: String) throws -> EngineRun {
        try EngineRun(
            try EngineRun.ruleSet(
                """
                recipients: {team: {to: [b@example.com, c@example.com], quiet: "11:00-13:00 UTC"}}
                rules: [\(rules)]
                """))
    }

    /// Recipients and rules of the notifications, as in `b@example.com: r, other`.
    private func told(_ output: EngineOutput) -> [String] {
        output.notifications.map { notification in
            let rules = (notification.figures.summary?.lines ?? []).map(\.rule).joined(separator: ", ")
            return notification.recipients.joined(separator: " ") + ": " + rules
        }
    }

    /// Whom a line is kept from, and of which rules the others are, is for gathering alone.
    private func holdsBookkeeping(_ notification: Notification) -> Bool {
        let text = String(decoding: notification.encoded(), as: UTF8.self)
        return text.contains("kept_from") || text.contains("other_rules")
    }

    @Test func aSummaryTellsEachOfWhatRemains() throws {
        for isEarly in [true, false] {
            var run = try quietRun("{name: r, when: failed, notify: team}, {name: other, notify: team}")
            run.restoresAtEveryEntry = true
            if !isEarly { run.event(at: 1) }
            let silence = try silence(#"rule == "r""#, to: "b@example.com")
            run.feed(.operatorAction(.silenceAdded(silence)), at: 2)
            run.event(at: 3)
            let output = run.feed(.clock, at: 4_000)
            #expect(told(output) == ["b@example.com: other", "c@example.com: r, other"])
            #expect(output.words == ["mail \(output.notifications[0].id)", "mail \(output.notifications[1].id)"])
            #expect(output.notifications.allSatisfy { $0.rule == "(quiet hours)" })
        }
    }

    /// What an `at_most` held back of a rule that an address has unsubscribed from is no news to it.
    @Test func aSummaryOfALimitLeavesTheAddressOut() throws {
        var run = try run([])
        run.restoresAtEveryEntry = true
        for second in 1...4 { run.event(at: Double(second)) }
        run.feed(.operatorAction(.silenceAdded(try silence(#"rule == "r""#, to: "b@example.com"))), at: 5)
        let output = run.feed(.clock, at: 3_700)
        #expect(output.notifications.map(\.rule) == ["(overflow)"] && told(output) == ["c@example.com: r"])
        #expect(run.feed(.clock, at: 90_000).notifications.isEmpty)
    }

    @Test func noSummaryWhereNothingRemains() throws {
        var run = try quietRun("{name: r, when: failed, notify: team}")
        run.event(at: 1)
        for (id, address) in [("one", "b@example.com"), ("two", "c@example.com")] {
            run.feed(.operatorAction(.silenceAdded(try silence(#"rule == "r""#, to: address, id: id))), at: 2)
        }
        let output = run.feed(.clock, at: 4_000)
        #expect(output.notifications.isEmpty && output.words == ["silenced"])
        #expect(output.decisions[0].rule == "(quiet hours)" && output.decisions[0].group == "team")
        #expect(run.feed(.clock, at: 90_000).decisions.isEmpty)
    }

    /// Of matches beyond the lines only their rule is known.
    @Test func matchesBeyondTheLinesAreOfARuleToo() throws {
        var run = try quietRun("{name: r, per: [model], notify: team}, {name: other, notify: team}")
        run.restoresAtEveryEntry = true
        for number in 0..<30 { try run.event(#"{"model":"m\#(number)"}"#, at: Double(number)) }
        let silence = try silence(#"rule == "r""#, to: "b@example.com")
        run.feed(.operatorAction(.silenceAdded(silence)), at: 40)
        let output = run.feed(.clock, at: 4_000)
        let summaries = output.notifications.compactMap(\.figures.summary)
        #expect(output.notifications.map(\.recipients) == [["b@example.com"], ["c@example.com"]])
        #expect(summaries.map(\.count) == [30, 60] && summaries.map(\.lines.count) == [1, 25])
        #expect(output.notifications.allSatisfy { !holdsBookkeeping($0) })
    }

    /// What a silence over facts covers is known at the match alone, and kept with it.
    @Test func aSilenceOverFactsHoldsInSummariesAndDigests() throws {
        let rules = [
            "{name: r, notify: team}",
            "{name: r, digest: every 2h, at_most: 1 per 1s, notify: [b@example.com, c@example.com]}",
        ]
        for rule in rules {
            var run = try quietRun(rule)
            run.restoresAtEveryEntry = true
            let silence = try silence(#"model == "m""#, to: "b@example.com")
            run.feed(.operatorAction(.silenceAdded(silence)), at: 1)
            for (model, second) in [("m", 2.0), ("x", 3.0), ("m", 4.0)] {
                try run.event(#"{"model":"\#(model)"}"#, at: second)
            }
            let output = run.feed(.clock, at: 7_300)
            #expect(output.notifications.map(\.recipients) == [["b@example.com"], ["c@example.com"]], "\(rule)")
            #expect(output.notifications.compactMap(\.figures.summary?.count) == [1, 3])
            #expect(output.notifications.allSatisfy { !holdsBookkeeping($0) })
        }
    }

    @Test func oneForEverybodyIsAnother() throws {
        #expect(try silence("true", to: "a@example.com").json["recipient"]?.string == "a@example.com")
        #expect(throws: SilenceFault.self) { try silence("true", to: nil) }
        for wrong in ["", "nobody", "a@b\r\nc", String(repeating: "a", count: 400) + "@b"] {
            #expect(throws: SilenceFault.self) { try silence("true", to: wrong) }
        }
        let kept = try silence("true", to: "a@example.com")
        #expect(Silence(json: kept.json) == kept)
    }

    /// The condition that a link makes covers what the mail was about, and nothing else.
    @Test func aConditionForAMailCoversItsGroup() throws {
        for (value, other) in [("acme", "globex"), (#"a"b\c"#, "a"), ("é\u{1}\n", "e"), ("(none)", "x")] {
            var notification = try NotificationMaker.notification()
            notification.setGroup([("customer_identifier", value), ("metadata.team", "blue")])
            let condition = try #require(Silence.condition(for: notification))
            var silences = Silences()
            _ = silences.apply(.silenceAdded(try silence(condition, to: nil, seconds: 60)))
            func covers(_ value: String, rule: String = "failed-calls") -> Bool {
                let group = [(name: "customer_identifier", value: value), (name: "metadata.team", value: "blue")]
                let subject = SilenceSubject(rule: rule, severity: .low, group: group, event: nil)
                return silences.match(subject, at: EngineRun.time(1)) != nil
            }
            #expect(covers(value) && !covers(other) && !covers(value, rule: "x"), "\(condition)")
        }
    }

    private func silence(_ condition: String, to recipient: String?, seconds: Int64) throws -> Silence {
        try Silence.make(
            id: "abc234", condition: condition, until: EngineRun.time(0).advanced(by: .seconds(seconds)),
            author: "ann", reason: "", recipient: recipient, at: EngineRun.time(0))
    }
}

extension Notification {
    fileprivate mutating func setGroup(_ values: [(String, String)]) {
        var changed = figures
        changed.group = values.map { DecidingValue(name: $0.0, value: $0.1) }
        self = Notification(
            id: id, rule: rule, group: values.map(\.1).joined(separator: ", "), reason: reason, severity: severity,
            at: at, recipients: recipients, template: nil, subject: nil, holdsThrottleSlot: false, figures: changed)
    }
}
