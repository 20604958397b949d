import Events
import Foundation
import TestSupport
import Testing

@testable import Store

/// What was made on one thread is let go of there, and not much later.
@Suite(.timeLimit(.minutes(1)))
struct RetiredTests {
    /// Something whose end can be seen.
    private final class Thing: Sendable {}

    @Test func whatIsKeptGoesWhenItIsLetGo() {
        let retired = Retired<Thing>()
        weak var gone: Thing?
        do {
            let thing = Thing()
            gone = thing
            retired.keep([thing])
        }
        #expect(gone != nil)
        retired.letGo()
        #expect(gone == nil)
    }

    @Test func notMoreThanTheLimitIsKept() {
        let retired = Retired<Thing>()
        retired.keep((0..<Retired<Thing>.elementsMax).map { _ in Thing() })
        weak var gone: Thing?
        do {
            let thing = Thing()
            gone = thing
            retired.keep([thing])
        }
        #expect(gone == nil)
    }

    /// Where no caller comes, the writer lets go of a small request itself.
    @Test(arguments: [true, false]) func aRequestIsLetGoOfAlsoWhenNobodyComes(isSmall: Bool) async throws {
        let fixture = try SQLiteFixture()
        try await fixture.withStore { store in
            weak var gone: Thing?
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let thing = Thing()
                gone = thing
                store.writer.submit(isSmall: isSmall, { _ in }, committed: nil) { result in
                    withExtendedLifetime(thing) {}
                    continuation.resume(with: result.mapError { $0 })
                }
            }
            while gone != nil { try await Task.sleep(for: .milliseconds(5)) }
        }
    }
}
