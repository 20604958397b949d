import Bridge
import Synchronization
import Testing

/// Whoever waits for the store waits for a limited time, and the store's work goes on.
@Suite(.timeLimit(.minutes(1)))
struct PatienceTests {
    @Test func theValueIsHandedOn() async throws {
        let patience = Patience(.seconds(30))
        for number in 0..<100 {
            let value = try await patience.wait {
                if number % 2 == 0 { await Task.yield() }
                return number
            }
            #expect(value == number)
        }
    }

    @Test func theErrorIsHandedOn() async {
        struct Refused: Error {}
        let patience = Patience(.seconds(30))
        await #expect(throws: Refused.self) { try await patience.wait { throw Refused() } }
    }

    @Test func patienceEndsBeforeTheWorkAndTheWorkGoesOn() async throws {
        let patience = Patience(.milliseconds(50))
        let (ends, end) = AsyncStream<Void>.makeStream()
        let (ended, note) = AsyncStream<Void>.makeStream()
        await #expect(throws: PatienceLost.self) {
            try await patience.wait {
                for await _ in ends { break }
                note.yield()
            }
        }
        end.yield()
        var endings = ended.makeAsyncIterator()
        #expect(await endings.next() != nil)
    }

    @Test func everyOneOfManyIsEndedAlsoAfterAPauseWithoutAny() async throws {
        let patience = Patience(.milliseconds(50))
        for _ in 0..<2 {
            let lost = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        do {
                            try await patience.wait { try await Task.sleep(for: .seconds(5)) }
                            return false
                        } catch {
                            return error is PatienceLost
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(lost == 50)
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
