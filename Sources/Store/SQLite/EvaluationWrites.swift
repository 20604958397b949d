import Events
import GRDB
import Mail
import Rules

/// Takes over one evaluation; runs on the writer's thread.
enum EvaluationWrites {
    static func commit(
        _ evaluation: Evaluation, expecting cursor: LogPosition, in db: Database
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
        return try evaluation.notifications.flatMap { try insert($0, of: evaluation, in: db) }
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
        _ new: NewNotification, of evaluation: Evaluation, in db: Database
    ) throws -> [LeasedDelivery] {
        let notification = new.notification
        // Events are numbered from 1: 0 stands for a notification that no event has decided.
        try db.run(
            "INSERT INTO notification (id, event, holds_slot, ended_at, content) VALUES (?, ?, ?, ?, ?)",
            [
                StoredBytes(notification.id), notification.figures.event ?? 0, notification.holdsThrottleSlot,
                new.deliveries.isEmpty ? evaluation.at.microseconds : nil, StoredBytes(notification.encoded()),
            ]
        )
        let number = db.lastInsertedRowID
        return try new.deliveries.map { delivery in
            let standing =
                delivery.start.map { .begun(leaseUntil: $0.leaseUntil, createdAt: notification.at) }
                ?? DeliveryStanding.queued(at: min(notification.at, evaluation.now), createdAt: notification.at)
            try db.run(
                """
                INSERT INTO delivery (notification, recipient, severity, state, attempts, created_at, age_from,
                    next_at, lease_until, template_fault)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    number, StoredBytes(delivery.recipient), notification.severity.rank, standing.state.rawValue,
                    standing.attempts, notification.at.microseconds, standing.ageFrom.microseconds,
                    standing.nextAt?.microseconds, standing.leaseUntil?.microseconds,
                    delivery.start?.templateFault.map { StoredBytes($0) },
                ]
            )
            let id = db.lastInsertedRowID
            if let start = delivery.start {
                try OutboxWrites.save(start.message, delivery: id, in: db)
                try OutboxWrites.beginAttempt(delivery: id, ordinal: 1, at: evaluation.at, in: db)
            }
            return LeasedDelivery(
                id: id, notification: notification, recipient: delivery.recipient, message: delivery.start?.message,
                attempts: 0, createdAt: notification.at, ageFrom: standing.ageFrom, state: standing.state
            )
        }
    }
}
