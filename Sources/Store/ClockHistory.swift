import Events

/// How the wall clock was set since a store was opened: says what an instant that a caller read from it is by the clock
/// as it is now.
///
/// A caller reads the clock first and waits for its transaction then. Where the clock is set in between, the instant is
/// of a clock that no longer is, and what is stored has moved.
struct ClockHistory: Sendable {
    /// The most steps remembered: no call waits for longer than the last few.
    static let stepsMax = 8

    /// A step, and which instants a caller can have read on either side of it.
    private struct Step {
        /// The earliest that the clock can have shown after it.
        let start: Timestamp
        /// What the clock would show now, had it not been set.
        let end: Timestamp
        let by: Duration
    }

    private var watch: StepWatch
    /// What the clocks showed when somebody last looked.
    private var seen: ClockReading
    /// The oldest first.
    private var steps: [Step] = []
    /// Whether the log ended ahead of the clock at the start. That step is older than every caller.
    private var isBehindLog: Bool

    /// - Parameter logEnd: The time of the last log entry, as `StepWatch` takes it.
    init(_ reading: ClockReading, logEnd: Timestamp? = nil) {
        watch = StepWatch(reading, logEnd: logEnd)
        seen = reading
        isBehindLog = watch.step(at: reading) != nil
    }

    /// How the clock was set since the last look, or `nil`.
    func step(at reading: ClockReading) -> ClockStep? {
        watch.step(at: reading).map { ClockStep(reading: reading, by: $0) }
    }

    /// Looks at the clocks and goes by them from here on. Returns how the clock was set since the last look, or `nil`.
    mutating func look(at reading: ClockReading) -> ClockStep? {
        let unseen = reading.elapsed - seen.elapsed
        seen = reading
        guard let step = step(at: reading) else { return nil }
        watch.follow(reading)
        guard !isBehindLog else {
            isBehindLog = false
            return step
        }
        steps.append(
            Step(
                start: reading.wall.advanced(by: .zero - unseen), end: reading.wall.advanced(by: .zero - step.by),
                by: step.by))
        if steps.count > Self.stepsMax { steps.removeFirst() }
        return step
    }

    /// The instant, which a caller read as the present, by the clock as it is now; never after now.
    ///
    /// A clock that was set back shows some instants twice. The later time is taken: a call waits for moments, and
    /// would have to wait for as long as the whole step to be mistaken.
    func present(_ instant: Timestamp) -> Timestamp {
        var moved = instant
        // Less than a minute is no step.
        var end = seen.wall.advanced(by: .seconds(StepWatch.ignoredSecondsMax))
        for step in steps.reversed() {
            if instant >= step.start, instant <= end { return min(moved, seen.wall) }
            moved = moved.advanced(by: step.by)
            end = step.end
        }
        return min(instant <= end ? moved : instant, seen.wall)
    }
}
