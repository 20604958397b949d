package import Events

/// Notices when the wall clock was set by more than a minute, at once or little by little. Less than that is left to
/// log time, which stands still until the clock has caught up.
package struct StepWatch: Sendable {
    /// Only a longer step counts.
    package static let ignoredSecondsMax: Int64 = 60

    /// The clocks when the wall clock was last known to be what log time goes by.
    private var base: ClockReading

    /// - Parameter logEnd: The time of the last log entry. Where it lies ahead of the clock, the clock was set back
    ///   while nobody looked; for how long nobody did cannot be told, and counts as no time.
    package init(_ reading: ClockReading, logEnd: Timestamp? = nil) {
        base = reading
        guard let logEnd, logEnd > reading.wall.advanced(by: .seconds(Self.ignoredSecondsMax)) else { return }
        base = ClockReading(wall: logEnd, elapsed: reading.elapsed)
    }

    /// How far the wall clock was set, or `nil` where it was not, or by less than counts.
    package func step(at reading: ClockReading) -> Duration? {
        let step = reading.step(since: base)
        let limit = Duration.seconds(Self.ignoredSecondsMax)
        return step > limit || step < .zero - limit ? step : nil
    }

    /// From here on log time goes by the clock as this reading shows it.
    package mutating func follow(_ reading: ClockReading) {
        base = reading
    }
}
