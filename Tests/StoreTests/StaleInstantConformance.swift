import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

/// The clock is set after a caller has looked at it and before the store does what it was asked for.
@Suite("Instants read before a clock was set: every store", .timeLimit(.minutes(2)))
struct StaleInstantConformance {
    private static let day = 86_400
    private static let steps = [-day, -61, 61, day]

    /// A pruning takes several transactions, and the clock may be set before each.
    @Test(
        arguments: StoreMaker.all,
        [
            (-400 * day, 1), (-400 * day, 2), (-400 * day, 3), (-400 * day, 4),
            (-400 * day, 5), (400 * day, 1), (400 * day, 3), (400 * day, 5),
        ])
    func aPruningRemovesWhatIsOldAndNothingElse(maker: StoreMaker, step: (seconds: Int, look: Int)) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            for number in 1...2 {
                if number == 2 { clock.advance(100 * Self.day) }
                _ = try await store.queueMails("\(number)-0", at: clock.now)
                let leased = try await store.leaseAndBegin(now: clock.now)
                try await store.settle(try #require(leased.first).id, .accepted, at: clock.now)
            }
            clock.advance(60)
            clock.set(by: step.seconds, atLook: step.look)
            let report = try await store.prune(Retention(), now: noon + 100 * Self.day + 60)
            #expect(report == PruneReport(bodies: 1, events: 1, mails: 1))
            #expect(try await store.event(1) == nil)
            #expect(try await store.event(2) != nil)
            #expect(try await store.body(ofEvent: 2) != nil)
            #expect(try await store.delivery(2) != nil)
        }
    }

    @Test(arguments: StoreMaker.all, steps)
    func aLeaseLastsNoLongerAndNoShorter(maker: StoreMaker, step: Int) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            _ = try await store.queueMails("1-0")
            clock.set(by: step)
            #expect(try await store.lease(limit: 9, now: noon, until: noon + 60).count == 1)
            try await expectLease(of: 60, in: store, clock)
        }
    }

    @Test(arguments: StoreMaker.all, steps)
    func aLeaseIsExtendedByAsMuchAsWasMeant(maker: StoreMaker, step: Int) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            let made = try await store.queueMails("1-0")
            _ = try await store.lease(limit: 9, now: noon, until: noon + 60)
            clock.set(by: step)
            try await store.extendLeases(made.map(\.id), now: noon, until: noon + 120)
            try await expectLease(of: 120, in: store, clock)
        }
    }

    /// A running lease that looked dead would make a second copy of its mail.
    @Test(arguments: StoreMaker.all, steps)
    func aLivingLeaseIsNotRescued(maker: StoreMaker, step: Int) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            _ = try await store.queueMails("1-0")
            _ = try await store.leaseAndBegin(now: noon, until: noon + 60)
            clock.advance(30)
            clock.set(by: step)
            #expect(try await store.rescueLeases(now: noon + 30, all: false).rescued == 0)
            try await expectLease(of: 30, in: store, clock)
        }
    }

    @Test(arguments: StoreMaker.all, steps)
    func aRescuedMailIsDueAtOnce(maker: StoreMaker, step: Int) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            let made = try await store.queueMails("1-0")
            _ = try await store.leaseAndBegin(now: noon)
            clock.set(by: step)
            #expect(try await store.rescueLeases(now: noon, all: true).rescued == 1)
            #expect(try #require(try await store.delivery(made[0].id)).record.nextAttemptAt == noon + step)
        }
    }

    /// Its age must not grow by the step: set forward by days, the next passing fault would be its last.
    @Test(arguments: StoreMaker.all, steps)
    func aMailThatIsQueuedAnewIsDueAndAgesFromThen(maker: StoreMaker, step: Int) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            let made = try await store.queueMails("1-0", recipients: ["a@example.com", "b@example.com"])
            let leased = try await store.leaseAndBegin(now: noon)
            try await store.settle(leased[0].id, .hold(until: noon + 900), at: noon)
            try await store.settle(leased[1].id, .dead, at: noon)
            clock.advance(10)
            clock.set(by: step)
            #expect(try await store.resumeHeld(now: noon + 10) == 1)
            try await store.retry(delivery: leased[1].id, now: noon + 10)
            for delivery in made {
                let record = try #require(try await store.delivery(delivery.id)).record
                #expect(record.nextAttemptAt == noon + 10 + step)
            }
            let again = try await store.lease(limit: 9, now: noon + 10 + step, until: noon + 70 + step)
            #expect(again.map(\.ageFrom) == [noon + 10 + step, noon + 10 + step])
        }
    }

    @Test(arguments: StoreMaker.all, steps)
    func whatFollowsAnAttemptKeepsItsDistance(maker: StoreMaker, step: Int) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            _ = try await store.queueMails("1-0", recipients: ["a@example.com", "b@example.com"])
            let leased = try await store.leaseAndBegin(now: noon)
            clock.advance(5)
            clock.set(by: step)
            try await store.settle(leased[0].id, .retry(at: noon + 605), at: noon + 5)
            try await store.settle(leased[1].id, .hold(until: noon + 905), at: noon + 5)
            let retried = try #require(try await store.delivery(leased[0].id))
            #expect(retried.record.nextAttemptAt == noon + 605 + step)
            #expect(retried.attempts.last?.endedAt == noon + 5 + step)
            #expect(try #require(try await store.delivery(leased[1].id)).record.nextAttemptAt == noon + 905 + step)
        }
    }

    /// Events may wait for the evaluator while the clock is set, and so may what it made of them.
    @Test(arguments: StoreMaker.all, steps.flatMap { [($0, false), ($0, true)] })
    func aMailAboutAnEventThatWaitedIsAsOldAsThat(maker: StoreMaker, how: (step: Int, isSetLast: Bool)) async throws {
        let (step, isSetLast) = how
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            for number in 1...2 {
                try await store.append(EventMaker.event("event \(number)", receivedAt: noon))
            }
            clock.advance(20)
            if !isSetLast {
                clock.set(by: step)
                #expect(try await store.noteClock())
            }
            let pending = try await store.unevaluated(limit: 9)
            var evaluation = Evaluation(at: try #require(pending.last).at, now: clock.now)
            evaluation.positions = pending.enumerated().map { ($1.row, Int64($0) + 1) }
            let queued = try NotificationMaker.notification("1-0", event: 1, at: noon)
            let sent = try NotificationMaker.notification("2-0", event: 2, at: noon)
            let start = NewDelivery.Start(
                message: try NotificationMaker.message(), templateFault: nil, leaseUntil: clock.now + 60)
            evaluation.notifications = [
                NotificationMaker.queued(queued),
                NewNotification(
                    notification: sent, deliveries: [NewDelivery(recipient: "llm@example.com", start: start)]),
            ]
            if isSetLast { clock.set(by: step) }
            let made = try await store.commit(evaluation, expecting: 0)
            #expect(made.map(\.createdAt) == [noon + step, noon + step])
            #expect(made.map(\.ageFrom) == [noon + step, noon + step])
            let record = try #require(try await store.delivery(made[0].id)).record
            #expect(record.createdAt == noon + step)
            #expect(record.nextAttemptAt == noon + step)
            try await expectLease(of: 60, in: store, clock)
        }
    }

    /// What was decided after the step, in the same evaluation, is by the clock as it is.
    @Test(arguments: StoreMaker.all, steps)
    func aMailAboutAnEventAfterTheStepIsAsOldAsThat(maker: StoreMaker, step: Int) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            try await store.append(EventMaker.event("before", receivedAt: noon))
            clock.set(by: step)
            clock.advance(20)
            try await store.append(EventMaker.event("after", receivedAt: noon + 20 + step))
            let notification = try NotificationMaker.notification("3-0", event: 2, at: noon + 20 + step)
            let made = try await store.evaluateAll([NotificationMaker.queued(notification)])
            #expect(made.map(\.createdAt) == [noon + 20 + step])
        }
    }

    @Test(arguments: StoreMaker.all, [(-2 * day, 10), (-2 * day, day + 1), (2 * day, 10), (2 * day, day + 1)])
    func aDigestKeyIsKnownForADayOfTime(maker: StoreMaker, how: (step: Int, age: Int)) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            let first = try await store.append(EventMaker.events(#"{"status_code":500}"#, receivedAt: noon)[0])
            clock.advance(how.age)
            clock.set(by: how.step)
            let again = try EventMaker.events(#"{"status_code":500}"#, receivedAt: noon + how.age)[0]
            let appended = try await store.append(again)
            #expect(appended == (how.age < Self.day ? .duplicate(first.id) : .stored(appended.id)))
        }
    }

    /// The one lease runs for as long as this from now.
    private func expectLease(of seconds: Int, in store: any Store, _ clock: SetClock) async throws {
        clock.advance(seconds)
        #expect(try await store.rescueLeases(now: clock.now, all: false).rescued == 0)
        clock.advance(1)
        #expect(try await store.rescueLeases(now: clock.now, all: false).rescued == 1)
    }
}
