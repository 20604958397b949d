import Bridge
import Events
import Synchronization

/// A clock that moves when the test says so.
final class ManualClock: WallClock {
    private let time: Mutex<Timestamp>

    init(_ start: Timestamp = Timestamp(seconds: 1_800_000_000)) {
        time = Mutex(start)
    }

    func now() -> Timestamp { time.withLock { $0 } }

    func advance(by duration: Duration) {
        time.withLock { $0 = $0.advanced(by: duration) }
    }
}
