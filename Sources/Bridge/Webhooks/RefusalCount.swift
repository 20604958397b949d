import Events
import Synchronization

/// Counts refused requests by source, or those for no source, so that one a minute is logged.
final class RefusalCount: Sendable {
    /// How long after a logged refusal further ones are only counted, in seconds.
    static let quietSeconds: Int64 = 60

    private let state = Mutex<[String?: (loggedAt: Timestamp, unlogged: Int)]>([:])

    /// How many were not logged since the last that was, when this one is to be logged; `nil` when it is not. Sources
    /// are those of the configuration, so their number is bounded; `nil` is a path of no source.
    func note(source: String?, at now: Timestamp) -> Int? {
        state.withLock { state in
            if let last = state[source], now < last.loggedAt.advanced(by: .seconds(Self.quietSeconds)) {
                state[source] = (last.loggedAt, last.unlogged + 1)
                return nil
            }
            let unlogged = state[source]?.unlogged ?? 0
            state[source] = (now, 0)
            return unlogged
        }
    }
}
