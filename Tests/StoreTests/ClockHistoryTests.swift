import Events
import TestSupport
import Testing

@testable import Store

/// What an instant that somebody read is by the clock as it is now.
struct ClockHistoryTests {
    private static func reading(_ wall: Int, _ elapsed: Int) -> ClockReading {
        ClockReading(wall: noon + wall, elapsed: .seconds(elapsed))
    }

    @Test func withoutAStepAnInstantIsItselfAndNeverAfterNow() {
        var history = ClockHistory(Self.reading(0, 0))
        #expect(history.look(at: Self.reading(100, 100)) == nil)
        #expect(history.present(noon + 100) == noon + 100)
        #expect(history.present(noon + -5_000) == noon + -5_000)
        // Set back by less than counts.
        #expect(history.look(at: Self.reading(80, 110)) == nil)
        #expect(history.present(noon + 100) == noon + 80)
        #expect(history.present(noon + 9_000) == noon + 80)
    }

    @Test(arguments: [-86_400, -180, 61, 86_400])
    func whatWasReadBeforeAStepMovesWithItAndNothingElse(step: Int) {
        var history = ClockHistory(Self.reading(0, 0))
        #expect(history.look(at: Self.reading(95, 95)) == nil)
        #expect(history.look(at: Self.reading(100 + step, 100))?.by == .seconds(step))
        #expect(history.present(noon + 99) == noon + (99 + step))
        #expect(history.present(noon + 100) == noon + (100 + step))
        #expect(history.present(noon + (100 + step)) == noon + (100 + step))
        // The clock was set some time after the look before, and may have been read since then.
        #expect(history.present(noon + (96 + step)) == noon + (96 + step))
        #expect(history.look(at: Self.reading(110 + step, 110)) == nil)
        #expect(history.present(noon + (105 + step)) == noon + (105 + step))
        #expect(history.present(noon + 99) == noon + (99 + step))
    }

    /// A step back is followed by a little drift: what is read then is ahead of the clock by that, and not a day old.
    @Test func aLittleDriftIsNotTakenForAStepOfOnce() {
        var history = ClockHistory(Self.reading(0, 0))
        #expect(history.look(at: Self.reading(100 - 86_400, 100)) != nil)
        #expect(history.look(at: Self.reading(195 - 86_400, 200)) == nil)
        #expect(history.present(noon + (200 - 86_400)) == noon + (195 - 86_400))
    }

    @Test func severalStepsAddUp() {
        var history = ClockHistory(Self.reading(0, 0))
        for count in 1...20 {
            #expect(history.look(at: Self.reading(10 * count + 1_000 * count, 10 * count))?.by == .seconds(1_000))
        }
        let now = 200 + 20_000
        #expect(history.present(noon + now) == noon + now)
        for steps in 1...ClockHistory.stepsMax {
            // Read five seconds before the first of them.
            let ago = 10 * (steps - 1) + 5
            #expect(history.present(noon + (now - 1_000 * steps - ago)) == noon + (now - ago))
        }
    }

    /// A log that ends ahead of the clock was written by an earlier process: nobody who calls has read that clock.
    @Test func aStepBeforeTheStartMovesNothing() {
        var history = ClockHistory(Self.reading(0, 0), logEnd: noon + 86_400)
        #expect(history.look(at: Self.reading(10, 10))?.by == .seconds(10 - 86_410))
        #expect(history.present(noon + -1) == noon + -1)
        #expect(history.present(noon + 5) == noon + 5)
        #expect(history.look(at: Self.reading(20, 20)) == nil)
    }
}
