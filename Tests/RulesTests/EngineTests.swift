import Events
import Rules
import TestSupport
import Testing

@Suite struct EngineTests {
    @Test func everyMatchingRuleMakesOneDecisionAndItsMail() throws {
        var run = try EngineRun(
            EngineRun.ruleSet(
                """
                recipients: {team: {to: [a@example.com, b@example.com]}}
                rules:
                  - {name: hard, when: status_code >= 500, notify: [team, a@example.com, c@example.com], severity: high}
                  - {name: dear, when: cost > 100.0, notify: team}
                  - {name: unknown, when: time_to_first_token > 1.0, notify: team}
                  - {name: any, notify: team, template: own, subject: "{{rule}}"}
                """
            )
        )
        let output = run.event(at: 0)
        #expect(output.words == ["mail 1-0", "mail 1-1"])
        #expect(output.decisions.map(\.rule) == ["hard", "any"] && output.decisions.allSatisfy { $0.event == 1 })
        #expect(run.ownChanges.isEmpty)
        let mail = try #require(output.notifications.first)
        #expect(mail.recipients == ["a@example.com", "b@example.com", "c@example.com"] && mail.severity == .high)
        #expect(
            mail.figures.condition == "status_code >= 500" && !mail.holdsThrottleSlot && mail.at == EngineRun.time(0))
        #expect(mail.figures.deciding == [Notification.DecidingValue(name: "status_code", value: "500")])
        #expect(mail.figures.throttle == nil && mail.figures.nextMailAt == nil)
        #expect(output.notifications[1].template == "own" && output.notifications[1].subject == "{{rule}}")
        #expect(output.notifications[1].figures.condition == nil)
    }

    @Test func aConditionThatFailsIsADecisionOfItsOwn() throws {
        var run = try EngineRun(
            EngineRun.ruleSet(
                "rules: [{name: r, when: 'metadata.size() / 0 > 1 or int(model) > 1', notify: a@example.com}]")
        )
        let output = run.event(at: 0)
        #expect(output.decisions.count == 1 && output.notifications.isEmpty)
        #expect(output.words.first?.hasPrefix("fault ") == true)
    }

    @Test func revisionsAreNotEvaluated() throws {
        var run = try EngineRun(EngineRun.throttled("1 per 15m"))
        #expect(run.event(at: 0, isRevision: true).decisions.isEmpty)
        #expect(run.event(at: 0).words == ["mail 2-0"])
    }

    @Test func aThrottleHoldsBackAndTheNextMailSaysSo() throws {
        var run = try EngineRun(EngineRun.throttled("1 per 15m"))
        let first = run.event(at: 0)
        #expect(first.words == ["mail 1-0"] && first.notifications[0].figures.heldBack == 0)
        #expect(first.notifications[0].figures.nextMailAt == EngineRun.time(900))
        #expect(first.notifications[0].figures.throttle == "1 per 15m" && first.notifications[0].holdsThrottleSlot)
        #expect(run.event(at: 10).words == ["throttled"])
        #expect(run.event(at: 899.999_999).words == ["throttled"])
        let second = run.event(at: 900)
        #expect(second.words == ["mail 4-0"])
        #expect(second.notifications[0].figures.heldBack == 2)
        #expect(second.notifications[0].figures.heldBackSince == EngineRun.time(10))
        #expect(run.event(at: 901).words == ["throttled"])
        #expect(run.event(at: 1800).notifications[0].figures.heldBack == 1)
    }

    @Test func severalSlotsSlide() throws {
        var run = try EngineRun(EngineRun.throttled("2 per 10s"))
        let first = run.event(at: 0)
        #expect(first.notifications[0].figures.nextMailAt == nil)
        let second = run.event(at: 6)
        #expect(second.notifications[0].figures.nextMailAt == EngineRun.time(10))
        #expect(run.event(at: 9).words == ["throttled"])
        #expect(run.event(at: 10).words == ["mail 4-0"])
        #expect(run.event(at: 12).words == ["throttled"])
        #expect(run.event(at: 16).words == ["mail 6-0"])
    }

    @Test func aMailThatDiedGivesItsSlotAndItsCountBack() throws {
        var run = try EngineRun(EngineRun.throttled("1 per 1h"))
        run.event(at: 0)
        run.event(at: 1)
        run.end("1-0", .accepted, at: 2)
        run.end("1-0", .dead, at: 3)
        #expect(run.event(at: 4).words == ["throttled"], "a confirmed slot stays")
        let second = run.event(at: 3600)
        #expect(second.notifications[0].figures.heldBack == 2)
        run.event(at: 3601)
        run.end("6-0", .dead, at: 3602)
        let third = run.event(at: 3603)
        #expect(third.words == ["mail 9-0"])
        #expect(third.notifications[0].figures.heldBack == 3)
        #expect(third.notifications[0].figures.heldBackSince == EngineRun.time(1))
        run.end("9-0", .cancelled, rule: "other", at: 3604)
        #expect(run.ownChanges.isEmpty)
        run.end("6-0", .cancelled, at: 3604)
        #expect(run.ownChanges.isEmpty)
        run.end("nonsense", .cancelled, at: 3604)
        #expect(run.ownChanges.isEmpty)
        run.end("9-0", .cancelled, at: 3605)
        #expect(run.event(at: 3606).words == ["mail 14-0"])
    }

    @Test func theCountOfAMailThatDiesAfterItsWindowIsNotLost() throws {
        for restores in [false, true] {
            var run = try EngineRun(EngineRun.throttled("1 per 10s"))
            run.restoresAtEveryEntry = restores
            run.event(at: 0)
            run.event(at: 1)
            run.event(at: 2)
            #expect(run.event(at: 10).notifications[0].figures.heldBack == 2)
            #expect(run.event(at: 30).notifications[0].figures.heldBack == 0)
            run.end("4-0", .dead, at: 100)
            #expect(run.event(at: 200).notifications[0].figures.heldBack == 2)
        }
    }

    @Test func aRuleSetEntryRemovesTheStateOfChangedRules() throws {
        func file(_ first: String, _ extra: String = "") throws -> RuleSet {
            try EngineRun.ruleSet(
                """
                rules:
                  - {name: kept, notify: a@example.com, at_most: 1 per 1h, severity: low}
                  - {name: changed, notify: a@example.com, at_most: \(first)}
                \(extra)
                """
            )
        }
        let old = try file("1 per 1h", "  - {name: gone, notify: a@example.com, at_most: 1 per 1h}")
        var run = try EngineRun(old)
        run.event(at: 0)
        run.event(at: 1)
        #expect(run.rows.keys.sorted() == ["clock", "group/changed/", "group/gone/", "group/kept/"])
        let stored = run.rows.map { EngineStateRow(key: $0.key, value: $0.value) }

        // While running: the new set comes into force at its entry.
        let new = try file("2 per 1h")
        run.engine.expect(new)
        #expect(run.event(at: 2).words == ["throttled", "throttled", "throttled"])
        run.feed(.ruleSet(hash: new.hash, text: new.text), at: 3)
        #expect(run.ownChanges.map(\.key) == ["group/changed/", "group/gone/"])
        #expect(run.ownChanges.allSatisfy { $0.value == nil })
        #expect(run.event(at: 4).words == ["throttled", "mail 5-0"])
        run.feed(.ruleSet(hash: new.hash, text: new.text), at: 5)
        #expect(run.ownChanges.isEmpty)

        // Where the old rules cannot be read any more, the rows of what changed go with the next changes.
        var restarted = Engine(ruleSet: new, rows: stored)
        let removed = restarted.takeStateChanges().filter { $0.key != "clock" }
        #expect(removed.map(\.key) == ["group/changed/", "group/gone/"] && removed.allSatisfy { $0.value == nil })
    }

    @Test func aRowWrittenAnewStays() throws {
        func file(_ throttle: String) throws -> RuleSet {
            try EngineRun.ruleSet("rules: [{name: x, notify: a@example.com, at_most: \(throttle)}]")
        }
        var run = try EngineRun(file("1 per 1h"))
        run.event(at: 0)
        run.engine = Engine(
            ruleSet: try file("2 per 1h"), rows: run.rows.map { EngineStateRow(key: $0.key, value: $0.value) })
        #expect(run.event(at: 2).words == ["mail 2-0"])
        #expect(run.ownChanges.map(\.key) == ["group/x/"] && run.ownChanges[0].value != nil)
    }

    @Test func rowsThatCannotBeReadCountAsNone() throws {
        let ruleSet = try EngineRun.throttled("1 per 1h")
        let hash = Array(ruleSet.rules[0].stateHash.utf8)
        for value in [
            [], [2], [9] + hash, [2] + hash + [0], [2] + hash + [0, 0x80],
            [2] + hash + [UInt8](repeating: 0xFF, count: 40),
        ] {
            let rows = [EngineStateRow(key: "group/r/", value: value), EngineStateRow(key: "mails", value: value)]
            var engine = Engine(ruleSet: ruleSet, rows: rows)
            let event = LoggedEvent(
                id: 1, key: EventKey(source: "s", type: "t", id: "1", origin: .id), receivedAt: EngineRun.time(0),
                isRevision: false, facts: try EventMaker.event("e").facts
            )
            let output = engine.process(LogEntry(position: 1, at: EngineRun.time(0), change: .event(event)))
            #expect(output.words == ["mail 1-0"])
        }
    }

    @Test func decidingValuesAreShortAndPrintable() throws {
        let long = String(repeating: "\\u0007é\\\"", count: 200)
        let body =
            #"{"id":"1","status_code":429,"cost":0.25,"timestamp":"2026-10-01T14:00:00+02:00","#
            + #""error_message":"\#(long)","metadata":{"team":"x"}}"#
        let facts = try EventMaker.events(body)[0].facts
        var run = try EngineRun(
            EngineRun.ruleSet(
                """
                rules:
                  - name: r
                    when: error_message != "" and cost > 0.1 and metadata.team == "x" and not failed == false
                      and not (latency > 1.0) or timestamp > timestamp("2020-01-01T00:00:00Z")
                    notify: a@example.com
                """
            ), facts: facts
        )
        let output = run.event(at: 0)
        let deciding = try #require(output.notifications.first?.figures.deciding)
        let values = Dictionary(deciding.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(values["cost"] == "0.25" && values["failed"] == "true" && values["latency"] == "absent")
        #expect(values["metadata.team"] == "\"x\"" && values["timestamp"] == "2026-10-01T12:00:00Z")
        let message = try #require(values["error_message"])
        #expect(message.unicodeScalars.count == 200 && message.hasSuffix("…\""))
        #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }
}
