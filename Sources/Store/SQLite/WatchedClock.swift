import Events
import Synchronization

/// The wall clock as the writer's transactions see it: each looks once, before anything is written.
final class WatchedClock: Sendable {
    private let read: @Sendable () -> ClockReading
    private let known: Mutex<ClockHistory>

    /// - Parameter logEnd: The time of the last log entry, or `nil` before the first.
    init(_ read: @escaping @Sendable () -> ClockReading, logEnd: Timestamp?) {
        self.read = read
        known = Mutex(ClockHistory(read(), logEnd: logEnd))
    }

    /// How the clock was set since the last look, or `nil`. Looks without going by it.
    var pendingStep: ClockStep? {
        let reading = read()
        return known.withLock { $0.step(at: reading) }
    }

    /// What is known of the clock, for `goBack(to:)`.
    var history: ClockHistory { known.withLock { $0 } }

    /// A transaction begins: looks at the clock. Returns how it was set since the last look, or `nil`.
    func look() -> ClockStep? {
        let reading = read()
        return known.withLock { $0.look(at: reading) }
    }

    /// The transaction did not happen, and so the step is not in the log yet.
    func goBack(to history: ClockHistory) {
        known.withLock { $0 = history }
    }

    /// The instant, which a caller read as the present, by the clock as it is in the running transaction.
    func present(_ instant: Timestamp) -> Timestamp { known.withLock { $0.present(instant) } }
}

extension WatchedClock? {
    /// The instant by the clock as it is in the running transaction, or as it is where nobody looks at one.
    func present(_ instant: Timestamp) -> Timestamp { self?.present(instant) ?? instant }
}
