import Events
import GRDB
import Mail
import Rules

/// Takes over one evaluation; runs on the writer's thread.
enum EvaluationWrites {
    /// - Parameter clock: says what instants that the evaluator read are by now.
    static func commit(
        _ evaluation: Evaluation, expecting cursor: LogPosition, clock: WatchedClock?, in db: Database
    ) throws -> [LeasedDelivery] {
        guard let found: Int64 = try db.row("SELECT cursor FROM store")?[0] else { throw UnreadableRecord() }
        guard found == cursor else { throw StoreError.conflict(expected: cursor, found: found) }
        try evaluation.validate(expecting: cursor)
        try check(evaluation.positions, in: db)
        if let last = evaluation.positions.last {
            try db.run(
                "UPDATE store SET cursor = ?, cursor_at = ?", [last.position, evaluation.at.microseconds]
            )
        }
        for decision in evaluation.decisions { try insert(decision, in: db) }
        for row in evaluation.stateChanges { try write(row, in: db) }
        guard !evaluation.notifications.isEmpty else { return [] }
        let steps = try ClockSteps(in: db)
        let times = EvaluationTimes(
            evaluation, present: clock.present(evaluation.now), rebased: { steps.rebased($0, at: $1.position) })
        return try evaluation.notifications.flatMap { try insert($0, times, in: db) }
    }

    /// An entry has its position already, so there is nothing to write but the cursor.
    private static func check(_ entries: [(row: Int64, position: LogPosition)], in db: Database) throws {
        guard let last = entries.last else { return }
        let end = try db.firstInteger("SELECT max(position) FROM log") ?? 0
        guard last.position <= end, entries.allSatisfy({ $0.row == $0.position }) else {
            throw StoreError.notAllowed(
                "an evaluation covers an entry out of its order, or one that is evaluated or gone")
        }
    }

    private static func insert(_ decision: Decision, in db: Database) throws {
        let (outcome, detail) =
            switch decision.outcome {
            case .notified(let id): ("notified", id)
            case .suppressed(let reason): ("suppressed", reason.rawValue)
            case .faulted(let text): ("faulted", text)
            }
        try db.run(
            """
            INSERT INTO decision (position, at, event, rule, "group", outcome, detail) VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                decision.position, decision.at.microseconds, decision.event, StoredBytes(decision.rule),
                decision.group.map { StoredBytes($0) }, outcome, StoredBytes(detail),
            ]
        )
    }

    private static func write(_ row: EngineStateRow, in db: Database) throws {
        guard let value = row.value else {
            try db.run("DELETE FROM engine_state WHERE key = ?", [StoredBytes(row.key)])
            return
        }
        try db.run(
            """
            INSERT INTO engine_state (key, value) VALUES (?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """,
            [StoredBytes(row.key), StoredBytes(value)]
        )
    }

    private static func insert(
        _ new: NewNotification, _ times: EvaluationTimes, in db: Database
    ) throws -> [LeasedDelivery] {
        let notification = new.notification
        // Events are numbered from 1: 0 stands for a notification that no event has decided.
        try db.run(
            """
            INSERT INTO notification (id, event, holds_slot, ended_at, content)
            VALUES (?, ?, ?, ? - (SELECT clock_offset FROM store), ?)
            """,
            [
                StoredBytes(notification.id), notification.figures.event ?? 0, notification.holdsThrottleSlot,
                new.deliveries.isEmpty ? times.at.microseconds : nil, StoredBytes(notification.encoded()),
            ]
        )
        let number = db.lastInsertedRowID
        let createdAt = times.at(of: notification)
        return try new.deliveries.map { delivery in
            let standing =
                delivery.start.map { .begun(leaseUntil: times.moved($0.leaseUntil), createdAt: createdAt) }
                ?? DeliveryStanding.queued(at: min(createdAt, times.present), createdAt: createdAt)
            try db.run(
                """
                INSERT INTO delivery (notification, recipient, severity, state, attempts, created_at, age_from,
                    next_at, lease_until, template_fault)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    number, StoredBytes(delivery.recipient), notification.severity.rank, standing.state.rawValue,
                    standing.attempts, createdAt.microseconds, standing.ageFrom.microseconds,
                    standing.nextAt?.microseconds, standing.leaseUntil?.microseconds,
                    delivery.start?.templateFault.map { StoredBytes($0) },
                ]
            )
            let id = db.lastInsertedRowID
            if let start = delivery.start {
                try OutboxWrites.save(start.message, delivery: id, in: db)
                try OutboxWrites.beginAttempt(delivery: id, ordinal: 1, at: times.at, in: db)
            }
            return LeasedDelivery(
                id: id, notification: notification, recipient: delivery.recipient, message: delivery.start?.message,
                attempts: 0, createdAt: createdAt, ageFrom: standing.ageFrom, state: standing.state
            )
        }
    }
}
