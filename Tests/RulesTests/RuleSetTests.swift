import Expressions
import Rules
import Testing

@Suite struct RuleSetTests {
    private static let text = """
        recipients:
          team: {to: [a@example.com, b@example.com]}
          lead: {to: lead@example.com}
        let:
          hard: status_code >= 500
          bad: hard or failed
          other: cost > 1.0
        rules:
          - name: one
            when: |
              bad and
                cost > 0.5   // dear
            notify: [team, x@example.com]
            at_most: 1 per 15m
          - name: two
            notify: lead
            at_most: 2 per 60m
            severity: low
            subject: '{{rule}} "now"'
            template: own
        """

    @Test func theNormalTextMakesTheSameSet() throws {
        let ruleSet = try EngineRun.ruleSet(Self.text)
        let again = try EngineRun.ruleSet(ruleSet.text)
        #expect(again.text == ruleSet.text && again.hash == ruleSet.hash && ruleSet.hash.utf8.count == 64)
        #expect(again.rules.map(\.stateHash) == ruleSet.rules.map(\.stateHash))
        #expect(again.rules.map(\.recipients) == ruleSet.rules.map(\.recipients))
        #expect(ruleSet.rules[0].recipients == ["a@example.com", "b@example.com", "x@example.com"])
        #expect(ruleSet.rules[1].throttle?.text == "2 per 1h")
        #expect(!ruleSet.text.utf8.contains(0x0A))
    }

    @Test func commentsOrderAndQuotesDoNotChangeTheHash() throws {
        let ruleSet = try EngineRun.ruleSet(Self.text)
        let other = try EngineRun.ruleSet(
            """
            # another file
            rules:
              - {notify: [team, x@example.com], at_most: "1 per 900s",
                 when: "bad and\\n  cost > 0.5   // dear", name: one}
              - {template: 'own', name: "two", subject: "{{rule}} \\"now\\"", at_most: 2 per 1h, notify: [lead],
                 severity: low}
            let: {hard: 'status_code >= 500', bad: hard or failed, other: cost > 1.0}
            recipients:
              team: {to: [a@example.com, b@example.com]}
              lead: {to: [lead@example.com]}
            """
        )
        #expect(other.text == ruleSet.text)
        #expect(other.hash == ruleSet.hash)
    }

    @Test func onlyWhatStateDependsOnChangesTheStateHash() throws {
        func hashes(_ old: String = "", _ new: String = "") throws -> [String] {
            #expect(old.isEmpty || Self.text.contains(old))
            return try EngineRun.ruleSet(Self.text.replacing(old.isEmpty ? "// dear" : old, with: new)).rules.map(
                \.stateHash)
        }
        let before = try EngineRun.ruleSet(Self.text).rules.map(\.stateHash)
        #expect(try hashes("severity: low", "severity: high") == before)
        #expect(try hashes("notify: lead", "notify: team") == before)
        #expect(try hashes("other: cost > 1.0", "other: cost > 2.0") == before)
        #expect(try hashes("bad: hard or failed", "bad: failed or hard")[0] != before[0])
        #expect(try hashes("hard: status_code >= 500", "hard: status_code >= 501")[0] != before[0])
        #expect(try hashes("hard: status_code >= 500", "hard: status_code >= 501")[1] == before[1])
        #expect(try hashes("at_most: 1 per 15m", "at_most: 1 per 16m")[0] != before[0])
        #expect(try hashes("at_most: 1 per 15m", "at_most: 1 per 900s") == before)
        #expect(try hashes("name: two", "name: three")[1] != before[1])
    }

    @Test func theEnvironmentIsThere() throws {
        let ruleSet = try EngineRun.ruleSet(Self.text)
        let program = try Program.compile(ExpressionSource(text: "bad or other", file: "x"), in: ruleSet.environment)
        #expect(program.warnings.isEmpty)
        #expect(RuleSet.empty.rules.isEmpty)
    }

    @Test func conditionsReadFromEveryStyleAreTheSame() throws {
        for when in [
            "failed and cost > 0.5", "'failed and cost > 0.5'", "\"failed and cost > 0.5\"",
            "|\n      failed and cost > 0.5",
            ">\n      failed and\n      cost > 0.5\n", "|-\n      failed and cost > 0.5",
            "failed and\n      cost > 0.5",
        ] {
            let ruleSet = try EngineRun.ruleSet("rules:\n  - name: r\n    notify: a@b.c\n    when: \(when)\n")
            #expect(ruleSet.rules[0].condition?.text == "failed and cost > 0.5", "\(when)")
        }
    }

    /// Rules of ordinary length, 250 bytes each, which one file has to hold.
    @Test func tenThousandRulesLoadInTime() throws {
        let rules = (0..<RuleSet.rulesMax).map {
            "  - name: costly-or-failed-calls-of-customer-\($0)\n    when: |\n"
                + "      customer_identifier == \"customer-\($0)\" and (failed or cost > 0.5)\n"
                + "    notify: [llm-team@example.com, oncall@example.com]\n    at_most: 1 per 15m\n"
                + "    severity: medium\n    subject: \"{{rule}}: {{headline}}\""
        }
        #expect(rules.allSatisfy { (240...270).contains($0.utf8.count) })
        var count = 0
        let time = try workTime {
            count = try EngineRun.ruleSet("rules:\n" + rules.joined(separator: "\n")).rules.count
        }
        #expect(count == RuleSet.rulesMax)
        // An optimised build takes about 600 ms; this bound holds without optimisation.
        #expect(time < .seconds(30), "\(time)")
        let many = rules + ["  - {name: last, when: failed, notify: a@example.com}"]
        #expect(throws: Diagnostics.self) { try EngineRun.ruleSet("rules:\n" + many.joined(separator: "\n")) }
    }
}
