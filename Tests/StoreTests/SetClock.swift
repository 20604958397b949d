import Events
import Store
import Synchronization

/// Two clocks that move when the test says so, from `noon`.
final class SetClock: Sendable {
    private struct State {
        var reading = ClockReading(wall: noon, elapsed: .zero)
        /// The wall clock is set by so many seconds once somebody has looked so many times.
        var coming: (looks: Int, seconds: Int)?

        mutating func set(by seconds: Int) {
            reading = ClockReading(wall: reading.wall + seconds, elapsed: reading.elapsed)
        }
    }

    private let state = Mutex(State())

    /// Options of a store that goes by these clocks.
    var options: StoreOptions { StoreOptions(freeBytes: { .max }, clock: { self.look() }) }

    /// What the wall clock shows.
    var now: Timestamp { state.withLock { $0.reading.wall } }

    /// Lets time pass.
    func advance(_ seconds: Int) {
        state.withLock {
            $0.reading = ClockReading(
                wall: $0.reading.wall + seconds, elapsed: $0.reading.elapsed + .seconds(seconds))
        }
    }

    /// Sets the wall clock.
    func set(by seconds: Int) {
        state.withLock { $0.set(by: seconds) }
    }

    /// Sets the wall clock just before the store looks at it for the `looks`th time from now.
    func set(by seconds: Int, atLook looks: Int) {
        state.withLock { $0.coming = (looks: looks, seconds: seconds) }
    }

    private func look() -> ClockReading {
        state.withLock { state in
            if let (looks, seconds) = state.coming {
                state.coming = looks > 1 ? (looks: looks - 1, seconds: seconds) : nil
                if looks == 1 { state.set(by: seconds) }
            }
            return state.reading
        }
    }
}
