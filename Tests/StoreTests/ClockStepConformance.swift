import Events
import Rules
import Store
import TestSupport
import Testing

/// A wall clock that is set while a store is open, or while it was not.
@Suite("A clock that is set: every store", .timeLimit(.minutes(2)))
struct ClockStepConformance {
    private static let day = 86_400

    private static func words(_ entries: [PendingEntry]) -> [String] {
        entries.map { entry in
            let at = (entry.at - noon).components.seconds
            if case .clockStep(let step) = entry.change { return "step \(step.components.seconds) at \(at)" }
            return "\(entry.change.kind) at \(at)"
        }
    }

    @Test(arguments: StoreMaker.all, [-day, -61, 61, day])
    func theStepStandsBeforeWhatIsWrittenNext(maker: StoreMaker, step: Int) async throws {
        let clocks = SetClock()
        try await maker.withStore(options: clocks.options) { store in
            try await store.append(EventMaker.event("a", receivedAt: noon))
            clocks.advance(30)
            clocks.set(by: step)
            try await store.append(EventMaker.event("b", receivedAt: noon + 30 + step))
            clocks.advance(10)
            try await store.append(.clock, at: noon + 40 + step)
            #expect(
                Self.words(try await store.unevaluated(limit: 9)) == [
                    "event at 0", "step \(step) at \(30 + step)", "event at \(30 + step)", "clock at \(40 + step)",
                ])
            try await store.evaluateAll()
            #expect(try await store.evaluatorState().at == noon + 40 + step)
            // Its cursor stands at a lower time than entries before it had: the next entry follows the cursor.
            clocks.advance(1)
            try await store.append(.clock, at: noon + 41 + step)
            #expect(Self.words(try await store.unevaluated(limit: 9)) == ["clock at \(41 + step)"])
        }
    }

    @Test(arguments: StoreMaker.all, [-60, 60])
    func aSmallStepIsNone(maker: StoreMaker, step: Int) async throws {
        let clocks = SetClock()
        try await maker.withStore(options: clocks.options) { store in
            try await store.append(.clock, at: noon)
            clocks.set(by: step)
            #expect(try await store.noteClock() == false)
            try await store.append(.clock, at: noon + step)
            #expect(Self.words(try await store.unevaluated(limit: 9)) == ["clock at 0", "clock at \(max(0, step))"])
            // One more of them is more than counts.
            clocks.set(by: step)
            #expect(try await store.noteClock())
            let last = try #require(try await store.unevaluated(limit: 9).last)
            #expect(Self.words([last]) == ["step \(2 * step) at \(step < 0 ? 2 * step : 3 * step)"])
            #expect(try await store.noteClock() == false)
        }
    }

    @Test(arguments: StoreMaker.all)
    func timeThatPassesIsNoStep(maker: StoreMaker) async throws {
        let clocks = SetClock()
        try await maker.withStore(options: clocks.options) { store in
            try await store.append(.clock, at: noon)
            clocks.advance(30 * Self.day)
            #expect(try await store.noteClock() == false)
            try await store.append(.clock, at: noon + 30 * Self.day)
            #expect(Self.words(try await store.unevaluated(limit: 9)).count == 2)
        }
    }

    /// Read before the clock was set back and written after: it must not carry log time ahead again.
    @Test(arguments: StoreMaker.all)
    func whatWasReceivedByTheOldClockStandsAtTheNewOne(maker: StoreMaker) async throws {
        let clocks = SetClock()
        try await maker.withStore(options: clocks.options) { store in
            clocks.set(by: -Self.day)
            try await store.append(EventMaker.event("a", receivedAt: noon))
            try await store.append(.clock, at: noon)
            #expect(
                Self.words(try await store.unevaluated(limit: 9)) == [
                    "step \(-Self.day) at \(-Self.day)", "event at \(-Self.day)", "clock at \(-Self.day)",
                ])
        }
    }

    @Test(arguments: StoreMaker.all, [-day, day])
    func waitingMailsMoveWithTheClock(maker: StoreMaker, step: Int) async throws {
        let clocks = SetClock()
        try await maker.withStore(options: clocks.options) { store in
            let made = try await store.queueMails("1-0", recipients: ["a@example.com", "b@example.com"])
            let leased = try await store.leaseAndBegin(now: noon)
            #expect(leased.count == 2)
            try await store.settle(leased[0].id, .retry(at: noon + 600), at: noon)
            clocks.set(by: step)
            #expect(try await store.noteClock())
            let waiting = try #require(try await store.delivery(made[0].id)).record
            #expect(waiting.nextAttemptAt == noon + 600 + step)
            #expect(waiting.createdAt == noon + step)
            clocks.advance(599)
            #expect(try await store.lease(limit: 9, now: noon + 599 + step, until: noon + 700 + step).isEmpty)
            clocks.advance(1)
            let again = try await store.lease(limit: 9, now: noon + 600 + step, until: noon + 700 + step)
            #expect(again.map(\.ageFrom) == [noon + step])
            // The other one's lease ends when it would have.
            #expect(try await store.rescueLeases(now: noon + 60 + step, all: false).rescued == 0)
            #expect(try await store.rescueLeases(now: noon + 61 + step, all: false).rescued == 1)
        }
    }

    @Test(arguments: StoreMaker.all, [-400 * day, 400 * day])
    func whatIsKeptAgesByTimeThatPasses(maker: StoreMaker, step: Int) async throws {
        let clocks = SetClock()
        try await maker.withStore(options: clocks.options) { store in
            let made = try await store.queueMails("1-0")
            let leased = try await store.leaseAndBegin(now: noon)
            try await store.settle(leased[0].id, .accepted, at: noon)
            clocks.set(by: step)
            #expect(try await store.noteClock())
            clocks.advance(6 * Self.day)
            let young = try await store.prune(Retention(), now: noon + step + 6 * Self.day)
            #expect(young == PruneReport(bodies: 0, events: 0, mails: 0))
            #expect(try await store.delivery(made[0].id) != nil)
            try await store.evaluateAll()
            clocks.advance(85 * Self.day)
            let old = try await store.prune(Retention(), now: noon + step + 91 * Self.day)
            #expect(old.bodies + old.events == 2 && old.mails == 1)
            // The log went with its step; what comes next has its time from the cursor.
            try await store.append(.clock, at: noon)
            #expect(Self.words(try await store.unevaluated(limit: 9)) == ["clock at \(step)"])
        }
    }

    @Test(arguments: StoreMaker.all)
    func aDigestKeyIsKnownForADay(maker: StoreMaker) async throws {
        let clocks = SetClock()
        try await maker.withStore(options: clocks.options) { store in
            func event(at: Timestamp) throws -> VerifiedEvent {
                try EventMaker.events(#"{"status_code":500}"#, receivedAt: at)[0]
            }
            let first = try await store.append(event(at: noon))
            clocks.set(by: 2 * Self.day)
            #expect(try await store.append(event(at: noon + 2 * Self.day)) == .duplicate(first.id))
            clocks.advance(Self.day)
            let later = try await store.append(event(at: noon + 3 * Self.day))
            #expect(later == .stored(later.id))
        }
    }

    @Test func anEmptyLogIsNotAheadOfTheClock() async throws {
        let clocks = SetClock()
        try await StoreMaker.sqlite.withStore(options: clocks.options) { store in
            #expect(try await store.noteClock() == false)
            try await store.append(.clock, at: noon)
            #expect(Self.words(try await store.unevaluated(limit: 9)) == ["clock at 0"])
        }
    }

    @Test func aClockSetBackWhileNothingRanIsNoticedAtTheNextStart() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/hookmail.db"
        let clocks = SetClock()
        let before = try SQLiteStore.open(path: path, options: clocks.options)
        try await before.append(.clock, at: noon)
        try await before.evaluateAll()
        await before.close()
        clocks.set(by: -Self.day)
        let after = try SQLiteStore.open(path: path, options: clocks.options)
        #expect(try await after.noteClock())
        #expect(
            Self.words(try await after.unevaluated(limit: 9)) == ["step \(-Self.day) at \(-Self.day)"])
        await after.close()
        // And once is enough.
        let last = try SQLiteStore.open(path: path, options: clocks.options)
        #expect(try await last.noteClock() == false)
        await last.close()
        withExtendedLifetime(folder) {}
    }
}
