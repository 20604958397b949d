package import Events

/// That the wall clock was set, as the log tells it.
package struct ClockSetting: Sendable, Equatable {
    /// The position of the entry: what stands before it has times of the clock as it was.
    package let position: LogPosition
    /// The time of the entry, by the clock as it was set.
    package let at: Timestamp
    /// How far the clock went forward; negative where it was set back.
    package let step: Duration

    /// In the words of a sentence: `set back by 2h`, `set forward by 1d`.
    package var words: String {
        let seconds = Duration.seconds(Self.seconds(of: step))
        return step < .zero ? "set back by \((.zero - seconds).written)" : "set forward by \(seconds.written)"
    }

    /// A step in seconds, rounded to the nearest: nobody sets a clock to the millisecond.
    package static func seconds(of step: Duration) -> Int64 {
        let half = Duration.milliseconds(500)
        return (step < .zero ? step - half : step + half).components.seconds
    }
}
