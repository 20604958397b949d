import Events
import Rules
import TestSupport
import Testing

/// An entry has one decision for every rule and group: the store refuses anything else, and evaluation would stand
/// still for ever.
@Suite struct EngineUniquenessTests {
    private static func expectUnique(_ output: EngineOutput) {
        let names = output.decisions.map { "\($0.rule)|\($0.group ?? "-")" }
        #expect(Set(names).count == names.count, "\(names)")
    }

    @Test func aDigestThatIsDueWithItsOwnMatchIsADecisionOfItsOwn() throws {
        var run = try EngineRun(
            EngineRun.ruleSet("rules: [{name: r, digest: every 15m, notify: a@example.com}]"))
        run.event(at: 0)
        let due = try #require(run.engine.nextDeadline)
        let seconds = Double((due - EngineRun.time(0)).wholeMicroseconds) / 1_000_000
        let output = run.event(at: seconds)
        #expect(output.decisions.count == 2 && output.notifications.count == 1)
        Self.expectUnique(output)
    }

    @Test func groupsThatReadAlikeAreToldApart() throws {
        let ruleSet = try EngineRun.ruleSet(
            """
            rules:
              - name: r
                per: [model, provider_id]
                count: {at_least: 1, within: 10s}
                notify: a@example.com
            """)
        var engine = Engine(ruleSet: ruleSet, rows: [])
        for (number, values) in [("a, b", "c"), ("a", "b, c"), ("a", "b, c")].enumerated() {
            let body = "{\"unique_id\":\"\(number)\",\"model\":\"\(values.0)\",\"provider_id\":\"\(values.1)\"}"
            let at = EngineRun.time(Double(number) * 10)
            let event = LoggedEvent(
                id: Int64(number + 1), key: EventKey(source: "s", type: "t", id: "\(number)", origin: .id),
                receivedAt: at, isRevision: false, facts: try Facts(log: Array(body.utf8)))
            // The second event comes when the first group's window is over: both are decided about at its entry.
            let output = engine.process(LogEntry(position: Int64(number + 1), at: at, change: .event(event)))
            Self.expectUnique(output)
            if number == 1 { #expect(output.decisions.count == 2) }
        }
    }

    @Test func anAlertWithoutDataFiresOnlyWhereThatIsAsked() throws {
        for (noData, fires) in [("fire", true), ("close", false), ("keep", false)] {
            var run = try EngineRun(
                EngineRun.ruleSet(
                    """
                    rules:
                      - name: r
                        avg: {of: latency, above: 100, within: 10m}
                        no_data: \(noData)
                        notify: a@example.com
                    """))
            run.event(at: 0)
            let output = run.feed(.clock, at: 601)
            #expect(output.notifications.map(\.reason) == (fires ? [.fired] : []))
        }
    }

    @Test func whatIsArmedAtTheStartIsInTheRows() throws {
        let ruleSet = try EngineRun.ruleSet(
            "rules: [{name: r, absent: {for: 30m, armed: at_start}, notify: a@example.com}]")
        var run = try EngineRun(ruleSet)
        run.feed(.ruleSet(hash: ruleSet.hash, text: ruleSet.text), at: 0)
        let restored = Engine(
            ruleSet: ruleSet, rows: run.rows.map { EngineStateRow(key: $0.key, value: $0.value) })
        #expect(restored.nextDeadline == EngineRun.time(1_800))
        // A restart takes the rules into force again, and does not wait anew.
        run.engine = restored
        run.feed(.ruleSet(hash: ruleSet.hash, text: ruleSet.text), at: 1_000)
        #expect(run.feed(.clock, at: 1_800).notifications.count == 1)
    }
}
