import Events
import Rules
import TestSupport
import Testing

/// Rule sets that come and go while alerts, digests and summaries are open, and entries that bring much at once.
@Suite(.timeLimit(.minutes(10))) struct EngineReloadTests {
    /// Rule and group of every decision, as the store compares them.
    private static func keys(_ output: EngineOutput) -> [[UInt8]] {
        output.decisions.map { Array($0.rule.utf8) + [0] + ($0.group.map { [1] + Array($0.utf8) } ?? []) }
    }

    private static func isUnique(_ output: EngineOutput) -> Bool {
        let keys = keys(output)
        return Set(keys).count == keys.count
    }

    @Test func anOpenAlertOfARuleWithDigestEndsInItsLastDigest() throws {
        let before = try EngineRun.ruleSet(
            """
            rules:
              - {name: r, when: failed, count: {at_least: 1, within: 10m}, digest: every 1h, notify: a@example.com}
            """)
        var run = try EngineRun(before)
        #expect(run.event(at: 0).words == ["digested"])
        let output = run.swap(to: try EngineRun.throttled("1 per 1h", name: "other"), at: 10)
        #expect(output.words == ["digested", "mail 2-0"])
        #expect(output.notifications[0].figures.summary?.lines.map(\.reason) == [.fired, .ruleChanged])
    }

    /// Whoever was told that an alert lasts is told that it ended.
    @Test(arguments: [true, false]) func theEndOfAnEscalatedAlertGoesToItsEscalation(isEscalated: Bool) throws {
        var run = try EngineRun(
            EngineRun.ruleSet(
                """
                rules:
                  - {name: r, count: {at_least: 1, within: 1h}, remind: 10m, notify: a@example.com,
                     escalate: {after: 2, notify: lead@example.com}}
                """))
        run.restoresAtEveryEntry = true
        #expect(run.event(at: 0).notifications.map(\.recipients) == [["a@example.com"]])
        #expect(run.feed(.clock, at: 600).notifications.map(\.recipients) == [["a@example.com"]])
        let both = ["a@example.com", "lead@example.com"]
        if isEscalated { #expect(run.feed(.clock, at: 1_200).notifications.map(\.recipients) == [both]) }
        let other = try EngineRun.throttled("1 per 1h", name: "other")
        let end = run.swap(to: other, at: isEscalated ? 1_210 : 700).notifications
        #expect(end.map(\.reason) == [.ruleChanged])
        #expect(end.map(\.recipients) == [isEscalated ? both : ["a@example.com"]])
    }

    @Test func aReloadDoesNotPutADigestOff() throws {
        let rule = "{name: r, when: failed, digest: every 15m, notify: a@example.com}"
        let next = try EngineRun.ruleSet("rules: [\(rule), {name: s, when: failed, digest: every 1h, notify: b@x}]")
        var run = try EngineRun(EngineRun.ruleSet("rules: [\(rule)]"))
        run.event(at: 0)
        #expect(run.swap(to: next, at: 900).notifications.map(\.reason) == [.digest])
    }

    @Test func anAlertIsTriedAgainWhenItsMuteGoes() throws {
        let rule = "{name: r, when: failed, absent: {for: 10m}, notify: a@example.com}"
        var run = try EngineRun(
            EngineRun.ruleSet("{rules: [\(rule)], mute: [{rules: [r], during: '00:00-23:00 UTC'}]}"))
        run.event(at: 0)
        #expect(run.feed(.clock, at: 600).words == ["muted"])
        #expect(
            run.swap(to: try EngineRun.ruleSet("rules: [\(rule)]"), at: 700).notifications.map(\.reason) == [.fired])
    }

    @Test func theSlotsOfAThrottleThatWentDoNotComeBack() throws {
        let rules = "rules: [{name: r, when: failed, notify: a@example.com}]"
        let with = try EngineRun.ruleSet("{mail: {at_most: 1 per 1h}, \(rules)}")
        var run = try EngineRun(with)
        run.event(at: 0)
        run.swap(to: try EngineRun.ruleSet("{\(rules)}"), at: 1)
        run.restoresAtEveryEntry = true
        run.swap(to: with, at: 2)
        #expect(run.event(at: 3).notifications.count == 1)
    }

    private static let hourly = "{name: r, when: failed, digest: every 1h, notify: a@example.com}"
    private static let weekend = "mute: [{rules: [r], during: 'thu 00:00-24:00 UTC'}]"

    /// The first event comes on a Thursday, on which the rule is muted but for the time before the mute was written.
    private func gathered() throws -> EngineRun {
        var run = try EngineRun(EngineRun.ruleSet("rules: [\(Self.hourly)]"))
        run.restoresAtEveryEntry = true
        #expect(run.event(at: 0).words == ["digested"])
        #expect(run.event(at: 1).words == ["digested"])
        run.swap(to: try EngineRun.ruleSet("rules: [\(Self.hourly)]\n\(Self.weekend)"), at: 2)
        return run
    }

    @Test func aDigestThatIsMutedWhenItsRuleChangesGoesWithTheNextOfTheRule() throws {
        var run = try gathered()
        let next = try EngineRun.ruleSet(
            "rules: [{name: s, notify: b@x}, \(Self.hourly.replacing("1h", with: "2h"))]\n\(Self.weekend)")
        #expect(run.swap(to: next, at: 3).words == ["muted"])
        // Midnight ends the mute.
        let quiet = run.feed(.clock, at: 12 * 3_600 - 1)
        #expect(quiet.notifications.isEmpty)
        let output = run.feed(.clock, at: 12 * 3_600 + 7_200)
        #expect(output.notifications.map(\.reason) == [.digest])
        #expect(output.notifications.first?.figures.summary?.count == 2)
    }

    @Test(arguments: ["{name: r, when: failed, notify: a@example.com}", "{name: other, notify: b@example.com}"])
    func aDigestThatIsMutedWhenItsRuleGoesIsSentAsItStands(rule: String) throws {
        var run = try gathered()
        let mute = rule.contains("name: r,") ? Self.weekend : ""
        let output = run.swap(to: try EngineRun.ruleSet("rules: [\(rule)]\n\(mute)"), at: 3)
        #expect(output.words == ["mail 4-0"])
        #expect(output.notifications.first?.figures.summary?.count == 2)
        #expect(output.notifications.first?.recipients == ["a@example.com"])
    }

    /// What cannot be read back cannot be mailed.
    @Test func theLargestSummaryCanBeReadBack() throws {
        let addresses = (0..<100).map { "\(String(repeating: "x", count: 240))\($0)@example.com" }
        let escape = "\\u0001"
        var run = try EngineRun(
            EngineRun.ruleSet(
                """
                rules:
                  - {name: r, per: [model], digest: every 15m, notify: [\(addresses.joined(separator: ", "))]}
                """))
        for number in 0..<60 {
            let text = String(repeating: escape, count: 150)
            try run.event(
                """
                {"unique_id":"\(number)","model":"\(number)\(text)","failed":true,"cost":1e308,
                "error_message":"\(String(UnicodeScalar(97 + UInt8(number % 26))))\(text)"}
                """, at: Double(number))
        }
        let notification = try #require(run.feed(.clock, at: 900).notifications.first)
        let read = try Notification(decoding: notification.encoded())
        #expect(read.recipients.count == 100 && read.figures.summary?.count == 60)
        #expect(read.figures.summary == notification.figures.summary)
        #expect(notification.figures.summary?.lines.allSatisfy { $0.cost.isFinite } == true)
    }

    @Test func aRecipientHasOneSummaryAnEntry() throws {
        // The summary that is due takes a slot; an alert after it finds none for its three mails, but one alone would
        // fit.
        var run = try EngineRun(
            EngineRun.ruleSet(
                """
                mail: {at_most: 4 per 1h}
                recipients:
                  one: {to: a@example.com, at_most: 1 per 30m}
                  all: {to: [b@example.com, c@example.com]}
                rules:
                  - {name: each, when: failed, notify: one}
                  - {name: gone, when: failed, absent: {for: 31m}, notify: [one, all], remind: never}
                """))
        run.event(at: 0)
        run.event(at: 1)
        for seconds in [1_900.0, 1_901, 3_700, 3_701, 3_702, 7_400] {
            let output = run.feed(.clock, at: seconds)
            #expect(Self.isUnique(output), "\(output.decisions)")
        }
    }

    @Test func whateverTimeAndReloadsBringIsDecidedOnceAndTheSameAfterARestart() throws {
        var random = seededRandom()
        let sets = try Self.texts.map { try EngineRun.ruleSet($0) }
        for _ in 0..<Seed.count("HOOKMAIL_RELOAD_RUNS", standard: 8) {
            var run = try EngineRun(sets[0])
            var restored = try EngineRun(sets[0])
            restored.restoresAtEveryEntry = true
            var seconds = 0.0
            for number in 0..<120 {
                seconds += Double(Int.random(in: 0...900, using: &random))
                let output: EngineOutput
                let again: EngineOutput
                switch Int.random(in: 0..<12, using: &random) {
                case 0:
                    let next = sets.randomElement(using: &random) ?? sets[0]
                    output = run.swap(to: next, at: seconds)
                    again = restored.swap(to: next, at: seconds)
                case 1...3:
                    output = run.feed(.clock, at: seconds)
                    again = restored.feed(.clock, at: seconds)
                default:
                    let text = """
                        {"unique_id":"\(number)","failed":\(Bool.random(using: &random)),"cost":1,
                        "model":"\(["a", "a, b", "(other)", ""].randomElement(using: &random) ?? "a")",
                        "customer_identifier":"\(["b", "b, c", "c"].randomElement(using: &random) ?? "b")"}
                        """
                    output = try run.event(text, at: seconds)
                    again = try restored.event(text, at: seconds)
                }
                try #require(Self.isUnique(output), "\(output.decisions)")
                for notification in output.notifications {
                    #expect(!notification.recipients.isEmpty)
                    #expect(notification.encoded().count <= Notification.encodedBytesMax)
                }
                try #require(again.decisions == output.decisions, "entry \(number)")
                try #require(again.notifications.map { $0.encoded() } == output.notifications.map { $0.encoded() })
            }
        }
    }

    private static let texts = [first, first.replacing("within: 10m", with: "within: 12m"), second]
    private static let first = """
        mail: {at_most: 5 per 1h}
        recipients:
          one: {to: a@example.com, at_most: 2 per 30m}
          all: {to: [b@example.com, c@example.com], quiet: "22:00-07:00 UTC"}
        rules:
          - {name: each, when: failed, notify: one, at_most: 3 per 1h}
          - {name: gone, per: [model, customer_identifier], absent: {for: 31m}, notify: [one, all], remind: 40m}
          - {name: many, when: failed, count: {at_least: 2, within: 10m}, digest: every 15m, notify: all}
          - {name: armed, when: failed, absent: {for: 1h, armed: at_start}, notify: one}
          - {name: log, per: [model], digest: every 30m, notify: [one, all]}
          - {name: first, first_seen: {of: model, forget_after: 1d}, digest: every 15m, notify: all}
          - {name: dear, per: [model], sum: {of: cost, above: 1, within: 20m}, notify: all}
        """
    private static let second = """
        recipients:
          all: {to: [b@example.com, c@example.com], at_most: 3 per 1h}
        rules:
          - {name: log, per: [model], digest: every 30m, notify: all}
          - {name: armed, when: failed, absent: {for: 1h, armed: at_start}, notify: all}
          - {name: each, when: failed, notify: all, at_most: 3 per 1h}
        """
}
