import Events
import Rules
import Store
import TestSupport
import Testing

/// What `explain` and `rules` ask of a store.
@Suite("Looking at rules: every store", .timeLimit(.minutes(2)))
struct RuleLookingConformance {
    @Test(arguments: StoreMaker.all)
    func theRuleSetInForceIsTheLastOneBeforeThePosition(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            #expect(try await store.ruleSet(inForceAt: 1) == nil)
            try await store.append(.ruleSet(hash: "one", text: "{\"rules\":[]}"), at: noon)
            try await store.append(EventMaker.event("log-1"))
            try await store.append(.ruleSet(hash: "two", text: "{\"rules\":[{}]}"), at: noon + 1)
            try await store.append(.clock, at: noon + 2)
            var evaluation = Evaluation(at: noon + 2)
            evaluation.positions = try await store.unevaluated(limit: 10).enumerated().map { ($1.row, Int64($0) + 1) }
            _ = try await store.commit(evaluation, expecting: 0)
            try await store.append(.ruleSet(hash: "waits", text: "{}"), at: noon + 3)
            #expect(try await store.ruleSet(inForceAt: 1) == nil)
            #expect(try await store.ruleSet(inForceAt: 2) == StoredRuleSet(hash: "one", text: "{\"rules\":[]}"))
            #expect(try await store.ruleSet(inForceAt: 3)?.hash == "one", "an entry counts from the next one on")
            #expect(try await store.ruleSet(inForceAt: 4)?.hash == "two")
            #expect(try await store.ruleSet(inForceAt: .max)?.hash == "two", "what waits is not in force")
        }
    }

    @Test(arguments: StoreMaker.all)
    func decisionsAreCountedByRule(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            #expect(try await store.ruleCounts(since: nil).isEmpty)
            let event = try await store.append(EventMaker.event("log-1")).id
            try await store.append(.clock, at: noon + 1)
            var evaluation = Evaluation(at: noon + 1)
            evaluation.positions = try await store.unevaluated(limit: 10).enumerated().map { ($1.row, Int64($0) + 1) }
            let outcomes: [(LogPosition, String, Decision.Outcome)] = [
                (1, "b", .notified("1-0")), (2, "b", .suppressed(.throttled)), (1, "a", .faulted("no order")),
                (1, "é", .suppressed(.throttled)),
            ]
            evaluation.decisions = outcomes.map { position, rule, outcome in
                Decision(
                    position: position, at: noon + Int(position), event: position == 1 ? event : nil, rule: rule,
                    group: nil,
                    outcome: outcome)
            }
            evaluation.notifications = [
                NotificationMaker.queued(try NotificationMaker.notification("1-0", event: event))
            ]
            _ = try await store.commit(evaluation, expecting: 0)
            #expect(
                try await store.ruleCounts(since: nil) == [
                    RuleCount(rule: "a", notified: 0, suppressed: 0, faulted: 1, latest: noon + 1),
                    RuleCount(rule: "b", notified: 1, suppressed: 1, faulted: 0, latest: noon + 2),
                    RuleCount(rule: "é", notified: 0, suppressed: 1, faulted: 0, latest: noon + 1),
                ])
            #expect(
                try await store.ruleCounts(since: noon + 2) == [
                    RuleCount(rule: "b", notified: 0, suppressed: 1, faulted: 0, latest: noon + 2)
                ])
            #expect(try await store.ruleCounts(since: noon + 3).isEmpty)
        }
    }
}
