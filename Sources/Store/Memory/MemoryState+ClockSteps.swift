import Events
import Rules

/// A wall clock that was set.
extension MemoryState {
    /// Looks at the clocks, and writes down where the wall clock was set. Returns whether it was.
    @discardableResult
    mutating func note(_ reading: ClockReading) -> Bool {
        wall = reading.wall
        guard let step = watch?.step(at: reading) else { return false }
        watch?.follow(reading)
        let end = log.rows.isEmpty && cursorAt == nil ? reading.wall : logTime(Timestamp(microseconds: .min))
        let at = max(reading.wall, end.advanced(by: step))
        log.append(LogRow(at: at, content: .change(.clockStep(by: step))))
        for (id, row) in deliveries.rows where row.standing.state.isUnfinished {
            deliveries[id]?.standing.shift(by: step)
            deliveries[id]?.createdAt = row.createdAt.advanced(by: step)
        }
        for (number, row) in notifications.rows {
            notifications[number]?.endedAt = row.endedAt?.advanced(by: step)
        }
        return true
    }

    /// The instant, or what the clock shows where that is earlier: somebody read it before the clock was set back.
    func reached(_ instant: Timestamp) -> Timestamp { min(instant, wall ?? instant) }

    /// An instant of a log row as the clock now counts it.
    func rebased(_ instant: Timestamp, atRow number: Int64) -> Timestamp {
        log.rows.reduce(instant) { rebased, later in
            guard later.id > number, case .change(.clockStep(let step)) = later.row.content else { return rebased }
            return rebased.advanced(by: step)
        }
    }
}
