import Events
import Mail
import Rules
import TestSupport
import Testing

@testable import Store

/// Records that cannot be read, each beside good ones.
@Suite(.timeLimit(.minutes(2)))
struct SQLiteUnreadableTests {
    @Test(arguments: [1, 10])
    func aMailThatCannotBeReadIsSetAsideAndTheOthersAreLeased(limit: Int) async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let bad = try await store.queueMails("1-0", severity: .urgent, holdsThrottleSlot: true)[0].id
            let good = try await store.queueMails("2-0")[0].id
            try await store.execute("UPDATE notification SET content = x'7b22' WHERE id = CAST('1-0' AS BLOB)")
            let leased = try await store.lease(limit: limit, now: noon + 1, until: noon + 60)
            #expect(leased.map(\.id) == [good])

            let mails = try await store.deliveries(state: nil, before: nil, limit: 10)
            #expect(mails.map(\.id) == [good, bad])
            #expect(mails.map(\.state) == [.sending, .dead])
            #expect(mails[1].lastReply?.text == "the stored record cannot be read")
            #expect(mails[1].endedAt == noon + 1)
            #expect(mails[1].notification.id == "1-0")
            #expect(mails[1].notification.severity == .urgent)
            #expect(mails[1].recipient == "llm@example.com")
            #expect(try await store.unevaluated(limit: 10).isEmpty)

            // An operator may try again, to the same end.
            try await store.retry(delivery: bad, now: noon + 2)
            #expect(try await store.lease(limit: limit, now: noon + 2, until: noon + 60).isEmpty)
            let detail = try #require(try await store.delivery(bad))
            #expect(detail.record.state == .dead)
            #expect(detail.attempts.map(\.ordinal) == [1, 2])
            #expect(detail.attempts.allSatisfy { $0.reply?.classification == .permanent })
        }
    }

    @Test func aMessageThatCannotBeReadEndsItsMailInTheLog() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let id = try await store.queueMails(holdsThrottleSlot: true)[0].id
            _ = try await store.leaseAndBegin(now: noon)
            try await store.settle(id, .retry(at: noon + 10), at: noon + 1)
            try await store.execute("UPDATE message SET recipient = 'nobody'")
            #expect(try await store.lease(limit: 1, now: noon + 10, until: noon + 60).isEmpty)
            let detail = try #require(try await store.delivery(id))
            #expect(detail.record.state == .dead)
            #expect(detail.message == nil)
            #expect(detail.attempts.count == 2)
            #expect(try await store.unevaluated(limit: 10).map(\.change.kind) == ["notification_ended"])
        }
    }

    @Test func entriesThatCannotBeReadPassBy() async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            let bad = try await store.append(EventMaker.event("bad")).id
            try await store.append(.ruleSet(hash: "h", text: ""), at: noon)
            try await store.append(EventMaker.event("good"))
            try await store.execute("UPDATE event SET facts = x'7b22' WHERE id = \(bad)")
            try await store.execute("UPDATE log SET payload = x'ff' WHERE kind = 'rule_set'")
            let entries = try await store.unevaluated(limit: 10)
            #expect(entries.map(\.change.kind) == ["event", "clock", "event"])
            guard case .event(let event) = entries.first?.change else {
                Issue.record("no event")
                return
            }
            #expect(event.key.id == "bad")
            #expect(event.facts.encoded() == Array("{}".utf8))
            #expect(try await store.events(before: nil, limit: 10).count == 2)
            try await store.evaluateAll()
            #expect(try await store.unevaluated(limit: 10).isEmpty)
        }
    }
}
