import Expressions
import Rules
import Testing

/// Rules with windows, as they are read.
@Suite struct WindowRuleTests {
    private static func rule(_ keys: String) throws -> Rule {
        try EngineRun.ruleSet("rules: [{name: r, notify: a@example.com, \(keys)}]").rules[0]
    }

    private static func window(_ keys: String) throws -> Window {
        try #require(try rule(keys).window)
    }

    @Test(arguments: [
        "count: {at_least: 5, within: 10m}", "sum: {of: cost, above: 10, within: 1h}",
        "avg: {of: latency, above: 3, within: 15m}", "min: {of: latency, below: 0.5, within: 15m}",
        "max: {of: latency, at_most: 30, within: 15m}", "percentile: {of: latency, p: 99.9, above: 8, within: 15m}",
        "ratio: {above: 5%, within: 10m}", "distinct: {of: customer_identifier, at_least: 20, within: 1h}",
        "absent: {for: 30m}", "absent: {for: 30m, armed: at_start}",
        "change: {of: sum(cost), above: 3x, within: 1h, against: 1d}",
        "change: {of: count(), below: 0.5x, within: 1h, against: 7d}",
        "first_seen: {of: error_signature, forget_after: 30d}",
        "budget: {of: cost, limit: 300, period: month, burn: [14.4, 6, 1]}",
    ])
    func itsTextIsThatOfTheFile(text: String) throws {
        let window = try Self.window("when: failed, \(text)")
        #expect(window.text == text)
        #expect(window.kind.rawValue == text.prefix { $0 != ":" })
    }

    @Test func everyExampleOfAHintIsRight() throws {
        for kind in WindowKind.allCases { #expect(try Self.window("when: failed, \(kind.example)").kind == kind) }
    }

    @Test func whatIsLeftOutHasItsStandard() throws {
        let window = try Self.window("count: {at_least: 5, within: 10m}")
        #expect(window.samplesMin == 1 && window.holdFor == .zero && window.keepFiringFor == .zero)
        #expect(window.recover == nil && window.noData == .close && window.clock == .received)
        #expect(window.resolves && window.remind == .seconds(4 * 3_600) && window.escalation == nil)
        #expect(try Self.window("when: failed, ratio: {above: 5%, within: 10m}").samplesMin == 10)
        #expect(try Self.window("avg: {of: latency, above: 3, within: 15m}").samplesMin == 1)
        // A digest tells everything at its own times.
        #expect(try Self.window("count: {at_least: 5, within: 10m}, digest: every 15m").remind == nil)
        #expect(try Self.window("first_seen: {of: model}").within == .seconds(30 * 86_400))
        #expect(try Self.rule("when: failed").takesRevisions == false)
    }

    @Test func everythingBesideAWindowIsRead() throws {
        let rule = try Self.rule(
            """
            when: failed, per: [model, metadata.team], avg: {of: latency, above: 3, within: 15m}, min_samples: 20,
            for: 5m, recover: {below: 2}, keep_firing_for: 10m, no_data: keep, resolve: false, remind: 1h,
            escalate: {after: 3, notify: lead@example.com}, clock: event, revisions: true
            """)
        let window = try #require(rule.window)
        #expect(rule.groupFields.map(\.name) == ["model", "metadata.team"] && rule.takesRevisions)
        #expect(window.samplesMin == 20 && window.holdFor == .seconds(300) && window.recover == Threshold(.below, 2))
        #expect(window.keepFiringFor == .seconds(600) && window.noData == .keep && !window.resolves)
        #expect(window.remind == .seconds(3_600) && window.clock == .event)
        #expect(window.escalation?.reminders == 3)
        #expect(window.escalation?.recipients.map(\.addresses) == [["lead@example.com"]])
        #expect(try Self.window("count: {at_least: 5, within: 10m}, remind: never").remind == nil)
    }

    @Test func sharesAndQuotientsAreNumbers() throws {
        #expect(try Self.window("when: failed, ratio: {above: 7%, within: 10m}").threshold == Threshold(.above, 0.07))
        #expect(try Self.window("when: failed, ratio: {above: 0.07, within: 10m}").text.contains("above: 7%"))
        #expect(
            try Self.window("change: {of: count(), above: 3, within: 1h, against: 1d}").threshold
                == Threshold(.above, 3))
        #expect(try Self.window("absent: {for: 30m}").threshold == Threshold(.atLeast, 1_800))
    }

    @Test func recipientsAndMailsHaveTheirPace() throws {
        let ruleSet = try EngineRun.ruleSet(
            """
            recipients: {team: {to: a@example.com, quiet: '22:00-07:00 Europe/Berlin', at_most: 20 per 1d}}
            mail: {at_most: 60 per 1h}
            rules: [{name: r, when: failed, notify: [team, b@example.com], digest: daily at 9:00 UTC}]
            """)
        #expect(ruleSet.mailsThrottle?.text == "60 per 1h")
        #expect(ruleSet.rules[0].audience[0].quiet?.texts == ["22:00-07:00 Europe/Berlin"])
        #expect(ruleSet.rules[0].audience[0].throttle?.text == "20 per 1d")
        #expect(ruleSet.rules[0].audience[1].quiet == nil && ruleSet.rules[0].audience[1].throttle == nil)
        #expect(ruleSet.rules[0].digest?.text == "daily at 09:00 UTC")
    }

    /// What decides must be in the normal text, because a restart and an explanation read the set from it.
    @Test func theNormalTextOfAnyRulesMakesTheSameSet() throws {
        var rules = RandomRules(seededRandom())
        for _ in 0..<200 {
            let text = rules.text()
            let first = try EngineRun.ruleSet(text)
            let again = try EngineRun.ruleSet(first.text)
            #expect(Mirrored.text(of: first) == Mirrored.text(of: again), "\(text)")
            #expect(first.text == again.text && first.hash == again.hash, "\(text)")
        }
    }

    @Test(arguments: [
        ("within: 10m", "within: 11m", false), ("at_least: 5", "at_least: 6", false),
        ("at_least: 5", "above: 5", false), ("[model]", "[model, user]", false), ("for: 5m", "for: 6m", false),
        ("min_samples: 2", "min_samples: 3", false), ("{below: 2}", "{below: 3}", false),
        ("keep_firing_for: 7m", "keep_firing_for: 8m", false), ("clock: event", "clock: received", false),
        ("digest: every 15m", "digest: every 16m", false), ("revisions: true", "revisions: false", false),
        ("4 per 1h", "5 per 1h", false), ("when: hard", "when: failed", false),
        ("status_code >= 500", "status_code >= 501", false), ("name: r", "name: s", false),
        ("a@example.com", "b@example.com", true), ("severity: low", "severity: high", true),
        ("resolve: true", "resolve: false", true), ("remind: never", "", true), ("plain", "match", true),
    ])
    func onlyWhatStateDependsOnBeginsItAnew(old: String, new: String, isKept: Bool) throws {
        let text = """
            let: {hard: status_code >= 500}
            rules:
              - name: r
                when: hard
                per: [model]
                count: {at_least: 5, within: 10m}
                min_samples: 2
                for: 5m
                recover: {below: 2}
                keep_firing_for: 7m
                clock: event
                revisions: true
                at_most: 4 per 1h
                digest: every 15m
                resolve: true
                remind: never
                severity: low
                template: plain
                notify: a@example.com
            """
        #expect(text.contains(old))
        let before = try EngineRun.ruleSet(text).rules[0].stateHash
        let after = try EngineRun.ruleSet(text.replacing(old, with: new)).rules[0].stateHash
        #expect((before == after) == isKept)
    }

    @Test func aNamedConditionInAWindowIsAPartOfTheState() throws {
        func hash(_ limit: Int) throws -> String {
            try EngineRun.ruleSet(
                """
                let: {big: total_request_tokens > \(limit)}
                rules: [{name: r, when: failed, ratio: {above: 5%, within: 10m, of: big}, notify: a@example.com}]
                """
            ).rules[0].stateHash
        }
        #expect(try hash(1) != hash(2))
    }

    @Test func testsBesideARuleDecideNothing() throws {
        let with = try Self.rule("when: failed, tests: [{name: t, events: [{}], expect: {none: true}}]")
        #expect(try with.stateHash == Self.rule("when: failed").stateHash)
    }
}
