import Events
import GRDB
import Mail
import Rules

/// What happens to deliveries; runs on the writer's thread.
enum OutboxWrites {
    static func lease(limit: Int, now: Timestamp, until: Timestamp, in db: Database) throws -> [LeasedDelivery] {
        // Mostly nothing is due: one look at an index says so.
        let isAnyDue = try db.row(
            """
            SELECT 1 FROM delivery INDEXED BY delivery_due
            WHERE state IN ('queued', 'held') AND next_at <= ? LIMIT 1
            """,
            [now.microseconds]
        )
        guard isAnyDue != nil else { return [] }
        var leased: [LeasedDelivery] = []
        var isWhole = false
        // Once more when records were set aside, so that fewer than `limit` always means that no more are due.
        while !isWhole {
            let rows = try dueRows(limit: limit - leased.count, now: now, in: db)
            isWhole = true
            for row in rows {
                guard let delivery = try? leasedDelivery(row) else {
                    try setAside(row[0], now: now, in: db)
                    isWhole = false
                    continue
                }
                try db.run(
                    "UPDATE delivery SET state = 'sending', lease_until = ?, next_at = NULL WHERE id = ?",
                    [until.microseconds, delivery.id]
                )
                leased.append(delivery)
            }
        }
        return leased
    }

    private static func dueRows(limit: Int, now: Timestamp, in db: Database) throws -> [Row] {
        try db.rows(
            """
            SELECT d.id, d.recipient, d.attempts, d.created_at, n.content,
                m.sender, m.recipient, m.message_id, m.content, d.age_from,
                (SELECT count(*) FROM attempt a WHERE a.delivery = d.id AND a.class IN ('host', 'configuration'))
            FROM delivery d INDEXED BY delivery_in_order
                JOIN notification n ON n.number = d.notification LEFT JOIN message m ON m.delivery = d.id
            WHERE d.state IN ('queued', 'held') AND d.next_at <= ?
            ORDER BY d.severity, d.created_at, d.id LIMIT ?
            """,
            [now.microseconds, max(0, limit)]
        )
    }

    private static func leasedDelivery(_ row: Row) throws -> LeasedDelivery {
        guard let createdAt = row.time(3) else { throw UnreadableRecord() }
        let attempts: Int = row[2]
        let uncounted: Int = row[10]
        return LeasedDelivery(
            id: row[0], notification: try Notification(decoding: row.bytes(4)), recipient: row.text(1) ?? "",
            message: try row.message(5), attempts: attempts, countedAttempts: attempts - uncounted,
            createdAt: createdAt, ageFrom: row.time(9), state: .sending
        )
    }

    /// Gives up a delivery whose notification or message cannot be read, with the reason where people look for the last
    /// reply: it must not keep the others from being sent.
    private static func setAside(_ id: Int64, now: Timestamp, in db: Database) throws {
        var standing = try standing(of: id, in: db)
        standing.lease(until: now)
        try standing.begin()
        try beginAttempt(delivery: id, ordinal: standing.attempts, at: now, in: db)
        let reply = Reply(classification: .permanent, text: "the stored record cannot be read")
        let change = try standing.settle(Settlement(delivery: id, at: now, reply: reply, next: .dead))
        try save(standing, of: id, in: db)
        try apply(change, delivery: id, in: db)
        try noteEnd(of: id, at: now, in: db)
    }

    static func begin(_ start: AttemptStart, in db: Database) throws {
        var standing = try standing(of: start.delivery, in: db)
        try standing.begin()
        let messageID: String? = try db.row("SELECT message_id FROM message WHERE delivery = ?", [start.delivery])?[0]
        if let composed = start.composed {
            guard messageID == nil || messageID == composed.messageID else {
                throw StoreError.notAllowed("a mail keeps its Message-ID")
            }
            try save(composed, delivery: start.delivery, in: db)
            try db.run(
                "UPDATE delivery SET template_fault = ? WHERE id = ?",
                [start.templateFault.map { StoredBytes($0) }, start.delivery]
            )
        } else if messageID == nil {
            throw StoreError.notAllowed("the mail has no message yet")
        }
        try save(standing, of: start.delivery, in: db)
        try beginAttempt(delivery: start.delivery, ordinal: standing.attempts, at: start.at, in: db)
    }

    static func settle(_ settlements: [Settlement], in db: Database) throws {
        for settlement in settlements {
            var standing = try standing(of: settlement.delivery, in: db)
            let change = try standing.settle(settlement)
            try save(standing, of: settlement.delivery, in: db)
            try apply(change, delivery: settlement.delivery, in: db)
        }
        for settlement in settlements {
            try noteEnd(of: settlement.delivery, at: settlement.at, in: db)
        }
    }

    static func extendLeases(_ deliveries: [Int64], until: Timestamp, in db: Database) throws {
        for id in deliveries {
            try db.run(
                "UPDATE delivery SET lease_until = ? WHERE id = ? AND state = 'sending'", [until.microseconds, id]
            )
        }
    }

    static func rescueLeases(now: Timestamp, all: Bool, in db: Database) throws -> RescueReport {
        let ids: [Int64] = try db.rows(
            """
            SELECT id FROM delivery INDEXED BY delivery_leased
            WHERE state = 'sending' AND (? OR lease_until < ?) ORDER BY id
            """,
            [all, now.microseconds]
        ).map { $0[0] }
        var ambiguous = 0
        for id in ids {
            var standing = try standing(of: id, in: db)
            let change = standing.rescue(now: now)
            try save(standing, of: id, in: db)
            try apply(change, delivery: id, in: db)
            if change != .none { ambiguous += 1 }
        }
        return RescueReport(rescued: ids.count, ambiguous: ambiguous)
    }

    static func retry(delivery id: Int64, now: Timestamp, in db: Database) throws {
        var standing = try standing(of: id, in: db)
        try standing.retry(now: now)
        try save(standing, of: id, in: db)
        try db.run(
            """
            UPDATE notification SET ended_at = NULL
            WHERE number = (SELECT notification FROM delivery WHERE id = ?) AND ended_at IS NOT NULL
            """,
            [id]
        )
        try LogWrites.append(.operatorAction(.retry(delivery: id)), at: now, in: db)
    }

    static func resumeHeld(now: Timestamp, in db: Database) throws -> Int {
        let ids: [Int64] = try db.rows("SELECT id FROM delivery WHERE state = 'held' ORDER BY id").map { $0[0] }
        for id in ids {
            var standing = try standing(of: id, in: db)
            try standing.retry(now: now)
            try save(standing, of: id, in: db)
        }
        return ids.count
    }

    /// Moves what unfinished mails wait for, count their age from and are ordered by, with a clock that was set. What
    /// has ended stays as it is, for there may be hundreds of thousands: it is compared less the offset of its time.
    static func shift(by step: Duration, in db: Database) throws {
        let step = step.wholeMicroseconds
        try db.run(
            """
            UPDATE delivery SET created_at = created_at + ?, age_from = age_from + ?, next_at = next_at + ?,
                lease_until = lease_until + ?
            WHERE state IN ('queued', 'held', 'sending')
            """,
            [step, step, step, step]
        )
        try db.run("UPDATE store SET clock_offset = clock_offset + ?", [step])
    }

    // MARK: Rows

    /// Stores the composed message of a delivery.
    static func save(_ message: Message, delivery: Int64, in db: Database) throws {
        try db.run(
            """
            INSERT INTO message (delivery, sender, recipient, message_id, content) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (delivery) DO UPDATE SET sender = excluded.sender, recipient = excluded.recipient,
                message_id = excluded.message_id, content = excluded.content
            """,
            [
                delivery, message.sender.description, message.recipient.description, message.messageID,
                StoredBytes(message.bytes),
            ]
        )
    }

    /// Records that an attempt starts.
    static func beginAttempt(delivery: Int64, ordinal: Int, at: Timestamp, in db: Database) throws {
        try db.run(
            "INSERT INTO attempt (delivery, ordinal, started_at) VALUES (?, ?, ?)",
            [delivery, ordinal, at.microseconds]
        )
    }

    private static func standing(of id: Int64, in db: Database) throws -> DeliveryStanding {
        let row = try db.row(
            """
            SELECT state, attempts, next_at, lease_until, ended_at, age_from,
                EXISTS (SELECT 1 FROM attempt a WHERE a.delivery = delivery.id AND a.ended_at IS NULL)
            FROM delivery WHERE id = ?
            """,
            [id]
        )
        guard let row else { throw StoreError.notFound }
        return DeliveryStanding(
            state: try row.choice(0, DeliveryState.self), attempts: row[1], isAttemptOpen: row[6],
            ageFrom: row.time(5) ?? Timestamp(microseconds: 0), nextAt: row.time(2),
            leaseUntil: row.time(3), endedAt: row.time(4)
        )
    }

    private static func save(_ standing: DeliveryStanding, of id: Int64, in db: Database) throws {
        try db.run(
            """
            UPDATE delivery SET state = ?, attempts = ?, age_from = ?, next_at = ?, lease_until = ?, ended_at = ?,
                ended_offset = (SELECT clock_offset FROM store)
            WHERE id = ?
            """,
            [
                standing.state.rawValue, standing.attempts, standing.ageFrom.microseconds,
                standing.nextAt?.microseconds, standing.leaseUntil?.microseconds, standing.endedAt?.microseconds, id,
            ]
        )
    }

    private static func apply(_ change: DeliveryStanding.AttemptChange, delivery: Int64, in db: Database) throws {
        switch change {
        case .none: break
        case .remove(let ordinal):
            try db.run("DELETE FROM attempt WHERE delivery = ? AND ordinal = ?", [delivery, ordinal])
        case .end(let ordinal, let at, let reply):
            try db.run(
                """
                UPDATE attempt SET ended_at = ?, class = ?, code = ?, enhanced_code = ?, text = ?, reason = ?
                WHERE delivery = ? AND ordinal = ?
                """,
                [
                    at.microseconds, reply.classification.rawValue, reply.code,
                    reply.enhancedCode.map { StoredBytes($0) }, StoredBytes(reply.text), reply.reason?.rawValue,
                    delivery, ordinal,
                ]
            )
        }
    }

    /// Notes the end of a delivery's notification when no delivery of it is left unfinished, and puts the end into the
    /// log when a throttle waits for it.
    private static func noteEnd(of delivery: Int64, at: Timestamp, in db: Database) throws {
        let row = try db.row(
            """
            SELECT n.number, n.holds_slot AND NOT n.end_logged, n.content
            FROM notification n JOIN delivery d ON d.notification = n.number
            WHERE d.id = ? AND n.ended_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM delivery s WHERE s.notification = n.number AND s.ended_at IS NULL)
            """,
            [delivery]
        )
        guard let row else { return }
        let number: Int64 = row[0]
        let isAwaited: Bool = row[1]
        try db.run(
            """
            UPDATE notification SET ended_at = ? - (SELECT clock_offset FROM store),
                end_logged = end_logged OR holds_slot WHERE number = ?
            """,
            [at.microseconds, number]
        )
        // Without its record nobody can say which rule waits; its slot is free when its window has passed.
        guard isAwaited, let notification = try? Notification(decoding: row.bytes(2)) else { return }
        let states = try db.rows("SELECT state FROM delivery WHERE notification = ?", [number]).map {
            try $0.choice(0, DeliveryState.self)
        }
        let end = NotificationEnd(notification: notification.id, rule: notification.rule, outcome: .of(states))
        try LogWrites.append(.notificationEnded(end), at: at, in: db)
    }
}
