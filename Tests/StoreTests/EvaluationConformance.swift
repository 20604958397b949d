import Events
import Mail
import Rules
import Store
import TestSupport
import Testing

@Suite("Evaluating: every store", .timeLimit(.minutes(2)))
struct EvaluationConformance {
    @Test(arguments: StoreMaker.all)
    func anEmptyStoreStandsAtTheBeginning(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let state = try await store.evaluatorState()
            #expect(state.cursor == 0)
            #expect(state.at == nil)
            #expect(state.rows.isEmpty)
            #expect(try await store.unevaluated(limit: 10).isEmpty)
        }
    }

    @Test(arguments: StoreMaker.all)
    func mailsAreDueAtOnceAlsoWhenLogTimeRunsAhead(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let cases = [
                ("1-0", Evaluation(at: noon + 900, now: noon), noon), ("2-0", Evaluation(at: noon + 900), noon + 900),
                ("3-0", Evaluation(at: noon + 900, now: noon + 999), noon + 900),
            ]
            for (cursor, (id, evaluation, due)) in cases.enumerated() {
                let event = try await store.append(EventMaker.event(id, receivedAt: noon + 900)).id
                let notification = try NotificationMaker.notification(id, event: event, at: noon + 900)
                var evaluation = evaluation
                evaluation.positions = [(try await store.unevaluated(limit: 1)[0].row, Int64(cursor) + 1)]
                evaluation.notifications = [NotificationMaker.queued(notification)]
                let made = try await store.commit(evaluation, expecting: Int64(cursor))
                let record = try #require(try await store.delivery(made[0].id)?.record)
                #expect(record.nextAttemptAt == due)
                #expect(record.createdAt == noon + 900)
                #expect(made[0].ageFrom == noon + 900)
            }
            #expect(try await store.lease(limit: 9, now: noon, until: noon + 60).map(\.notification.id) == ["1-0"])
        }
    }

    @Test(arguments: StoreMaker.all)
    func contentOfANotificationIsKept(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let event = try await store.append(EventMaker.event("log-1")).id
            let content = ShownContent(
                wanted: [ContentPath(.prompt), try ContentPath(parsing: "variables.a")], body: .read,
                excerpts: [.init(path: ContentPath(.prompt), text: "a\n\"b\" \u{202E}漢", scalarsLeft: 3)])
            let notification = try NotificationMaker.notification("1-0", event: event).showing(content)
            var evaluation = Evaluation(at: noon)
            evaluation.positions = [(try await store.unevaluated(limit: 1)[0].row, 1)]
            evaluation.notifications = [NotificationMaker.queued(notification)]
            _ = try await store.commit(evaluation, expecting: 0)
            let leased = try await store.lease(limit: 1, now: noon, until: noon + 60)
            #expect(leased.first?.notification.figures.content == content)
            #expect(try await store.deliveries(ofNotification: "1-0")[0].notification.figures.content == content)
        }
    }

    @Test(arguments: StoreMaker.all)
    func commitTakesOverEverything(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let event = try await store.append(EventMaker.event("log-1")).id
            try await store.append(.clock, at: noon + 1)
            let pending = try await store.unevaluated(limit: 10)
            let notification = try NotificationMaker.notification(
                "1-0", event: event, recipients: ["a@example.com", "b@example.com"])
            var evaluation = Evaluation(at: noon + 1)
            evaluation.positions = [(pending[0].row, 1), (pending[1].row, 2)]
            evaluation.decisions = [
                decision(1, event: event, rule: "b", group: "z", .suppressed(.throttled)),
                decision(1, event: event, rule: "b", group: nil, .notified("1-0")),
                decision(1, event: event, rule: "b", group: "", .faulted("no such fact")),
                decision(1, event: event, rule: "a", group: nil, .notified("1-0")),
                decision(2, event: nil, rule: "a", group: nil, .suppressed(.throttled)),
            ]
            evaluation.notifications = [NotificationMaker.queued(notification)]
            evaluation.stateChanges = [
                EngineStateRow(key: "throttle/b", value: [1, 0, 2]), EngineStateRow(key: "throttle/a", value: []),
            ]
            let made = try await store.commit(evaluation, expecting: 0)

            #expect(made.map(\.recipient) == ["a@example.com", "b@example.com"])
            #expect(made.allSatisfy { $0.state == .queued && $0.attempts == 0 && $0.message == nil })
            #expect(try await store.unevaluated(limit: 10).isEmpty)
            let state = try await store.evaluatorState()
            #expect(state.cursor == 2)
            #expect(state.at == noon + 1)
            #expect(
                state.rows == [
                    EngineStateRow(key: "throttle/a", value: []), EngineStateRow(key: "throttle/b", value: [1, 0, 2]),
                ]
            )
            #expect(try await store.event(event)?.position == 1)
            let decisions = try await store.decisions(aboutEvent: event)
            #expect(decisions.map(\.rule) == ["a", "b", "b", "b"])
            #expect(Set(decisions.map(\.group)) == [nil, "", "z"])
            #expect(decisions[0].outcome == .notified("1-0"))
            #expect(decisions.contains { $0.outcome == .faulted("no such fact") })
            #expect(decisions.contains { $0.outcome == .suppressed(.throttled) && $0.group == "z" })
            let listed = try await store.deliveries(ofNotification: "1-0")
            #expect(listed.map(\.recipient) == ["a@example.com", "b@example.com"])
        }
    }

    @Test(arguments: StoreMaker.all)
    func onlyEvaluatedEntriesAreReadAgain(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            try await store.append(EventMaker.event("log-1"))
            try await store.append(.clock, at: noon + 1)
            #expect(try await store.entries(after: 0, limit: 9).isEmpty)
            try await store.evaluateAll()
            try await store.append(EventMaker.event("log-2"))
            #expect(try await store.entries(after: 0, limit: 9).map(\.position) == [1, 2])
            #expect(try await store.entries(after: 1, limit: 9).map(\.change.kind) == ["clock"])
            #expect(try await store.entries(after: 0, limit: 1).map(\.position) == [1])
        }
    }

    @Test(arguments: StoreMaker.all)
    func stateRowsAreReplacedAndRemoved(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            var first = Evaluation(at: noon)
            first.stateChanges = [
                EngineStateRow(key: "k\u{0}1", value: [1]), EngineStateRow(key: "k\u{0}2", value: [2]),
            ]
            _ = try await store.commit(first, expecting: 0)
            var second = Evaluation(at: noon)
            second.stateChanges = [
                EngineStateRow(key: "k\u{0}1", value: nil), EngineStateRow(key: "k\u{0}2", value: [3]),
            ]
            _ = try await store.commit(second, expecting: 0)
            #expect(try await store.evaluatorState().rows == [EngineStateRow(key: "k\u{0}2", value: [3])])
        }
    }

    @Test(arguments: StoreMaker.all)
    func aMovedCursorIsAConflict(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            try await store.append(EventMaker.event("log-1"))
            let pending = try await store.unevaluated(limit: 10)
            var evaluation = Evaluation(at: noon)
            evaluation.positions = [(pending[0].row, 1)]
            _ = try await store.commit(evaluation, expecting: 0)
            await #expect(throws: StoreError.conflict(expected: 0, found: 1)) {
                _ = try await store.commit(evaluation, expecting: 0)
            }
        }
    }

    @Test(arguments: StoreMaker.all)
    func aCommitThatContradictsItselfChangesNothing(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let event = try await store.append(EventMaker.event("log-1")).id
            try await store.append(EventMaker.event("log-2"))
            let rows = try await store.unevaluated(limit: 10).map(\.row)
            let notification = NotificationMaker.queued(try NotificationMaker.notification("1-0", event: event))
            let twice = decision(1, event: event, rule: "a", group: "g", .notified("1-0"))
            let wrong: [(inout Evaluation) -> Void] = [
                { $0.positions = [(rows[0], 2)] },
                { $0.positions = [(rows[0], 1), (rows[1], 3)] },
                { $0.positions = [(rows[0], 1), (rows[0], 2)] },
                { $0.positions = [(rows[0], 1), (rows[1] + 100, 2)] },
                { $0.positions = [(rows[0], 1), (rows[1], 2), (rows[1] + 1, 3)] },
                { $0.positions = [(rows[1], 1)] },
                { $0.positions = [(rows[1], 1), (rows[0], 2)] },
                { $0.decisions = [twice, twice] },
                { $0.notifications = [notification, notification] },
                { $0.notifications[0].deliveries += $0.notifications[0].deliveries },
                { $0.stateChanges = [EngineStateRow(key: String(repeating: "k", count: 513), value: [])] },
            ]
            for spoil in wrong {
                var evaluation = Evaluation(at: noon)
                evaluation.positions = [(rows[0], 1)]
                evaluation.notifications = [notification]
                evaluation.decisions = [twice]
                evaluation.stateChanges = [EngineStateRow(key: "throttle/a", value: [1])]
                spoil(&evaluation)
                let error = await #expect(throws: StoreError.self) {
                    _ = try await store.commit(evaluation, expecting: 0)
                }
                guard case .notAllowed = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
                let state = try await store.evaluatorState()
                #expect(state.cursor == 0)
                #expect(state.at == nil)
                #expect(state.rows.isEmpty)
                #expect(try await store.unevaluated(limit: 10).map(\.row) == rows)
                #expect(try await store.decisions(aboutEvent: event).isEmpty)
                #expect(try await store.deliveries(state: nil, before: nil, limit: 10).isEmpty)
            }
        }
    }

    @Test(arguments: StoreMaker.all)
    func nothingIsDecidedOrMadeTwiceAcrossCommits(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let event = try await store.append(EventMaker.event("log-1")).id
            let notification = NotificationMaker.queued(try NotificationMaker.notification("1-0", event: event))
            let made = decision(1, event: event, rule: "a", group: nil, .notified("1-0"))
            try await store.evaluateAll([notification], decisions: [made])
            for wrong in [([notification], []), ([], [made])] as [([NewNotification], [Decision])] {
                let error = await #expect(throws: StoreError.self) {
                    try await store.evaluateAll(wrong.0, decisions: wrong.1)
                }
                guard case .notAllowed = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
            #expect(try await store.deliveries(state: nil, before: nil, limit: 10).count == 1)
        }
    }

    @Test(arguments: StoreMaker.all)
    func aStartedDeliveryIsBornSending(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let event = try await store.append(EventMaker.event("log-1")).id
            let message = try NotificationMaker.message()
            let notification = try NotificationMaker.notification(
                "1-0", event: event, recipients: ["llm@example.com", "later@example.com"])
            let start = NewDelivery.Start(message: message, templateFault: "no such file", leaseUntil: noon + 60)
            let new = NewNotification(
                notification: notification,
                deliveries: [
                    NewDelivery(recipient: "llm@example.com", start: start),
                    NewDelivery(recipient: "later@example.com", start: nil),
                ]
            )
            let made = try await store.evaluateAll([new])
            #expect(made.map(\.state) == [.sending, .queued])
            #expect(made[0].message == message)
            #expect(made[0].attempts == 0)
            let detail = try #require(try await store.delivery(made[0].id))
            #expect(detail.message == message)
            #expect(detail.record.state == .sending)
            #expect(detail.record.attempts == 1)
            #expect(detail.record.templateFault == "no such file")
            #expect(detail.attempts == [AttemptRecord(ordinal: 1, startedAt: noon, endedAt: nil, reply: nil)])
            // Only the other one can be leased, and the started one can be settled at once.
            #expect(try await store.lease(limit: 10, now: noon, until: noon + 60).map(\.id) == [made[1].id])
            try await store.settle(made[0].id, .accepted, at: noon + 1)
            #expect(try await store.state(of: made[0].id) == .accepted)
        }
    }

    private func decision(
        _ position: LogPosition, event: Int64?, rule: String, group: String?, _ outcome: Decision.Outcome
    ) -> Decision {
        Decision(position: position, at: noon, event: event, rule: rule, group: group, outcome: outcome)
    }
}
