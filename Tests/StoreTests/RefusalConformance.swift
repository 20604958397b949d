import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

/// Addresses that a server refuses, held mails that go on, and attempts that do not count: every store.
@Suite("Refusals and holds: every store", .timeLimit(.minutes(2)))
struct RefusalConformance {
    static let refusal = Reply(
        classification: .recipientRefused, code: 550, enhancedCode: "5.1.1", text: "550 5.1.1 no such user",
        reason: .recipientRefused)

    private func end(_ store: any Store, _ reply: Reply, _ next: Settlement.Next, at now: Timestamp) async throws {
        for delivery in try await store.leaseAndBegin(now: now) {
            try await store.settle([Settlement(delivery: delivery.id, at: now + 1, reply: reply, next: next)])
        }
    }

    @Test(arguments: StoreMaker.all)
    func refusedAddressesAreListedWithTheirMailsUntilTheyTakeOne(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            #expect(try await store.refusedRecipients(limit: 10).isEmpty)
            for number in 1...3 {
                _ = try await store.queueMails("\(number)-0", at: noon + number * 10, recipients: ["a@example.com"])
                try await end(store, Self.refusal, .dead, at: noon + number * 10)
            }
            _ = try await store.queueMails("4-0", at: noon + 40, recipients: ["b@example.com"])
            try await end(store, Self.refusal, .dead, at: noon + 40)
            _ = try await store.queueMails("5-0", at: noon + 50, recipients: ["c@example.com"])
            try await end(store, .init(classification: .permanent, text: "too big"), .dead, at: noon + 50)
            let refused = try await store.refusedRecipients(limit: 10)
            #expect(refused.map(\.address) == ["b@example.com", "a@example.com"], "the last refused first")
            #expect(
                refused[1]
                    == RefusedRecipient(
                        address: "a@example.com", since: noon + 11, last: noon + 31, mails: 3, lastMail: 3,
                        reply: Self.refusal))
            #expect(try await store.refusedRecipients(limit: 1).count == 1)

            // The address takes a mail: what was before is over, a new refusal counts anew.
            _ = try await store.queueMails("6-0", at: noon + 60, recipients: ["a@example.com"])
            try await end(store, .fitting(.accepted) ?? Self.refusal, .accepted, at: noon + 60)
            #expect(try await store.refusedRecipients(limit: 10).map(\.address) == ["b@example.com"])
            _ = try await store.queueMails("7-0", at: noon + 70, recipients: ["a@example.com"])
            try await end(store, Self.refusal, .dead, at: noon + 70)
            #expect(try await store.refusedRecipients(limit: 10).map(\.mails) == [1, 1])
            // A mail that is tried again is not given up, so its address is not listed for it.
            try await store.retry(delivery: 7, now: noon + 80)
            #expect(try await store.refusedRecipients(limit: 10).map(\.address) == ["b@example.com"])
        }
    }

    @Test(arguments: StoreMaker.all)
    func aLiftedAddressIsOffTheListUntilItIsRefusedAnew(maker: StoreMaker) async throws {
        let untried = Reply(classification: .permanent, text: "not tried", reason: .suppressed)
        try await maker.withStore { store in
            await #expect(throws: StoreError.notFound) {
                try await store.liftSuppression(of: "a@example.com", now: noon)
            }
            for (number, reply) in [Self.refusal, untried, untried].enumerated() {
                _ = try await store.queueMails(
                    "\(number + 1)-0", at: noon + number * 10, recipients: ["a@example.com"])
                try await end(store, reply, .dead, at: noon + number * 10)
            }
            _ = try await store.queueMails("4-0", at: noon + 40, recipients: ["b@example.com"])
            try await end(store, untried, .dead, at: noon + 40)
            let listed = try await store.refusedRecipients(limit: 10)
            #expect(listed.map(\.address) == ["a@example.com"], "one that was not tried is no refusal")
            #expect(
                listed.first
                    == RefusedRecipient(
                        address: "a@example.com", since: noon + 1, last: noon + 1, mails: 1, suppressed: 2, lastMail: 1,
                        reply: Self.refusal))
            await #expect(throws: StoreError.notFound) {
                try await store.liftSuppression(of: "b@example.com", now: noon + 50)
            }
            try await store.liftSuppression(of: "a@example.com", now: noon + 50)
            #expect(try await store.refusedRecipients(limit: 10).isEmpty)
            await #expect(throws: StoreError.notFound) {
                try await store.liftSuppression(of: "a@example.com", now: noon + 51)
            }
            _ = try await store.queueMails("5-0", at: noon + 60, recipients: ["a@example.com"])
            try await end(store, Self.refusal, .dead, at: noon + 60)
            let again = try await store.refusedRecipients(limit: 10)
            #expect(again.map(\.since) == [noon + 61] && again.map(\.suppressed) == [0])
            try await store.liftSuppression(of: "a@example.com", now: noon + 70)
            #expect(try await store.refusedRecipients(limit: 10).isEmpty)
        }
    }

    @Test(arguments: StoreMaker.all)
    func aReasonIsKeptWithItsAttempt(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            for (number, reason) in ReplyReason.allCases.enumerated() {
                let id = try await store.queueMails("\(number)-0", at: noon)[0].id
                let reply = Reply(classification: .permanent, text: "words", reason: reason)
                try await end(store, reply, .dead, at: noon)
                #expect(try await store.delivery(id)?.attempts.last?.reply == reply)
                #expect(try await store.deliveries(state: nil, before: nil, limit: 1).first?.lastReply == reply)
            }
        }
    }

    @Test(arguments: StoreMaker.all)
    func heldMailsAreQueuedTogetherAndOthersAreLeftAlone(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            #expect(try await store.resumeHeld(now: noon) == 0)
            let held = try await store.queueMails("1-0", at: noon, recipients: ["a@example.com", "b@example.com"])
            for delivery in try await store.leaseAndBegin(now: noon) {
                try await store.settle(delivery.id, .hold(until: noon + 900), at: noon + 1)
            }
            let waiting = try await store.queueMails("2-0", at: noon)[0].id
            _ = try await store.leaseAndBegin(now: noon)
            try await store.settle(waiting, .retry(at: noon + 500), at: noon + 1)
            #expect(try await store.resumeHeld(now: noon + 10) == 2)
            let leased = try await store.leaseAndBegin(now: noon + 10)
            #expect(Set(leased.map(\.id)) == Set(held.map(\.id)))
            #expect(leased.allSatisfy { $0.ageFrom == noon + 10 })
            #expect(try await store.delivery(waiting)?.record.nextAttemptAt == noon + 500)
        }
    }

    @Test(arguments: StoreMaker.all)
    func attemptsOfAnUnwellHostAndOfAWrongConfigurationDoNotCount(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            _ = try await store.queueMails(at: noon)
            let steps: [(ReplyClass, Settlement.Next, counted: Int)] = [
                (.host, .retry(at: noon), 0), (.transient, .retry(at: noon), 0), (.host, .retry(at: noon), 1),
                (.configuration, .hold(until: noon), 1), (.ambiguous, .retry(at: noon), 1),
                (.greylisted, .retry(at: noon), 2), (.transient, .retry(at: noon), 3),
            ]
            for (number, step) in steps.enumerated() {
                let leased = try await store.leaseAndBegin(now: noon + 1)
                #expect(leased.map(\.attempts) == [number])
                #expect(leased.map(\.countedAttempts) == [step.counted], "before attempt \(number + 1)")
                let reply = Reply(classification: step.0, text: "words")
                try await store.settle([
                    Settlement(delivery: leased[0].id, at: noon + 1, reply: reply, next: step.1)
                ])
            }
        }
    }
}
