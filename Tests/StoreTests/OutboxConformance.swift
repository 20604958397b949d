import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

@Suite("The outbox: every store", .timeLimit(.minutes(2)))
struct OutboxConformance {
    @Test(arguments: StoreMaker.all)
    func leaseTakesWhatIsDueMostSevereThenOldest(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let low = try await store.queueMails("1-0", severity: .low, at: noon)[0].id
            let medium = try await store.queueMails("2-0", severity: .medium, at: noon + 1)[0].id
            let urgent = try await store.queueMails("3-0", severity: .urgent, at: noon + 9)[0].id
            let older = try await store.queueMails("4-0", severity: .urgent, at: noon + 9)[0].id
            _ = try await store.queueMails("5-0", severity: .urgent, at: noon + 60)
            let leased = try await store.lease(limit: 3, now: noon + 10, until: noon + 70)
            #expect(leased.map(\.id) == [urgent, older, medium])
            #expect(leased.allSatisfy { $0.state == .sending && $0.message == nil && $0.attempts == 0 })
            #expect(leased[0].createdAt == noon + 9)
            #expect(leased[0].notification.id == "3-0")
            #expect(leased[0].recipient == "llm@example.com")
            #expect(try await store.lease(limit: 3, now: noon + 10, until: noon + 70).map(\.id) == [low])
            #expect(try await store.lease(limit: 3, now: noon + 10, until: noon + 70).isEmpty)
            #expect(try await store.lease(limit: 0, now: noon + 100, until: noon + 170).isEmpty)
        }
    }

    @Test(arguments: StoreMaker.all)
    func anAttemptIsRecordedFromBeginningToEnd(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let id = try await store.queueMails()[0].id
            let leased = try await store.lease(limit: 1, now: noon, until: noon + 60)
            #expect(leased.map(\.id) == [id])
            #expect(try await store.delivery(id)?.attempts.isEmpty == true)
            let message = try NotificationMaker.message()
            try await store.begin([AttemptStart(delivery: id, at: noon + 1, composed: message, templateFault: "plain")])
            var detail = try #require(try await store.delivery(id))
            #expect(detail.attempts == [AttemptRecord(ordinal: 1, startedAt: noon + 1, endedAt: nil, reply: nil)])
            #expect(detail.record.templateFault == "plain")
            #expect(detail.record.lastReply == nil)

            try await store.settle(id, .retry(at: noon + 300), at: noon + 2)
            detail = try #require(try await store.delivery(id))
            #expect(detail.record.state == .queued)
            #expect(detail.record.nextAttemptAt == noon + 300)
            #expect(detail.record.lastReply == .fitting(.retry(at: noon)))
            #expect(try await store.lease(limit: 1, now: noon + 299, until: noon + 400).isEmpty)

            let again = try await store.leaseAndBegin(now: noon + 300)
            #expect(again.map(\.attempts) == [1])
            #expect(again[0].message == message)
            try await store.settle(id, .accepted, at: noon + 301)
            detail = try #require(try await store.delivery(id))
            #expect(detail.record.state == .accepted)
            #expect(detail.record.endedAt == noon + 301)
            #expect(detail.record.nextAttemptAt == nil)
            #expect(detail.record.attempts == 2)
            #expect(detail.attempts.map(\.ordinal) == [1, 2])
            #expect(detail.attempts[1].reply == .fitting(.accepted))
            #expect(detail.message == message)
        }
    }

    @Test(arguments: StoreMaker.all)
    func releaseDoesNotCount(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let id = try await store.queueMails()[0].id
            _ = try await store.lease(limit: 1, now: noon, until: noon + 60)
            try await store.settle(id, .release(at: noon + 5), at: noon)
            #expect(try await store.leaseAndBegin(now: noon + 4).isEmpty)
            _ = try await store.leaseAndBegin(now: noon + 5)
            try await store.settle(id, .release(at: noon + 10), at: noon + 6)
            let detail = try #require(try await store.delivery(id))
            #expect(detail.attempts.isEmpty)
            #expect(detail.record.attempts == 0)
            #expect(detail.record.nextAttemptAt == noon + 10)
            #expect(detail.message != nil)
        }
    }

    @Test(arguments: StoreMaker.all)
    func heldMailsComeBackWhenDue(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let id = try await store.queueMails()[0].id
            _ = try await store.leaseAndBegin(now: noon)
            try await store.settle(id, .hold(until: noon + 600), at: noon + 1)
            #expect(try await store.state(of: id) == .held)
            #expect(try await store.lease(limit: 1, now: noon + 599, until: noon + 700).isEmpty)
            #expect(try await store.lease(limit: 1, now: noon + 600, until: noon + 700).map(\.id) == [id])
        }
    }

    @Test(arguments: StoreMaker.all)
    func theAgeOfAMailCountsFromItsLastHoldOrRetry(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let made = try await store.queueMails(at: noon)
            let id = made[0].id
            #expect(made[0].ageFrom == noon)
            #expect(try await store.leaseAndBegin(now: noon + 1).map(\.ageFrom) == [noon])
            try await store.settle(id, .retry(at: noon + 10), at: noon + 2)
            #expect(try await store.leaseAndBegin(now: noon + 10).map(\.ageFrom) == [noon])
            try await store.settle(id, .hold(until: noon + 600), at: noon + 11)
            #expect(try await store.leaseAndBegin(now: noon + 700).map(\.ageFrom) == [noon + 600])
            try await store.settle(id, .release(at: noon + 702), at: noon + 701)
            _ = try await store.leaseAndBegin(now: noon + 702)
            _ = try await store.rescueLeases(now: noon + 703, all: true)
            #expect(try await store.leaseAndBegin(now: noon + 703).map(\.ageFrom) == [noon + 600])
            try await store.settle(id, .dead, at: noon + 704)
            try await store.retry(delivery: id, now: noon + 9_000)
            let last = try await store.leaseAndBegin(now: noon + 9_001)
            #expect(last.map(\.ageFrom) == [noon + 9_000])
            #expect(last.map(\.createdAt) == [noon])
        }
    }

    @Test(arguments: StoreMaker.all)
    func stepsThatAreNotAllowedChangeNothing(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let message = try NotificationMaker.message()
            let ids = try await store.queueMails(recipients: ["a@example.com", "b@example.com"]).map(\.id)
            let (id, other) = (ids[0], ids[1])
            func begin(_ id: Int64, _ message: Message?) -> AttemptStart {
                AttemptStart(delivery: id, at: noon, composed: message, templateFault: nil)
            }
            func accept(_ id: Int64) -> Settlement {
                Settlement(delivery: id, at: noon, reply: .fitting(.accepted), next: .accepted)
            }
            try await refused { try await store.begin([begin(id, message)]) }
            try await refused { try await store.settle([accept(id)]) }
            _ = try await store.lease(limit: 2, now: noon, until: noon + 60)
            try await refused { try await store.settle([accept(id)]) }
            try await refused { try await store.begin([begin(id, nil)]) }
            // The second of a batch fails: the first is taken back.
            try await refused { try await store.begin([begin(id, message), begin(other, nil)]) }
            try await refused { try await store.begin([begin(id, message), begin(id, message)]) }
            #expect(try await store.delivery(id)?.attempts.isEmpty == true)
            #expect(try await store.delivery(id)?.message == nil)
            await #expect(throws: StoreError.notFound) {
                try await store.begin([begin(id, message), begin(99, message)])
            }

            try await store.begin([begin(id, message)])
            try await refused { try await store.begin([begin(id, message)]) }
            try await refused { try await store.settle([accept(id), accept(other)]) }
            try await refused { try await store.settle([accept(id), accept(id)]) }
            try await refused {
                try await store.settle([Settlement(delivery: id, at: noon, reply: nil, next: .dead)])
            }
            await #expect(throws: StoreError.notFound) { try await store.settle([accept(id), accept(99)]) }
            #expect(try await store.state(of: id) == .sending)
            try await store.settle(id, .retry(at: noon), at: noon)
            _ = try await store.lease(limit: 1, now: noon, until: noon + 60)
            try await refused { try await store.begin([begin(id, try NotificationMaker.message(id: "another"))]) }
            #expect(try await store.delivery(id)?.message == message)
            try await store.begin([begin(id, message)])
            try await store.settle([accept(id)])
            try await refused { try await store.settle([accept(id)]) }
        }
    }

    @Test(arguments: StoreMaker.all)
    func theLastMailOfANotificationEndsItInTheLog(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let cases: [(String, [Settlement.Next], NotificationEnd.Outcome)] = [
                ("1-0", [.accepted, .dead], .accepted), ("2-0", [.dead, .accepted], .accepted),
                ("3-0", [.dead, .dead], .dead),
            ]
            for (name, steps, outcome) in cases {
                let ids = try await store.queueMails(
                    name, recipients: ["a@example.com", "b@example.com"], holdsThrottleSlot: true
                ).map(\.id)
                _ = try await store.leaseAndBegin(now: noon)
                try await store.settle(ids[0], steps[0], at: noon + 1)
                #expect(try await store.unevaluated(limit: 10).isEmpty)
                try await store.settle(ids[1], steps[1], at: noon + 2)
                let entries = try await store.unevaluated(limit: 10)
                #expect(entries.count == 1)
                guard case .notificationEnded(let end) = entries.first?.change else {
                    Issue.record("no end in the log")
                    return
                }
                #expect(end == NotificationEnd(notification: name, rule: "failed-calls", outcome: outcome))
                #expect(entries[0].at == noon + 2)
                try await store.evaluateAll()
            }
        }
    }

    @Test(arguments: StoreMaker.all)
    func bothMailsSettledAtOnceEndTheNotificationOnce(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let ids = try await store.queueMails(
                recipients: ["a@example.com", "b@example.com"], holdsThrottleSlot: true
            ).map(\.id)
            _ = try await store.leaseAndBegin(now: noon)
            try await store.settle(
                ids.map { Settlement(delivery: $0, at: noon, reply: .fitting(.dead), next: .dead) }
            )
            #expect(try await store.unevaluated(limit: 10).count == 1)
            // A retry after the end is in the log, a second end is not.
            try await store.retry(delivery: ids[0], now: noon + 1)
            _ = try await store.leaseAndBegin(now: noon + 1)
            try await store.settle(ids[0], .accepted, at: noon + 2)
            let kinds = try await store.unevaluated(limit: 10).map(\.change.kind)
            #expect(kinds == ["notification_ended", "operator_action"])
        }
    }

    @Test(arguments: StoreMaker.all)
    func withoutAThrottleSlotNothingEntersTheLog(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let id = try await store.queueMails()[0].id
            _ = try await store.leaseAndBegin(now: noon)
            try await store.settle(id, .dead, at: noon)
            #expect(try await store.unevaluated(limit: 10).isEmpty)
        }
    }

    @Test(arguments: StoreMaker.all)
    func retryQueuesWhatIsNotOnItsWay(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            await #expect(throws: StoreError.notFound) { try await store.retry(delivery: 1, now: noon) }
            let id = try await store.queueMails()[0].id
            try await store.retry(delivery: id, now: noon + 1)
            _ = try await store.leaseAndBegin(now: noon + 1)
            try await refused { try await store.retry(delivery: id, now: noon + 2) }
            try await store.settle(id, .hold(until: noon + 900), at: noon + 2)
            try await store.retry(delivery: id, now: noon + 3)
            #expect(try await store.leaseAndBegin(now: noon + 3).map(\.id) == [id])
            try await store.settle(id, .dead, at: noon + 4)
            #expect(try await store.delivery(id)?.record.endedAt == noon + 4)
            try await store.retry(delivery: id, now: noon + 5)
            let record = try #require(try await store.delivery(id)?.record)
            #expect(record.state == .queued)
            #expect(record.endedAt == nil)
            #expect(record.nextAttemptAt == noon + 5)
            #expect(record.attempts == 2)
            _ = try await store.leaseAndBegin(now: noon + 5)
            try await store.settle(id, .accepted, at: noon + 6)
            try await refused { try await store.retry(delivery: id, now: noon + 7) }
            let actions = try await store.unevaluated(limit: 10).compactMap { entry in
                if case .operatorAction(let action) = entry.change { action } else { nil }
            }
            #expect(actions == Array(repeating: OperatorAction.retry(delivery: id), count: 3))
        }
    }

    @Test(arguments: StoreMaker.all)
    func lostLeasesAreRescued(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let ids = try await store.queueMails(recipients: ["a@example.com", "b@example.com"]).map(\.id)
            _ = try await store.lease(limit: 2, now: noon, until: noon + 60)
            let start = AttemptStart(
                delivery: ids[0], at: noon, composed: try NotificationMaker.message(), templateFault: nil)
            try await store.begin([start])
            #expect(try await store.rescueLeases(now: noon + 60, all: false) == RescueReport(rescued: 0, ambiguous: 0))
            try await store.extendLeases([ids[1], 99], now: noon, until: noon + 120)
            #expect(try await store.rescueLeases(now: noon + 61, all: false) == RescueReport(rescued: 1, ambiguous: 1))
            let detail = try #require(try await store.delivery(ids[0]))
            #expect(detail.record.state == .queued)
            #expect(detail.record.nextAttemptAt == noon + 61)
            #expect(detail.record.attempts == 1)
            #expect(detail.attempts[0].endedAt == noon + 61)
            #expect(detail.attempts[0].reply?.classification == .ambiguous)
            #expect(detail.message != nil)
            #expect(try await store.rescueLeases(now: noon + 61, all: true) == RescueReport(rescued: 1, ambiguous: 0))
            #expect(try await store.rescueLeases(now: noon + 61, all: true) == RescueReport(rescued: 0, ambiguous: 0))
            // A lease that is over is not extended any more.
            try await store.extendLeases([ids[0]], now: noon, until: noon + 900)
            #expect(try await store.lease(limit: 2, now: noon + 61, until: noon + 120).map(\.id) == ids)
        }
    }

    @Test(arguments: StoreMaker.all)
    func anAcceptanceAfterTheRescueIsTaken(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let id = try await store.queueMails()[0].id
            _ = try await store.leaseAndBegin(now: noon)
            _ = try await store.rescueLeases(now: noon + 1, all: true)
            try await refused {
                try await store.settle([Settlement(delivery: id, at: noon + 2, reply: .fitting(.dead), next: .dead)])
            }
            try await store.settle(id, .accepted, at: noon + 2)
            let detail = try #require(try await store.delivery(id))
            #expect(detail.record.state == .accepted)
            #expect(detail.attempts.map(\.reply) == [.fitting(.accepted)])
        }
    }

    private func refused(_ body: () async throws -> Void) async throws {
        let error = await #expect(throws: StoreError.self) { try await body() }
        guard case .notAllowed = error else {
            Issue.record("\(String(describing: error)) instead of notAllowed")
            return
        }
    }
}
