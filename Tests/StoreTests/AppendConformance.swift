import Events
import Rules
import Store
import TestSupport
import Testing

@Suite("Appending: every store", .timeLimit(.minutes(2)))
struct AppendConformance {
    @Test(arguments: StoreMaker.all)
    func newEventIsStoredWithItsFactsAndBody(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let event = try EventMaker.event("log-1", status: 429)
            let appended = try await store.append(event)
            #expect(appended == .stored(appended.id))
            let record = try #require(try await store.event(appended.id))
            #expect(record.key == event.key)
            #expect(record.receivedAt == event.receivedAt)
            #expect(!record.isRevision)
            #expect(record.position == nil)
            #expect(record.bodyBytes == Int64(event.body.count))
            #expect(record.facts == event.facts)
            #expect(try await store.body(ofEvent: appended.id) == event.body)
        }
    }

    @Test(arguments: StoreMaker.all)
    func whoCannotWaitIsCalledOnceWhenTheEventsAreStored(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let (results, note) = AsyncStream<Result<[Appended], StoreError>>.makeStream()
            let events = try (0..<100).map { try EventMaker.event("log-\($0)") }
            for event in events {
                store.append([event]) { result in
                    note.yield(result)
                }
            }
            store.append([]) { note.yield($0) }
            var answers: [[Appended]] = []
            for await result in results {
                answers.append(try result.get())
                if answers.count == events.count + 1 { break }
            }
            let ids = answers.flatMap { $0.map(\.id) }
            #expect(Set(ids).count == 100)
            #expect(try await store.events(before: nil, limit: 200).count == 100, "told before it was stored")
            await store.close()
            store.append([events[0]]) { note.yield($0) }
            var late = results.makeAsyncIterator()
            let answer = await late.next()
            #expect(answer.map { if case .failure(.closed) = $0 { true } else { false } } == true)
            note.finish()
            #expect(await late.next() == nil, "somebody was answered twice")
        }
    }

    @Test(arguments: StoreMaker.all)
    func sameKeyAndBodyIsADuplicate(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let first = try await store.append(EventMaker.event("log-1"))
            let again = try await store.append(EventMaker.event("log-1", receivedAt: noon + 86_400 * 30))
            #expect(again == .duplicate(first.id))
            #expect(try await store.events(before: nil, limit: 10).count == 1)
            #expect(try await store.unevaluated(limit: 10).count == 1)
        }
    }

    @Test(arguments: StoreMaker.all)
    func sameKeyWithAnotherBodyIsARevision(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let first = try await store.append(EventMaker.event("log-1", status: 500))
            let second = try await store.append(EventMaker.event("log-1", status: 200))
            #expect(second == .revision(second.id))
            #expect(second.id != first.id)
            #expect(try await store.append(EventMaker.event("log-1", status: 200)) == .duplicate(second.id))
            #expect(try await store.append(EventMaker.event("log-1", status: 500)) == .duplicate(first.id))
            let records = try await store.events(before: nil, limit: 10)
            #expect(records.map(\.isRevision) == [true, false])
            let revisions = try await store.unevaluated(limit: 10).map { entry in
                if case .event(let event) = entry.change { event.isRevision } else { false }
            }
            #expect(revisions == [false, true])
        }
    }

    @Test(arguments: StoreMaker.all)
    func sourceAndTypeBelongToTheKey(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let first = try await store.append(EventMaker.event("log-1", source: "production"))
            let second = try await store.append(EventMaker.event("log-1", source: "staging"))
            #expect(second == .stored(second.id))
            #expect(first.id != second.id)
        }
    }

    @Test(arguments: StoreMaker.all)
    func keysAreComparedByTheirBytes(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            // The same letter composed and decomposed: equal Strings in Swift, different ids.
            let composed = try await store.append(EventMaker.event("caf\u{E9}"))
            let decomposed = try await store.append(EventMaker.event("cafe\u{301}"))
            #expect(decomposed == .stored(decomposed.id))
            #expect(composed.id != decomposed.id)
            // A NUL in the event's type ends no text.
            let plain = try EventMaker.events(#"{"event_type":"a","data":{"unique_id":"n"}}"#)
            let long = try EventMaker.events(#"{"event_type":"a\u0000b","data":{"unique_id":"n"}}"#)
            #expect(plain[0].key.type != long[0].key.type)
            _ = try await store.append(plain)
            let appended = try await store.append(long)
            #expect(appended == [.stored(appended[0].id)])
            let record = try #require(try await store.event(appended[0].id))
            #expect(Array(record.key.type.utf8) == Array(long[0].key.type.utf8))
        }
    }

    @Test(arguments: StoreMaker.all)
    func anArrayKnowsItsOwnDuplicates(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let one = EventMaker.body("log-1")
            let other = EventMaker.body("log-1", status: 200)
            let two = EventMaker.body("log-2")
            let appended = try await store.append(EventMaker.events("[\(one),\(two),\(one),\(other),\(other)]"))
            let (first, second, revision) = (appended[0].id, appended[1].id, appended[3].id)
            #expect(
                appended == [
                    .stored(first), .stored(second), .duplicate(first), .revision(revision), .duplicate(revision),
                ]
            )
            #expect(Set([first, second, revision]).count == 3)
            #expect(try await store.unevaluated(limit: 10).count == 3)
        }
    }

    @Test(arguments: StoreMaker.all)
    func equalEventsWithoutIdsInAnArrayAreAllStored(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let events = try EventMaker.events(#"[{"status_code":500},{"status_code":500}]"#)
            let appended = try await store.append(events)
            #expect(appended == appended.map { .stored($0.id) })
            #expect(try await store.append(events) == appended.map { .duplicate($0.id) })
        }
    }

    @Test(arguments: StoreMaker.all)
    func digestKeyIsForgottenAfterADay(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let body = #"{"status_code":500,"model":"gpt-4o"}"#
            let first = try await store.append(EventMaker.events(body))[0]
            let soon = try await store.append(EventMaker.events(body, receivedAt: noon + 86_399))[0]
            #expect(soon == .duplicate(first.id))
            let later = try await store.append(EventMaker.events(body, receivedAt: noon + 86_400))[0]
            #expect(later == .stored(later.id))
            let again = try await store.append(EventMaker.events(body, receivedAt: noon + 86_401))[0]
            #expect(again == .duplicate(later.id))
        }
    }

    @Test(arguments: StoreMaker.all)
    func timeOfEntriesNeverFalls(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            try await store.append(EventMaker.event("log-1", receivedAt: noon + 10))
            try await store.append(EventMaker.event("log-2", receivedAt: noon))
            try await store.append(.clock, at: noon + 5)
            try await store.append(EventMaker.event("log-3", receivedAt: noon + 20))
            let entries = try await store.unevaluated(limit: 10)
            #expect(entries.map(\.at) == [noon + 10, noon + 10, noon + 10, noon + 20])
            guard case .event(let second) = entries[1].change else {
                Issue.record("the second entry is an event")
                return
            }
            #expect(second.receivedAt == noon)
        }
    }

    @Test(arguments: StoreMaker.all)
    func entriesOfAllKindsComeBackInOrder(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            try await store.append(.ruleSet(hash: "abc", text: "rules: []\u{0}"), at: noon)
            try await store.append(EventMaker.event("log-1"))
            try await store.append(.clock, at: noon)
            try await store.append(.operatorAction(.retry(delivery: 7)), at: noon)
            let end = NotificationEnd(notification: "1-0", rule: "failed", outcome: .dead)
            try await store.append(.notificationEnded(end), at: noon)
            let entries = try await store.unevaluated(limit: 10)
            let kinds = ["rule_set", "event", "clock", "operator_action", "notification_ended"]
            #expect(entries.map(\.change.kind) == kinds)
            guard case .ruleSet("abc", let text) = entries[0].change,
                case .notificationEnded(let found) = entries[4].change
            else {
                Issue.record("changes come back as they went in")
                return
            }
            #expect(Array(text.utf8) == Array("rules: []\u{0}".utf8))
            #expect(found == end)
            #expect(try await store.unevaluated(limit: 2).map(\.row) == entries.prefix(2).map(\.row))
            #expect(try await store.unevaluated(limit: 0).isEmpty)
        }
    }

    @Test(arguments: StoreMaker.all)
    func anEventIsNoPlainChange(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let event = EventMaker.logged(try EventMaker.event("log-1"), id: 1)
            await #expect(throws: StoreError.notAllowed("events are appended as verified events")) {
                try await store.append(.event(event), at: noon)
            }
            #expect(try await store.append([]).isEmpty)
            #expect(try await store.unevaluated(limit: 10).isEmpty)
        }
    }

    @Test(arguments: StoreMaker.all)
    func belowTheFloorNoEventIsTakenAndEverythingElseGoesOn(maker: StoreMaker) async throws {
        let free = FreeBytes(1 << 30)
        let options = StoreOptions(floorBytes: 256 << 20, freeBytes: { free.value })
        try await maker.withStore(options: options) { store in
            let delivery = try await store.queueMails()[0]
            #expect(try await store.status(now: noon).accepts)
            free.value = 100 << 20
            await #expect(throws: StoreError.full(freeBytes: 100 << 20, floorBytes: 256 << 20)) {
                try await store.append(EventMaker.event("log-2"))
            }
            let status = try await store.status(now: noon)
            #expect(!status.accepts)
            #expect(status.freeBytes == 100 << 20)
            try await store.append(.clock, at: noon + 1)
            _ = try await store.leaseAndBegin(now: noon + 1)
            try await store.settle(delivery.id, .accepted, at: noon + 2)
            #expect(try await store.state(of: delivery.id) == .accepted)
            try await store.evaluateAll()
        }
    }

    @Test(arguments: StoreMaker.all)
    func anEntryThatCouldNotBeReadAgainIsRefused(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            func entry(_ textBytes: Int) -> LogEntry.Change {
                .ruleSet(hash: "h", text: String(repeating: "x", count: textBytes))
            }
            let longest = LogEntry.Change.payloadBytesMax - entry(0).payload.count
            try await store.append(entry(longest), at: noon)
            let error = await #expect(throws: StoreError.self) { try await store.append(entry(longest + 1), at: noon) }
            guard case .notAllowed = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let entries = try await store.unevaluated(limit: 10)
            #expect(entries.count == 1)
            guard case .ruleSet(_, let text) = entries.first?.change else {
                Issue.record("no rule set in the log")
                return
            }
            #expect(text.utf8.count == longest)
        }
    }

    @Test(arguments: StoreMaker.all)
    func bodiesMayBeLeftOut(maker: StoreMaker) async throws {
        var options = StoreOptions.forTests
        options.storesBodies = false
        try await maker.withStore(options: options) { store in
            let id = try await store.append(EventMaker.event("log-1")).id
            #expect(try await store.body(ofEvent: id) == nil)
            #expect(try #require(try await store.event(id)).bodyBytes > 0)
        }
    }

    @Test(arguments: StoreMaker.all)
    func aClosedStoreSaysSo(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            await store.close()
            await #expect(throws: StoreError.closed) { try await store.append(EventMaker.event("log-1")) }
            await #expect(throws: StoreError.closed) { try await store.unevaluated(limit: 1) }
            await #expect(throws: StoreError.closed) { try await store.status(now: noon) }
            await #expect(throws: StoreError.closed) { try await store.prune(Retention(), now: noon) }
            await store.close()
        }
    }
}
