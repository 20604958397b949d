/// Repeats work for a given time.
enum Stopwatch {
    /// How often the work is done between two looks at the clock.
    private static let stride = 64

    /// The mean time of one call of `work` in microseconds, over at least `seconds` of calls.
    static func microseconds(over seconds: Double, _ work: () throws -> Void) rethrows -> Double {
        for _ in 0..<stride { try work() }
        let clock = ContinuousClock()
        let start = clock.now
        var calls = 0
        repeat {
            for _ in 0..<stride { try work() }
            calls += stride
        } while start.duration(to: clock.now) < .seconds(seconds)
        return (start.duration(to: clock.now) / .microseconds(1)) / Double(calls)
    }

    /// How many of `count` things were done in a second, from `start` until now.
    static func rate(_ count: Int, since start: ContinuousClock.Instant) -> Double {
        Double(count) / (start.duration(to: .now) / .seconds(1))
    }
}
