import Events
import Expressions
import TestSupport
import Testing

@testable import Rules

@Suite struct SilenceTests {
    private let now = EventMaker.start

    private func silence(
        _ condition: String, id: String = "abc234", seconds: Int64 = 3_600, reason: String = "repair"
    ) throws -> Silence {
        try Silence.make(
            id: id, condition: condition, until: now.advanced(by: .seconds(seconds)), author: "ann", reason: reason,
            at: now)
    }

    /// A condition, whether it covers an event's mail of the rule failed-calls, and a recovery of the group openai.
    @Test(arguments: [
        (#"rule == "failed-calls""#, true, true), (#"rule != "failed-calls""#, false, false),
        (#"rule.startsWith("failed")"#, true, true), (#"severity == "high""#, true, true),
        (#"severity in ["low", "medium"]"#, false, false), ("true", true, true),
        (#"group.provider_id == "openai""#, true, true), (#"group.model == "gpt-4o""#, false, false),
        (#"group["metadata.team"] == "blue""#, true, true),
        // With an event its facts count, without one the values of the group.
        (#"provider_id == "openai""#, true, true), (#"model == "gpt-4o""#, true, false),
        (#"metadata.team == "blue""#, false, true), ("status_code == 500", true, false),
        ("cost > 100.0", false, false), ("has(cost)", true, false),
        // What cannot be said covers nothing.
        ("prompt_tokens > 1", false, false), (#"group.provider_id > 5"#, false, false),
        (#"rule == "failed-calls" || prompt_tokens > 1"#, true, true),
    ])
    func aConditionCovers(condition: String, matches: Bool, recovery: Bool) throws {
        var silences = Silences()
        _ = silences.apply(.silenceAdded(try silence(condition)))
        let event = EventMaker.logged(try EventMaker.event("e"), id: 1)
        let group = [(name: "provider_id", value: "openai"), (name: "metadata.team", value: "blue")]
        let subject = SilenceSubject(rule: "failed-calls", severity: .high, group: group, event: event)
        let alone = SilenceSubject(rule: "failed-calls", severity: .high, group: group, event: nil)
        #expect((silences.match(subject, at: now) != nil) == matches)
        #expect((silences.match(alone, at: now) != nil) == recovery)
    }

    @Test func itCoversUntilItIsOver() throws {
        var silences = Silences()
        let one = try silence("true", seconds: 60)
        #expect(silences.apply(.silenceAdded(one)) == one.id)
        #expect(silences.nextExpiry == one.until)
        let subject = SilenceSubject(rule: "r", severity: .low, group: [], event: nil)
        let last = one.until.advanced(by: .microseconds(-1))
        #expect(silences.match(subject, at: last) == one && silences.match(subject, at: one.until) == nil)
        #expect(silences.expire(at: last).isEmpty && silences.all == [one])
        #expect(silences.expire(at: one.until) == [one.id] && silences.all.isEmpty && silences.nextExpiry == nil)
    }

    @Test func theFirstThatCoversIsNamedAndEndsAlone() throws {
        var silences = Silences()
        let first = try silence(#"severity == "low""#, id: "first2")
        let second = try silence("true", id: "second")
        for one in [first, second] { _ = silences.apply(.silenceAdded(one)) }
        let subject = SilenceSubject(rule: "r", severity: .low, group: [], event: nil)
        #expect(silences.match(subject, at: now) == first)
        #expect(silences.apply(.silenceEnded(id: "nobody")) == nil)
        #expect(silences.apply(.silenceEnded(id: "first2")) == "first2")
        #expect(silences.match(subject, at: now) == second)
        #expect(silences.apply(.silenceAdded(try silence("true", id: "second", reason: "again"))) == nil)
        #expect(silences.all == [second])
    }

    @Test func thereAreAtMostSoMany() throws {
        var silences = Silences()
        for number in 0..<Silence.countMax { _ = silences.apply(.silenceAdded(try silence("true", id: "s\(number)"))) }
        #expect(silences.apply(.silenceAdded(try silence("true", id: "one"))) == nil)
        #expect(silences.all.count == Silence.countMax)
        // Who unsubscribes has room of its own.
        for number in 0..<Silence.recipientCountMax {
            let silence = try self.silence("true", id: "r\(number)").only(for: "\(number % 3_000)@example.com")
            #expect(silences.apply(.silenceAdded(silence)) != nil)
        }
        let more = try silence("true", id: "r").only(for: "1@example.com")
        #expect(silences.apply(.silenceAdded(more)) == nil && !silences.hasRoom(isForOne: true))
        #expect(silences.apply(.silenceEnded(id: "s1")) == "s1" && silences.hasRoom(isForOne: false))
        let rows = silences.all.map { silences.row($0.id) }
        #expect(Silences(rows: rows.shuffled()).all == silences.all)
    }

    /// Those of rules and addresses that went leave where there are many, and stay where there are few.
    @Test(arguments: [Silence.recipientCountKept, Silence.recipientCountKept + 1])
    func whatTellsNothingAnyMoreMakesRoom(count: Int) throws {
        var run = try EngineRun(
            EngineRun.ruleSet("rules: [{name: r, notify: a@example.com}, {name: gone, notify: b@example.com}]"))
        for (index, wanted) in [("rule == \"r\"", "a"), ("rule == \"gone\"", "a"), ("true", "b"), ("true", "a")]
            .enumerated()
        {
            let silence = try silence(wanted.0, id: "kept\(index)", seconds: 86_400)
            run.feed(.operatorAction(.silenceAdded(silence.only(for: wanted.1 + "@example.com"))), at: 0)
        }
        for number in 4..<count {
            let silence = try silence("rule == \"gone\"", id: "r\(number)", seconds: 86_400)
            run.feed(.operatorAction(.silenceAdded(silence.only(for: "b@example.com"))), at: 0)
        }
        #expect(run.engine.silences.all.count == count)
        run.swap(to: try EngineRun.ruleSet("rules: [{name: r, notify: a@example.com}]"), at: 10)
        let isFull = count > Silence.recipientCountKept
        #expect(run.engine.silences.all.count == (isFull ? 2 : count))
        #expect(run.engine.silences["kept0"] != nil && run.engine.silences["kept3"] != nil)
        #expect(run.rows.keys.filter { $0.hasPrefix(Silences.keyPrefix) }.count == (isFull ? 2 : count))
    }

    @Test(arguments: [
        ("rule == ", "silence:1:"), (#"rulle == "r""#, #"did you mean "rule""#), ("failed_hard", "unknown name"),
        ("rule", "a condition is true or false"), ("severity == 5", "silence:1:"),
        ("cost", "a condition is true or false"), ("group", "a condition is true or false"),
    ])
    func aFaultyConditionIsRefusedWithItsPlace(condition: String, word: String) throws {
        let fault = #expect(throws: SilenceFault.self) { try silence(condition) }
        guard case .condition(let found)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(found.hasErrors && found.rendered(color: false).contains(word), "\(found.rendered(color: false))")
    }

    @Test func itsBoundsAreKept() throws {
        let year = Int64(366 * 86_400)
        _ = try silence("true", seconds: year)
        for make in [
            { try silence("true", seconds: 0) }, { try silence("true", seconds: year + 1) },
            { try silence("true", reason: String(repeating: "r", count: Silence.reasonBytesMax + 1)) },
            { try silence("true", reason: "two\nlines") },
            { try silence(String(repeating: "(", count: Silence.conditionBytesMax + 1)) },
        ] as [() throws -> Silence] {
            let fault = #expect(throws: SilenceFault.self) { try make() }
            guard case .malformed? = fault else {
                Issue.record("\(String(describing: fault))")
                continue
            }
        }
    }

    // MARK: State

    /// Silences are a function of the log: an engine made of its rows before every entry has the same.
    @Test func theEngineKeepsThemOverARestart() throws {
        let ruleSet = try EngineRun.ruleSet("rules: [{name: r, when: failed, notify: a@example.com}]")
        for restores in [false, true] {
            var run = try EngineRun(ruleSet)
            run.restoresAtEveryEntry = restores
            let short = try silence("true", id: "brief2", seconds: 10)
            let long = try silence(#"rule == "r""#, id: "long22", seconds: 100)
            run.feed(.operatorAction(.silenceAdded(short)), at: 0)
            run.feed(.operatorAction(.silenceAdded(long)), at: 1)
            #expect(run.engine.silences.all == [short, long])
            run.event(at: 9)
            #expect(run.engine.silences.all == [short, long])
            run.event(at: 10)
            #expect(run.engine.silences.all == [long], "the clock of the log ends it")
            run.feed(.operatorAction(.silenceEnded(id: "long22")), at: 11)
            #expect(run.engine.silences.all.isEmpty)
            #expect(!run.rows.keys.contains { $0.hasPrefix(Silences.keyPrefix) })
        }
    }

    @Test func aRowThatCannotBeReadIsNone() throws {
        let one = try silence("true")
        let rows = [
            EngineStateRow(key: "silence/abc234", value: one.json.encoded()),
            EngineStateRow(key: "silence/broken", value: Array("{".utf8)),
            EngineStateRow(key: "silence/empty2", value: nil),
            EngineStateRow(key: "alert/x", value: one.json.encoded()),
        ]
        #expect(Silences(rows: rows).all == [one])
    }

    /// A newer version's condition covers nothing here, but is kept and shown.
    @Test func aConditionThatCannotBeReadCoversNothing() throws {
        var object = try silence("true").json.object ?? JSONObject()
        object["condition"] = .string("rule.isOfTheFuture()")
        let one = try #require(Silence(json: .object(object)))
        var silences = Silences()
        _ = silences.apply(.silenceAdded(one))
        let subject = SilenceSubject(rule: "r", severity: .low, group: [], event: nil)
        #expect(silences.all == [one] && silences.match(subject, at: now) == nil)
    }

    // MARK: Which rules

    private static let rules = """
        rules:
          - {name: failed-calls, when: failed, severity: high, notify: a@example.com}
          - {name: slow, when: latency > 10.0, notify: a@example.com}
          - {name: spend, when: cost > 5.0, severity: low, notify: a@example.com}
        """

    @Test(arguments: [
        (#"rule == "slow""#, ["slow"], []), (#"severity != "low""#, ["failed-calls", "slow"], []),
        ("true", ["failed-calls", "slow", "spend"], []), (#"rule == "slow" && model == "gpt""#, [], ["slow"]),
        (#"rule == "slow" || group.model == "gpt""#, ["slow"], ["failed-calls", "spend"]),
        ("has(cost)", [], ["failed-calls", "slow", "spend"]), (#"rule == "slwo""#, [], []),
        (#"severity == "low" && rule.startsWith("s") && metadata.team == "blue""#, [], ["spend"]),
        ("false", [], []), (#"severity == "hgih" && cost > 1.0"#, [], []),
    ])
    func rulesAreFoundWithoutAnEvent(condition: String, always: [String], sometimes: [String]) throws {
        let reach = SilenceReach(of: condition, over: try EngineRun.ruleSet(Self.rules).rules)
        #expect(reach.always == always && reach.sometimes == sometimes)
        #expect(reach.isEmpty == (always.isEmpty && sometimes.isEmpty))
    }

    @Test func aMisspeltRuleIsFound() throws {
        let rules = try EngineRun.ruleSet(Self.rules).rules
        #expect(SilenceReach.misspelt(in: #"rule == "faild-calls""#, among: rules)?.rule == "failed-calls")
        #expect(SilenceReach.misspelt(in: "severity == 'low' && rule == 'slwo'", among: rules)?.text == "slwo")
        #expect(SilenceReach.misspelt(in: #"rule == "slow""#, among: rules) == nil)
    }
}

extension Silence {
    /// The same for one address.
    fileprivate func only(for address: String) -> Silence {
        var silence = self
        silence.recipient = address
        return silence
    }
}
