import Events
import Rules
import TestSupport
import Testing

/// What becomes of alerts and records of mails where some of those who would be told have unsubscribed.
@Suite struct KeptFromOneTests {
    private func silence(_ condition: String, to recipient: String, id: String) throws -> LogEntry.Change {
        .operatorAction(
            .silenceAdded(
                try Silence.make(
                    id: id, condition: condition, until: EngineRun.time(0).advanced(by: Silence.recipientSpanMax),
                    author: recipient, reason: "", recipient: recipient, at: EngineRun.time(0))))
    }

    private func alertRun(_ more: String) throws -> EngineRun {
        var run = try EngineRun(
            EngineRun.ruleSet(
                """
                rules:
                  - {name: r, when: failed, count: {at_least: 1, within: 1d}, notify: a@example.com, remind: 1h\(more)}
                """))
        run.restoresAtEveryEntry = true
        run.feed(try silence(#"rule == "r""#, to: "a@example.com", id: "abc234"), at: 0)
        return run
    }

    /// The alert counts as told, for those of the escalation are told when it lasts.
    @Test func anEscalationIsToldWhereTheFirstHaveUnsubscribed() throws {
        var run = try alertRun(", escalate: {after: 3, notify: lead@example.com}")
        #expect(run.event(at: 10).words == ["silenced"])
        for hour in 1...2 { #expect(run.feed(.clock, at: Double(hour) * 3_600 + 10).words == ["silenced"]) }
        let reminder = run.feed(.clock, at: 10_810).notifications
        #expect(reminder.map(\.reason) == [.reminder] && reminder.map(\.recipients) == [["lead@example.com"]])
        let end = run.feed(.clock, at: 86_410).notifications
        #expect(end.map(\.reason) == [.recovered] && end.map(\.recipients) == [["lead@example.com"]])
    }

    /// Without one the alert waits: taken back, the silence lets its first mail go.
    @Test func withoutAnEscalationTheAlertWaits() throws {
        var run = try alertRun("")
        #expect(run.event(at: 10).words == ["silenced"])
        #expect(run.feed(.clock, at: 3_610).words == [])
        let told = run.feed(.operatorAction(.silenceEnded(id: "abc234")), at: 4_000).notifications
        #expect(told.map(\.reason) == [.fired] && told.map(\.recipients) == [["a@example.com"]])
    }

    /// An operator's silence for everybody holds back the escalation, too, and the alert is told after it.
    @Test func aSilenceForEverybodyIsAnother() throws {
        var run = try alertRun(", escalate: {after: 1, notify: lead@example.com}")
        let all = try Silence.make(
            id: "xyz789", condition: "true", until: EngineRun.time(7_200), author: "ann", reason: "",
            at: EngineRun.time(0))
        run.feed(.operatorAction(.silenceAdded(all)), at: 1)
        run.feed(.operatorAction(.silenceEnded(id: "abc234")), at: 2)
        #expect(run.event(at: 10).words == ["silenced"])
        #expect(run.feed(.clock, at: 3_610).words == [])
        #expect(run.feed(.clock, at: 7_200).notifications.map(\.reason) == [.fired])
    }

    /// Why somebody got nothing is kept with the mail of the others.
    @Test func theMailOfTheOthersKnowsWhomItWasKeptFrom() throws {
        let text = """
            recipients: {team: {to: [b@example.com, c@example.com]}}
            rules: [{name: r, when: failed, notify: [a@example.com, team]}]
            """
        var run = try EngineRun(EngineRun.ruleSet(text))
        run.restoresAtEveryEntry = true
        run.feed(try silence(#"rule == "r""#, to: "b@example.com", id: "abc234"), at: 0)
        run.feed(try silence("true", to: "b@example.com", id: "second"), at: 0.5)
        run.feed(try silence("true", to: "nobody@example.com", id: "third"), at: 0.6)
        let mail = try #require(run.event(at: 1).notifications.first)
        #expect(mail.recipients == ["a@example.com", "c@example.com"])
        #expect(mail.figures.withheld.map(\.recipient) == ["b@example.com"])
        #expect(mail.figures.withheld.map(\.reason) == [.silenced])
        #expect(mail.figures.withheld.map(\.silence) == ["abc234"])
        #expect(try Notification(decoding: mail.encoded()).figures.withheld == mail.figures.withheld)
    }

    /// A digest and a summary know it, too, where nothing was left for an address.
    @Test func aSummaryKnowsWhomItLeftOut() throws {
        for rule in ["notify: team", "digest: every 2h, notify: [b@example.com, c@example.com]"] {
            var run = try EngineRun(
                EngineRun.ruleSet(
                    """
                    recipients: {team: {to: [b@example.com, c@example.com], quiet: "11:00-13:00 UTC"}}
                    rules: [{name: r, \(rule)}]
                    """))
            run.restoresAtEveryEntry = true
            run.feed(try silence(#"model == "m""#, to: "b@example.com", id: "abc234"), at: 1)
            try run.event(#"{"model":"m"}"#, at: 2)
            let mails = run.feed(.clock, at: 7_300).notifications
            #expect(mails.map(\.recipients) == [["c@example.com"]], "\(rule)")
            #expect(mails.flatMap(\.figures.withheld).map(\.recipient) == ["b@example.com"], "\(rule)")
        }
    }

    /// A recipient of two addresses in quiet hours until second 3,600, or a digest, of a rule with groups.
    private func gathering(_ rule: String) throws -> EngineRun {
        var run = try EngineRun(
            EngineRun.ruleSet(
                """
                recipients: {team: {to: [b@example.com, c@example.com], quiet: "11:00-13:00 UTC"}}
                rules: [{name: r, per: [model], \(rule)}]
                """))
        run.restoresAtEveryEntry = true
        return run
    }

    private static let gatherings = ["notify: team", "digest: every 2h, notify: [b@example.com, c@example.com]"]

    /// What each mail tells, as in `b@example.com: n`.
    private func told(_ mails: [Notification]) -> [String] {
        mails.map { mail in
            let groups = (mail.figures.summary?.lines ?? []).compactMap(\.group)
            return mail.recipients.joined(separator: " ") + ": " + groups.joined(separator: " ")
        }
    }

    /// It is asked when the summary goes, and the mails know whom what was kept from, by which silence.
    @Test(arguments: [#"rule == "r" && group["model"] == "m""#, #"model == "m""#, #"!(group["model"] != "m")"#])
    func aSilenceOverAGroupReachesWhatWasGatheredBeforeIt(condition: String) throws {
        for rule in Self.gatherings {
            var run = try gathering(rule)
            for model in ["m", "n", "m"] { try run.event(#"{"model":"\#(model)"}"#, at: 1) }
            run.feed(try silence(condition, to: "b@example.com", id: "abc234"), at: 3)
            let output = run.feed(.clock, at: 7_300)
            #expect(told(output.notifications) == ["b@example.com: n", "c@example.com: m n"], "\(rule)")
            for mail in output.notifications {
                #expect(mail.figures.withheld.map(\.recipient) == ["b@example.com"], "\(rule)")
                #expect(mail.figures.withheld.map(\.silence) == ["abc234"], "\(rule)")
                let stored = String(decoding: mail.encoded(), as: UTF8.self)
                #expect(!stored.contains(#""values""#), "what lines know for silences is not for mails")
            }
            #expect(!output.words.contains("silenced"), "somebody is told of everything")
            // Where the matches come from would tell of the group, too.
            guard let mail = output.notifications.last, mail.reason == .digest else { continue }
            let digests = output.notifications.map { BreakdownGatherer($0, of: run.engine.ruleSet.rules[0]) != nil }
            #expect(digests == [false, true])
        }
    }

    /// A line stands for many events, of which it knows the group alone.
    @Test(arguments: [
        #"customer_identifier == "acme""#, #"customer_identifier != "acme""#, "!failed", #"group["model"] == "o""#,
        #"event.model == "m""#, #"metadata.team != "x""#, #"received_at > timestamp("2000-01-01T00:00:00Z")"#,
    ])
    func whatALineDoesNotKnowKeepsNothingThatWasGathered(condition: String) throws {
        for rule in Self.gatherings {
            var run = try gathering(rule)
            for model in ["m", "n"] { try run.event(#"{"model":"\#(model)"}"#, at: 1) }
            run.feed(try silence(condition, to: "b@example.com", id: "abc234"), at: 3)
            #expect(
                told(run.feed(.clock, at: 7_300).notifications) == ["b@example.com c@example.com: m n"], "\(rule)")
        }
    }

    /// Lines that nobody is told of any more are decided once more, so that `explain` knows.
    @Test func aLineThatNobodyIsToldOfIsDecidedAsSilenced() throws {
        for rule in ["digest: every 2h, notify: b@example.com", "notify: team"] {
            var run = try gathering(rule)
            for model in ["m", "n", "m"] { try run.event(#"{"model":"\#(model)"}"#, at: 1) }
            for (index, address) in ["b@example.com", "c@example.com"].enumerated() {
                run.feed(try silence(#"group["model"] == "m""#, to: address, id: "abc23\(index)"), at: 3)
            }
            let output = run.feed(.clock, at: 7_300)
            #expect(output.notifications.count == 1 && told(output.notifications)[0].hasSuffix(": n"), "\(rule)")
            #expect(output.notifications.first?.figures.withheld.first?.silence == "abc230", "\(rule)")
            let silenced = output.decisions.filter { $0.outcome == .suppressed(.silenced) }
            #expect(silenced.map(\.rule) == ["r"] && silenced.map(\.group) == ["m"], "\(rule)")
            #expect(silenced.map(\.event) == [3], "the newest event of the line")
        }
    }
}
