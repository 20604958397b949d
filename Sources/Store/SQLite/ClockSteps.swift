import Events
import GRDB
import Rules

/// The steps of the wall clock that the log has: what was written before one has times of the clock as it was.
struct ClockSteps {
    /// Ascending by position.
    private let steps: [(position: LogPosition, by: Duration)]

    /// Reads them by an index of their own.
    init(in db: Database) throws {
        steps = try db.rows("SELECT position, payload FROM log WHERE kind = 'clock_step' ORDER BY position").compactMap
        {
            let change = try? LogEntry.Change(kind: "clock_step", payload: $0.bytes(1))
            guard case .clockStep(let step)? = change else { return nil }
            return (position: $0[0], by: step)
        }
    }

    /// An instant of the log entry at `position` as the clock now counts it.
    func rebased(_ instant: Timestamp, at position: LogPosition) -> Timestamp {
        steps.reduce(instant) { $1.position > position ? $0.advanced(by: $1.by) : $0 }
    }

    /// An instant of a stored event as the clock now counts it.
    func rebased(_ instant: Timestamp, ofEvent event: Int64, in db: Database) throws -> Timestamp {
        guard !steps.isEmpty, let position = try EventPosition.of(event, in: db) else { return instant }
        return rebased(instant, at: position)
    }
}
