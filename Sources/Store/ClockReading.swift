package import Events

/// What two clocks show at one moment.
package struct ClockReading: Sendable, Equatable {
    /// The wall clock, which may be set.
    package let wall: Timestamp
    /// How long the machine has run, by a clock that nobody sets and that goes on while the machine is suspended.
    package let elapsed: Duration

    package init(wall: Timestamp, elapsed: Duration) {
        self.wall = wall
        self.elapsed = elapsed
    }

    /// By how much the wall clock was set between an earlier reading and this one: 0 where it just went on.
    package func step(since earlier: ClockReading) -> Duration {
        (wall - earlier.wall) - (elapsed - earlier.elapsed)
    }
}

/// That the wall clock was set, as a reading shows it.
struct ClockStep: Sendable {
    /// The clocks after it.
    let reading: ClockReading
    /// How far the wall clock went forward; negative where it was set back.
    let by: Duration
}
