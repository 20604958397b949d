import Events
import Mail
import Store
import TestSupport
import Testing

@Suite("Many tasks at once: every store", .timeLimit(.minutes(3)))
struct ConcurrencyConformance {
    @Test(arguments: StoreMaker.all)
    func everyAppendIsStoredOnce(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let appended = try await withThrowingTaskGroup(of: [Appended].self) { group in
                for task in 0..<100 {
                    group.addTask {
                        // Each id is sent by two tasks.
                        try await store.append(EventMaker.events("[\(EventMaker.body("log-\(task / 2)"))]"))
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let stored = appended.filter { if case .stored = $0 { true } else { false } }
            #expect(stored.count == 50)
            #expect(Set(appended.map(\.id)).count == 50)
            #expect(try await store.status(now: noon).events == 50)
            let entries = try await store.unevaluated(limit: 100)
            #expect(Set(entries.map(\.row)).count == 50)
        }
    }

    @Test(arguments: StoreMaker.all)
    func noDeliveryIsLeasedTwice(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let recipients = (0..<100).map { "r\($0)@example.com" }
            let made = try await store.queueMails(recipients: recipients)
            let leased = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for task in 0..<100 {
                    group.addTask {
                        if task % 2 == 0 { try await store.append(EventMaker.event("log-\(task)")) }
                        return try await store.lease(limit: 3, now: noon, until: noon + 60).map(\.id)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(leased.count == 100)
            #expect(Set(leased) == Set(made.map(\.id)))
        }
    }

    @Test(arguments: StoreMaker.all)
    func oneOfManyEvaluatorsWins(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            try await store.append(EventMaker.event("log-1"))
            let row = try #require(try await store.unevaluated(limit: 1).first).row
            let wins = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        var evaluation = Evaluation(at: noon)
                        evaluation.positions = [(row, 1)]
                        do {
                            _ = try await store.commit(evaluation, expecting: 0)
                            return true
                        } catch {
                            return (error as? StoreError) != .conflict(expected: 0, found: 1)
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(wins == 1)
        }
    }

    @Test(arguments: StoreMaker.all)
    func aRefusedCallTakesNoOtherWithIt(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let message = try NotificationMaker.message()
            let stored = await withTaskGroup(of: Bool.self) { group in
                for task in 0..<100 {
                    group.addTask {
                        do {
                            guard task % 2 == 0 else {
                                let start = AttemptStart(delivery: 99, at: noon, composed: message, templateFault: nil)
                                try await store.begin([start])
                                return false
                            }
                            try await store.append(EventMaker.event("log-\(task)"))
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(stored == 50)
            #expect(try await store.status(now: noon).events == 50)
        }
    }
}
