import Events
import Store
import TestSupport
import Testing

/// What parts of the bridge remember: every store.
@Suite("Memos: every store", .timeLimit(.minutes(2))) struct MemoConformance {
    @Test(arguments: StoreMaker.all) func theLastOneKeptIsTheOne(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            #expect(try await store.memo(.operators) == nil)
            try await store.keep([1, 2, 0, 255], as: .operators, now: noon)
            #expect(try await store.memo(.operators) == Memo(content: [1, 2, 0, 255], clockStep: .zero))
            try await store.keep([], as: .operators, now: noon + 60)
            #expect(try await store.memo(.operators) == Memo(content: [], clockStep: .zero))
        }
    }

    @Test(arguments: StoreMaker.all) func oneThatIsTooLongChangesNothing(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            try await store.keep([7], as: .operators, now: noon)
            let long = [UInt8](repeating: 7, count: Memo.contentBytesMax + 1)
            await #expect(throws: StoreError.self) { try await store.keep(long, as: .operators, now: noon) }
            #expect(try await store.memo(.operators)?.content == [7])
            try await store.keep(Array(long.dropLast()), as: .operators, now: noon)
            #expect(try await store.memo(.operators)?.content.count == Memo.contentBytesMax)
        }
    }

    /// Instants in it are found again, whatever the clock was set by since.
    @Test(arguments: StoreMaker.all) func itKnowsHowFarTheClockWasSetSince(maker: StoreMaker) async throws {
        let clock = SetClock()
        try await maker.withStore(options: clock.options) { store in
            _ = try await store.append(EventMaker.event("log-1", receivedAt: clock.now))
            try await store.keep([1], as: .operators, now: clock.now)
            for (step, all) in [(-86_400, -86_400), (7_200, -79_200)] {
                clock.set(by: step)
                #expect(try await store.noteClock())
                #expect(try await store.memo(.operators)?.clockStep == .seconds(all))
            }
            // Kept by a caller that read the clock before it was set.
            let before = clock.now
            clock.set(by: 3_600)
            try await store.keep([2], as: .operators, now: before)
            #expect(try await store.memo(.operators) == Memo(content: [2], clockStep: .seconds(3_600)))
            try await store.keep([3], as: .operators, now: clock.now)
            #expect(try await store.memo(.operators) == Memo(content: [3], clockStep: .zero))
        }
    }

    @Test(arguments: StoreMaker.all) func aClosedStoreHasNone(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            await store.close()
            await #expect(throws: StoreError.closed) { try await store.keep([1], as: .operators, now: noon) }
            await #expect(throws: StoreError.closed) { try await store.memo(.operators) }
        }
    }
}
