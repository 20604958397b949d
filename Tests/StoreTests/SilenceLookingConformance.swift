import Events
import Rules
import Store
import TestSupport
import Testing

/// What the list of silences asks of a store.
@Suite("Looking at silences: every store", .timeLimit(.minutes(2)))
struct SilenceLookingConformance {
    @Test(arguments: StoreMaker.all)
    func actionsOnSilencesAreFoundBehindAPosition(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let silence = try Silence.make(
                id: "abc234", condition: "true", until: noon + 3_600, author: "ann", reason: "", at: noon)
            #expect(try await store.silenceChanges(after: 0).isEmpty)
            try await store.append(.operatorAction(.silenceAdded(silence)), at: noon)
            try await store.append(EventMaker.event("log-1"))
            try await store.append(.operatorAction(.retry(delivery: 3)), at: noon + 1)
            try await store.append(.operatorAction(.silenceEnded(id: "abc234")), at: noon + 2)
            let all = [
                SilenceChange(at: noon, effect: .action(.silenceAdded(silence))),
                SilenceChange(at: noon + 2, effect: .action(.silenceEnded(id: "abc234"))),
            ]
            #expect(try await store.silenceChanges(after: 0) == all)
            var evaluation = Evaluation(at: noon + 2)
            evaluation.positions = try await store.unevaluated(limit: 10).enumerated().map { ($1.row, Int64($0) + 1) }
            _ = try await store.commit(evaluation, expecting: 0)
            #expect(try await store.silenceChanges(after: 0) == all)
            #expect(try await store.silenceChanges(after: 1) == Array(all.dropFirst()))
            #expect(try await store.silenceChanges(after: 4).isEmpty)
        }
    }
}
