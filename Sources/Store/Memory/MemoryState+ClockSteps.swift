import Events
import Rules

/// A wall clock that was set.
extension MemoryState {
    /// Looks at the clocks, and writes down where the wall clock was set. Returns whether it was.
    @discardableResult
    mutating func note(_ reading: ClockReading) -> Bool {
        guard let step = clock?.look(at: reading)?.by else { return false }
        let end = log.rows.isEmpty && cursorAt == nil ? reading.wall : logTime(Timestamp(microseconds: .min))
        let at = max(reading.wall, end.advanced(by: step))
        clockSteps.append((row: log.append(LogRow(at: at, content: .change(.clockStep(by: step)))), by: step))
        for (id, row) in deliveries.rows where row.standing.state.isUnfinished {
            deliveries[id]?.standing.shift(by: step)
            deliveries[id]?.createdAt = row.createdAt.advanced(by: step)
        }
        clockOffset += step
        for (number, row) in notifications.rows {
            notifications[number]?.endedAt = row.endedAt?.advanced(by: step)
        }
        return true
    }

    /// The instant, which a caller read as the present, by the clock as it is now.
    func present(_ instant: Timestamp) -> Timestamp { clock?.present(instant) ?? instant }

    /// An instant of a log row as the clock now counts it.
    func rebased(_ instant: Timestamp, atRow number: Int64) -> Timestamp {
        Self.rebased(instant, atRow: number, by: clockSteps)
    }

    /// The same by these steps, for whoever changes the state meanwhile.
    static func rebased(
        _ instant: Timestamp, atRow number: Int64, by steps: [(row: Int64, by: Duration)]
    ) -> Timestamp {
        steps.reduce(instant) { $1.row > number ? $0.advanced(by: $1.by) : $0 }
    }
}
