package import Events
import Glibc
package import Store

/// Tells the time. Services get one injected; pure code takes `now` as a parameter.
package protocol WallClock: Sendable {
    /// The present instant in UTC. May step backwards when an operator or NTP sets the clock.
    func now() -> Timestamp
    /// How long something has run that nobody can set, time in which the machine was suspended included.
    func elapsed() -> Duration
}

extension WallClock {
    /// Both together.
    package func reading() -> ClockReading { ClockReading(wall: now(), elapsed: elapsed()) }
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

    /// `CLOCK_BOOTTIME`: a laptop that slept has not had its clock set.
    package func elapsed() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
