import Bridge
import Events
import Synchronization

/// A clock that moves when the test says so.
final class ManualClock: WallClock {
    private let time: Mutex<(now: Timestamp, elapsed: Duration)>

    init(_ start: Timestamp = Timestamp(seconds: 1_800_000_000)) {
        time = Mutex((now: start, elapsed: .zero))
    }

    func now() -> Timestamp { time.withLock { $0.now } }

    func elapsed() -> Duration { time.withLock { $0.elapsed } }

    /// Lets time pass.
    func advance(by duration: Duration) {
        time.withLock { time in
            time.now = time.now.advanced(by: duration)
            time.elapsed += duration
        }
    }

    /// Sets the clock, with no time passing.
    func set(by step: Duration) {
        time.withLock { $0.now = $0.now.advanced(by: step) }
    }
}
