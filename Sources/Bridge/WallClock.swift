package import Events
import Glibc

/// Tells the time. Services get one injected; pure code takes `now` as a parameter.
package protocol WallClock: Sendable {
    /// The present instant in UTC. May step backwards when an operator or NTP sets the clock.
    func now() -> Timestamp
}

/// The machine's own clock.
package struct SystemClock: WallClock {
    package init() {}

    /// `CLOCK_REALTIME` in microseconds.
    package func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
