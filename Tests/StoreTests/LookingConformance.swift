import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

@Suite("Looking: every store", .timeLimit(.minutes(2)))
struct LookingConformance {
    @Test(arguments: StoreMaker.all)
    func eventsComeNewestFirstInPages(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            for number in 1...7 { try await store.append(EventMaker.event("log-\(number)")) }
            let all = try await store.events(before: nil, limit: 100).map(\.id)
            #expect(all == all.sorted(by: >))
            #expect(all.count == 7)
            let page = try await store.events(before: nil, limit: 3).map(\.id)
            #expect(page == Array(all.prefix(3)))
            #expect(try await store.events(before: page.last, limit: 3).map(\.id) == Array(all[3..<6]))
            #expect(try await store.events(before: all.last, limit: 3).isEmpty)
            #expect(try await store.events(before: nil, limit: -1).isEmpty)
            #expect(try await store.event(all[0] + 100)?.id == nil)
            #expect(try await store.body(ofEvent: all[0] + 100) == nil)
            #expect(try await store.decisions(aboutEvent: all[0] + 100).isEmpty)
        }
    }

    /// A summary may decide again about an event that was gathered long before.
    @Test(arguments: StoreMaker.all)
    func laterDecisionsAboutAnEventAreFoundToo(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let event = try await store.append(EventMaker.event("log-1", receivedAt: noon)).id
            func decision(
                _ position: LogPosition, _ rule: String, _ outcome: Decision.Outcome, about event: Int64
            ) -> Decision {
                Decision(position: position, at: noon, event: event, rule: rule, group: "g", outcome: outcome)
            }
            let first = [
                decision(1, "b", .suppressed(.digested), about: event),
                decision(1, "a", .suppressed(.quiet), about: event),
            ]
            _ = try await store.evaluateAll(decisions: first)
            let other = try await store.append(EventMaker.event("log-2", receivedAt: noon + 1)).id
            let later = [
                decision(2, "a", .suppressed(.silenced), about: event),
                decision(2, "b", .suppressed(.digested), about: other),
            ]
            _ = try await store.evaluateAll(decisions: later)
            let found = try await store.decisions(aboutEvent: event)
            #expect(found.map(\.rule) == ["a", "a", "b"] && found.map(\.position) == [1, 2, 1])
            #expect(found[1].outcome == .suppressed(.silenced))
            #expect(try await store.decisions(aboutEvent: other).map(\.rule) == ["b"])
        }
    }

    @Test(arguments: StoreMaker.all)
    func aPageHoldsAtMostFiveHundred(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let bodies = (1...520).map { EventMaker.body("log-\($0)") }.joined(separator: ",")
            _ = try await store.append(EventMaker.events("[\(bodies)]"))
            #expect(try await store.events(before: nil, limit: 1_000_000).count == pageRowsMax)
        }
    }

    @Test(arguments: StoreMaker.all)
    func mailsComeNewestFirstByState(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let accepted = try await store.queueMails("1-0")[0].id
            _ = try await store.leaseAndBegin(now: noon)
            try await store.settle(accepted, .accepted, at: noon + 1)
            let queued = try await store.queueMails("2-0", recipients: ["a@example.com", "b@example.com"]).map(\.id)
            #expect(
                try await store.deliveries(state: nil, before: nil, limit: 10).map(\.id)
                    == [queued[1], queued[0], accepted])
            #expect(try await store.deliveries(state: .accepted, before: nil, limit: 10).map(\.id) == [accepted])
            #expect(try await store.deliveries(state: .queued, before: queued[1], limit: 10).map(\.id) == [queued[0]])
            #expect(try await store.deliveries(state: .dead, before: nil, limit: 10).isEmpty)
            #expect(try await store.deliveries(state: nil, before: nil, limit: 1).map(\.id) == [queued[1]])
            #expect(try await store.delivery(99)?.record.id == nil)
            #expect(try await store.deliveries(ofNotification: "2-0").map(\.id) == queued)
            #expect(try await store.deliveries(ofNotification: "9-0").isEmpty)
            let record = try #require(try await store.delivery(accepted)?.record)
            #expect(record.notification.rule == "failed-calls")
            #expect(record.lastReply == .fitting(.accepted))
        }
    }

    @Test(arguments: StoreMaker.all)
    func statusCounts(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let empty = try await store.status(now: noon)
            #expect(empty.events == 0)
            #expect(empty.deliveries.isEmpty)
            #expect(empty.oldestUnfinished == nil)
            #expect(empty.oldestUnevaluated == nil)
            #expect(empty.accepts)
            let first = try await store.queueMails("1-0", at: noon)[0].id
            _ = try await store.queueMails("2-0", at: noon + 5)
            try await store.append(EventMaker.event("log-1", receivedAt: noon + 6))
            var status = try await store.status(now: noon + 9)
            #expect(status.events == 3)
            #expect(status.unevaluated == 1)
            #expect(status.oldestUnevaluated == noon + 6)
            try await store.append(.clock, at: noon + 7)
            #expect(try await store.status(now: noon + 9).oldestUnevaluated == noon + 6)
            try await store.evaluateAll()
            #expect(try await store.status(now: noon + 9).oldestUnevaluated == nil)
            #expect(status.deliveries == [.queued: 2])
            #expect(status.oldestUnfinished == noon)
            _ = try await store.lease(limit: 1, now: noon, until: noon + 60)
            #expect(try await store.status(now: noon).oldestUnfinished == noon)
            try await store.settle(first, .release(at: noon), at: noon)
            _ = try await store.leaseAndBegin(now: noon)
            try await store.settle(first, .dead, at: noon + 8)
            status = try await store.status(now: noon + 9)
            #expect(status.deliveries == [.queued: 1, .dead: 1])
            #expect(status.oldestUnfinished == noon + 5)
        }
    }
}
