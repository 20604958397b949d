import Events
import Expressions
import Rules
import Testing

/// What is said of several rules together, and files that are included.
@Suite struct PolicyRuleTests {
    private static let rules = """
        rules:
          - {name: trouble, per: [provider_id], count: {at_least: 5, within: 10m}, notify: a@example.com}
          - {name: slow, avg: {of: latency, above: 3, within: 15m}, notify: a@example.com}
          - {name: slow-tail, max: {of: latency, above: 3, within: 15m}, notify: a@example.com}
          - {name: failed-calls, when: failed, notify: a@example.com}

        """

    private static func mutes(_ names: String) throws -> [String] {
        try EngineRun.ruleSet(rules + "mute: {rules: \(names), during: '22:00-07:00 UTC'}").mutes[0].rules.sorted()
    }

    @Test func patternsStandForNames() throws {
        #expect(try Self.mutes("slow") == ["slow"])
        #expect(try Self.mutes("slow*") == ["slow", "slow-tail"])
        #expect(try Self.mutes("['*']") == ["failed-calls", "slow", "slow-tail", "trouble"])
        #expect(try Self.mutes("['*-*', trouble]") == ["failed-calls", "slow-tail", "trouble"])
        #expect(try Self.mutes("f*d*s") == ["failed-calls"])
        #expect(throws: Diagnostics.self) { try Self.mutes("slow*w") }
        #expect(throws: Diagnostics.self) { try Self.mutes("fast*") }
    }

    /// Between braces YAML ends a plain value at a comma, also at one that belongs to `sat,sun`.
    @Test(arguments: [
        "{rules: slow, during: sat,sun 00:00-24:00 UTC}", "{during: sat,sun 00:00-24:00 UTC, rules: slow}",
        "{rules: slow, during: [sat,sun 00:00-24:00 UTC]}", "{rules: slow, during: 'sat,sun 00:00-24:00 UTC'}",
    ])
    func commasBelongToDays(entry: String) throws {
        let mutes = try EngineRun.ruleSet(Self.rules + "mute: [\(entry)]").mutes
        #expect(mutes[0].during.texts == ["sat,sun 00:00-24:00 UTC"])
    }

    @Test func commasOfRecipientsAndDigestsToo() throws {
        let ruleSet = try EngineRun.ruleSet(
            """
            recipients: {team: {to: a@example.com, quiet: mon,wed,fri 18:00-08:00 UTC, at_most: 5 per 1h}}
            rules: [{name: r, digest: weekly on mon,wed,fri at 09:00 UTC, notify: team}]
            """)
        #expect(ruleSet.rules[0].audience[0].quiet?.texts == ["mon,wed,fri 18:00-08:00 UTC"])
        #expect(ruleSet.rules[0].digest?.text == "weekly on mon,wed,fri at 09:00 UTC")
    }

    /// A key of its own that follows a comma stays one.
    @Test func otherCommasEndValues() {
        for entry in ["{rules: slow, during: 22:00-07:00 UTC, sun 00:00-24:00 UTC}", "{rules: slow,during}"] {
            #expect(throws: Diagnostics.self) { try EngineRun.ruleSet(Self.rules + "mute: [\(entry)]") }
        }
    }

    @Test func inhibitionsKnowTheirRules() throws {
        let text = Self.rules + "inhibit: [{when: trouble, mutes: ['*'], same: [provider_id]}]"
        let inhibition = try EngineRun.ruleSet(text).inhibitions[0]
        #expect(inhibition.source == "trouble" && inhibition.same == ["provider_id"])
        #expect(inhibition.mutes == ["slow", "slow-tail", "failed-calls"], "a pattern means no rule itself")
    }

    /// Random inhibitions have a circle exactly if following them leads back.
    @Test func circlesAreFound() {
        var random = seededRandom()
        for _ in 0..<300 {
            let count = Int.random(in: 2...6, using: &random)
            var edges: Set<[Int]> = []
            for _ in 0..<Int.random(in: 1...7, using: &random) {
                let (from, to) = (Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random))
                if from != to { edges.insert([from, to]) }
            }
            guard !edges.isEmpty else { continue }
            let rules = (0..<count).map {
                "  - {name: r\($0), count: {at_least: 5, within: 10m}, notify: a@example.com}"
            }
            let inhibit = edges.sorted { $0.lexicographicallyPrecedes($1) }.map {
                "  - {when: r\($0[0]), mutes: r\($0[1])}"
            }
            let text = "rules:\n\(rules.joined(separator: "\n"))\ninhibit:\n\(inhibit.joined(separator: "\n"))\n"
            // Every rule that is muted by none that is left is taken away; what stays is in a circle or behind one.
            var left = edges
            while true {
                let muted = Set(left.map { $0[1] })
                let next = left.filter { muted.contains($0[0]) }
                if next.count == left.count { break }
                left = next
            }
            let isRefused = (try? EngineRun.ruleSet(text)) == nil
            #expect(isRefused == !left.isEmpty, "\(text)")
        }
    }

    @Test func everyPartOfARuleSetComesFromAnyFile() throws {
        func read(_ main: String, _ others: [String]) -> (ruleSet: RuleSet?, diagnostics: Diagnostics) {
            let sink = DiagnosticSink(source: SourceText(file: "main.yaml", text: main))
            guard let root = YAMLComposer.compose(sink), let file = MappingReader(root, subject: "it", sink: sink)
            else { return (nil, sink.diagnostics) }
            let sources = others.enumerated().map { SourceText(file: "other\($0).yaml", text: $1) }
            return (
                RuleSetReader(sink, addresses: { .success($0) }).read(file, including: sources), sink.diagnostics
            )
        }
        let main = "rules: [{name: a, when: hard, notify: team}]\n"
        let others = [
            """
            let: {hard: worse or failed}
            rules: [{name: b, when: hard, count: {at_least: 2, within: 1m}, notify: team}]
            """,
            "let: {worse: status_code >= 500}\nrecipients: {team: {to: a@example.com}}\ninhibit: {when: b, mutes: a}",
        ]
        let found = read(main, others)
        let ruleSet = try #require(found.ruleSet, "\(found.diagnostics.rendered())")
        #expect(ruleSet.rules.map(\.name) == ["a", "b"] && ruleSet.inhibitions.count == 1)
        let again = try EngineRun.ruleSet(ruleSet.text)
        #expect(again.hash == ruleSet.hash && Mirrored.text(of: again) == Mirrored.text(of: ruleSet))
        let whole = try EngineRun.ruleSet(
            """
            let: {hard: worse or failed, worse: status_code >= 500}
            recipients: {team: {to: a@example.com}}
            rules:
              - {name: a, when: hard, notify: team}
              - {name: b, when: hard, count: {at_least: 2, within: 1m}, notify: team}
            inhibit: {when: b, mutes: a}
            """)
        #expect(whole.text == ruleSet.text)
        let faulty = read(main, others + ["rules: [{name: a, when: hrad, notify: team}]"]).diagnostics
        #expect(faulty.all.map(\.file) == ["other2.yaml", "other2.yaml"])
        #expect(faulty.all.map(\.message).contains("two rules are named 'a'"))
    }

    @Test func testsBesideARuleAreKept() throws {
        let ruleSet = try EngineRun.ruleSet(
            """
            rules:
              - name: r
                when: failed
                notify: a@example.com
                tests: [{name: one, events: {with: {status_code: 500}}, expect: {mails: 1}}]
            """)
        #expect(ruleSet.tests.map(\.name) == ["one"] && ruleSet.tests[0].place == "rules.yaml:5")
        #expect(!ruleSet.text.contains("tests"))
    }
}
