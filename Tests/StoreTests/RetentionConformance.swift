import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

@Suite("Keeping and removing: every store", .timeLimit(.minutes(2)))
struct RetentionConformance {
    private let day = 86_400

    @Test(arguments: StoreMaker.all)
    func bodiesGoFirstAndKeysStay(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let old = try await store.append(EventMaker.event("old", receivedAt: noon)).id
            let young = try await store.append(EventMaker.event("young", receivedAt: noon + day)).id
            try await store.evaluateAll()
            let report = try await store.prune(Retention(), now: noon + 7 * day + 1)
            #expect(report == PruneReport(bodies: 1, events: 0, mails: 0))
            #expect(try await store.body(ofEvent: old) == nil)
            #expect(try await store.body(ofEvent: young) != nil)
            #expect(try await store.event(old)?.position == 1)
            let again = try await store.append(EventMaker.event("old", receivedAt: noon + 8 * day))
            #expect(again == .duplicate(old))
            #expect(try await store.prune(Retention(), now: noon + 7 * day + 1).bodies == 0)
        }
    }

    @Test(arguments: StoreMaker.all)
    func evaluatedEventsGoWithTheirDecisions(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let old = try await store.append(EventMaker.event("old", receivedAt: noon)).id
            let decision = Decision(
                position: 1, at: noon, event: old, rule: "a", group: nil, outcome: .suppressed(.throttled))
            try await store.evaluateAll(decisions: [decision])
            let waiting = try await store.append(EventMaker.event("waiting", receivedAt: noon)).id
            let report = try await store.prune(Retention(), now: noon + 90 * day + 1)
            #expect(report.events == 1)
            #expect(try await store.event(old)?.id == nil)
            #expect(try await store.decisions(aboutEvent: old).isEmpty)
            #expect(try await store.event(waiting)?.id == waiting)
            #expect(try await store.unevaluated(limit: 10).count == 1)
            // Its key is forgotten, and numbers are never used twice.
            let again = try await store.append(EventMaker.event("old", receivedAt: noon + 91 * day))
            #expect(again == .stored(again.id))
            #expect(again.id > waiting)
            try await store.evaluateAll()
            #expect(try await store.evaluatorState().cursor == 3)
        }
    }

    @Test(arguments: StoreMaker.all)
    func positionsAndTimeGoOnWhereEverythingWasRemoved(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let everything = Retention(bodies: .zero, events: .zero, mails: .zero)
            for round in 0..<3 {
                let event = try await store.append(EventMaker.event("log-\(round)", receivedAt: noon + -round)).id
                try await store.append(.clock, at: noon + -round)
                #expect(try await store.unevaluated(limit: 9).allSatisfy { $0.at == noon })
                try await store.evaluateAll()
                #expect(try await store.event(event)?.position == Int64(2 * round + 1))
                #expect(try await store.prune(everything, now: noon + 1).events == 1)
            }
            #expect(try await store.evaluatorState().cursor == 6)
        }
    }

    @Test(arguments: StoreMaker.all)
    func unfinishedMailsKeepTheirEvents(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let retention = Retention(
                bodies: .seconds(1), events: .seconds(1), mails: .seconds(1), bytesMax: 0)
            let ids = try await store.queueMails(recipients: ["a@example.com", "b@example.com"]).map(\.id)
            let event = try #require(try await store.events(before: nil, limit: 1).first).id
            _ = try await store.leaseAndBegin(now: noon)
            try await store.settle(ids[0], .accepted, at: noon + 1)
            var report = try await store.prune(retention, now: noon + 1_000 * day)
            #expect(report == PruneReport(bodies: 1, events: 0, mails: 0))
            #expect(try await store.delivery(ids[0])?.message != nil)
            #expect(try await store.event(event)?.id == event)

            try await store.settle(ids[1], .dead, at: noon + 2)
            report = try await store.prune(retention, now: noon + 1_000 * day)
            #expect(report == PruneReport(bodies: 0, events: 1, mails: 2))
            #expect(try await store.deliveries(state: nil, before: nil, limit: 10).isEmpty)
            #expect(try await store.events(before: nil, limit: 10).isEmpty)
        }
    }

    @Test(arguments: StoreMaker.all)
    func mailsAreKeptFromTheirEndOn(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let id = try await store.queueMails()[0].id
            _ = try await store.leaseAndBegin(now: noon)
            try await store.settle(id, .dead, at: noon + 80 * day)
            #expect(try await store.prune(Retention(), now: noon + 170 * day).mails == 0)
            try await store.retry(delivery: id, now: noon + 170 * day)
            #expect(try await store.prune(Retention(), now: noon + 500 * day).mails == 0)
            _ = try await store.leaseAndBegin(now: noon + 500 * day)
            try await store.settle(id, .accepted, at: noon + 500 * day)
            #expect(try await store.prune(Retention(), now: noon + 590 * day).mails == 0)
            #expect(try await store.prune(Retention(), now: noon + 590 * day + 1).mails == 1)
            #expect(try await store.delivery(id)?.record.id == nil)
        }
    }

    @Test(arguments: StoreMaker.all)
    func tooManyBytesRemoveTheOldestBodiesFirst(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            for number in 1...40 {
                let body = EventMaker.body("log-\(number)", padding: 200_000)
                _ = try await store.append(EventMaker.events(body, receivedAt: noon + number))
            }
            try await store.evaluateAll()
            let report = try await store.prune(Retention(bytesMax: 4_000_000), now: noon + 60)
            #expect(report.events == 0)
            #expect((15...30).contains(report.bodies), "\(report)")
            let events = try await store.events(before: nil, limit: 100)
            let bodies = try await withBodies(events, store)
            #expect(bodies == bodies.sorted { $0 && !$1 }, "the youngest keep theirs")
            let rest = try await store.prune(Retention(bytesMax: 0), now: noon + 60)
            #expect(rest.events == 40)
        }
    }

    @Test(arguments: StoreMaker.all)
    func withoutBodiesTheStoredOnesGo(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let id = try await store.append(EventMaker.event("log-1")).id
            #expect(try await store.prune(Retention(bodies: nil), now: noon).bodies == 1)
            #expect(try await store.body(ofEvent: id) == nil)
            #expect(try await store.unevaluated(limit: 10).count == 1)
        }
    }

    @Test(arguments: StoreMaker.all)
    func manyRowsGoInSteps(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let bodies = (1...1_300).map { EventMaker.body("log-\($0)") }.joined(separator: ",")
            _ = try await store.append(EventMaker.events("[\(bodies)]"))
            try await store.append(.clock, at: noon)
            try await store.evaluateAll()
            let report = try await store.prune(Retention(), now: noon + 100 * day)
            #expect(report == PruneReport(bodies: 1_300, events: 1_300, mails: 0))
            #expect(try await store.status(now: noon).events == 0)
            let next = try await store.append(EventMaker.event("next", receivedAt: noon))
            let entry = try #require(try await store.unevaluated(limit: 10).first)
            #expect(entry.at == noon, "\(next)")
        }
    }

    private func withBodies(_ events: [EventRecord], _ store: any Store) async throws -> [Bool] {
        var found: [Bool] = []
        for event in events { found.append(try await store.body(ofEvent: event.id) != nil) }
        return found
    }
}
