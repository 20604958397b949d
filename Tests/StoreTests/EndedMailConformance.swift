import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

/// What has ended before a clock was set.
@Suite("Ended mails and a clock that is set: every store", .timeLimit(.minutes(2)))
struct EndedMailConformance {
    private static let day = 86_400
    private static let refusal = RefusalConformance.refusal

    private func end(_ number: Int, _ reply: Reply, _ next: Settlement.Next, in store: any Store, _ clock: SetClock)
        async throws
    {
        _ = try await store.queueMails("\(number)-0", at: clock.now, recipients: ["a@example.com"])
        for delivery in try await store.leaseAndBegin(now: clock.now) {
            try await store.settle([Settlement(delivery: delivery.id, at: clock.now, reply: reply, next: next)])
        }
        clock.advance(1)
    }

    /// An address that an operator took off the list stays off it, and a refusal after that counts.
    @Test(arguments: StoreMaker.all, [(-day, false), (-day, true), (day, false), (day, true)])
    func aLiftCountsForWhatWasRefusedBefore(maker: StoreMaker, how: (step: Int, isReadBefore: Bool)) async throws {
        let (step, isReadBefore) = how
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            try await end(1, Self.refusal, .dead, in: store, clock)
            let read = clock.now
            if isReadBefore { clock.set(by: step) }
            try await store.liftSuppression(of: "a@example.com", now: read)
            if !isReadBefore { clock.set(by: step) }
            #expect(try await store.noteClock() != isReadBefore)
            #expect(try await store.refusedRecipients(limit: 9).isEmpty)
            clock.advance(1)
            try await end(2, Self.refusal, .dead, in: store, clock)
            #expect(try await store.refusedRecipients(limit: 9).map(\.mails) == [1])
            clock.set(by: step)
            #expect(try await store.refusedRecipients(limit: 9).map(\.mails) == [1])
            clock.advance(1)
            try await store.liftSuppression(of: "a@example.com", now: clock.now)
            #expect(try await store.refusedRecipients(limit: 9).isEmpty)
        }
    }

    /// What a server took last says that it takes mails, whatever the clock showed.
    @Test(arguments: StoreMaker.all, [-day, day])
    func whatCameLastCounts(maker: StoreMaker, step: Int) async throws {
        let clock = SetClock()
        let accepted = try #require(Reply.fitting(.accepted))
        try await maker.withStore(options: clock.options) { store in
            try await end(1, Self.refusal, .dead, in: store, clock)
            clock.set(by: step)
            try await end(2, accepted, .accepted, in: store, clock)
            #expect(try await store.refusedRecipients(limit: 9).isEmpty)
            clock.set(by: step)
            try await end(3, Self.refusal, .dead, in: store, clock)
            #expect(try await store.refusedRecipients(limit: 9).map(\.mails) == [1])
        }
    }

    /// Entries before a step can be told the time of only by the step.
    @Test(arguments: StoreMaker.all, [-day, day])
    func aStepIsKeptWhileAnythingIsOlder(maker: StoreMaker, step: Int) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            let made = try await store.queueMails("1-0")
            for _ in 1...2 {
                clock.set(by: step)
                try await store.append(.clock, at: clock.now)
            }
            try await store.evaluateAll()
            clock.advance(100 * Self.day)
            _ = try await store.prune(Retention(), now: clock.now)
            let kept = try await store.entries(after: 0, limit: 9)
            #expect(kept.map(\.change.kind) == ["event", "clock_step", "clock_step"])

            _ = try await store.leaseAndBegin(now: clock.now)
            try await store.settle(made[0].id, .accepted, at: clock.now)
            _ = try await store.prune(Retention(), now: clock.now)
            #expect(try await store.entries(after: 0, limit: 9).isEmpty)
        }
    }
}
