import Events
import GRDB
import Mail
import Rules

/// What people look at. Every list is a page that an index gives in its order.
enum Looking {
    private static let eventColumns = """
        SELECT e.id, \(Row.eventKeyColumns), e.received_at, e.revises IS NOT NULL, e.facts,
            CASE WHEN l.position <= (SELECT cursor FROM store) THEN l.position END, e.body_bytes
        FROM event e LEFT JOIN log l ON l.position = \(EventPosition.ofE) AND l.event = e.id
        """

    private static let deliveryColumns = """
        SELECT d.id, n.content, d.recipient, d.state, d.attempts, d.created_at, d.next_at, d.ended_at,
            d.template_fault, a.class, a.code, a.enhanced_code, a.text, a.reason, n.id, n.event, d.severity
        FROM delivery d JOIN notification n ON n.number = d.notification
            LEFT JOIN attempt a ON a.delivery = d.id AND a.ordinal = (
                SELECT max(ordinal) FROM attempt WHERE delivery = d.id AND ended_at IS NOT NULL)
        """

    static func events(before: Int64?, limit: Int, in db: Database) throws -> [EventRecord] {
        try db.rows(
            "\(eventColumns) WHERE e.id < ? ORDER BY e.id DESC LIMIT ?", [before ?? .max, pageRows(limit)]
        ).map(event)
    }

    static func event(_ id: Int64, in db: Database) throws -> EventRecord? {
        try db.row("\(eventColumns) WHERE e.id = ?", [id]).map(event)
    }

    static func events(calledBy id: String, limit: Int, in db: Database) throws -> [EventRecord] {
        let numbers = try EventFinding.numbers(calledBy: id, in: db).sorted(by: >)
        return try numbers.prefix(pageRows(limit)).compactMap { try event($0, in: db) }
    }

    static func decisions(aboutEvent id: Int64, in db: Database) throws -> [Decision] {
        try db.rows(
            """
            SELECT position, at, event, rule, "group", outcome, detail FROM decision
            WHERE event = ? ORDER BY rule, ifnull("group", x''), position
            """,
            [id]
        ).map { row in
            Decision(
                position: row[0], at: row.time(1) ?? Timestamp(microseconds: 0), event: row[2],
                rule: row.text(3) ?? "", group: row.text(4), outcome: try outcome(row)
            )
        }
    }

    static func deliveries(
        state: DeliveryState?, before: Int64?, limit: Int, in db: Database
    ) throws -> [DeliveryRecord] {
        let rows =
            if let state {
                try db.rows(
                    "\(deliveryColumns) WHERE d.state = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?",
                    [state.rawValue, before ?? .max, pageRows(limit)]
                )
            } else {
                try db.rows(
                    "\(deliveryColumns) WHERE d.id < ? ORDER BY d.id DESC LIMIT ?", [before ?? .max, pageRows(limit)]
                )
            }
        return try rows.map(delivery)
    }

    static func deliveries(ofNotification id: String, in db: Database) throws -> [DeliveryRecord] {
        try db.rows("\(deliveryColumns) WHERE n.id = ? ORDER BY d.id", [StoredBytes(id)]).map(delivery)
    }

    static func delivery(_ id: Int64, in db: Database) throws -> DeliveryDetail? {
        guard let record = try db.row("\(deliveryColumns) WHERE d.id = ?", [id]).map(delivery) else { return nil }
        let stored = try db.row(
            "SELECT sender, recipient, message_id, content FROM message WHERE delivery = ?", [id]
        )
        let attempts = try db.rows(
            """
            SELECT ordinal, started_at, ended_at, class, code, enhanced_code, text, reason FROM attempt
            WHERE delivery = ? ORDER BY ordinal
            """,
            [id]
        ).map { row in
            AttemptRecord(
                ordinal: row[0], startedAt: row.time(1) ?? record.createdAt, endedAt: row.time(2),
                reply: try row.reply(3)
            )
        }
        return DeliveryDetail(record: record, message: try? stored?.message(0), attempts: attempts)
    }

    static func ruleSet(inForceAt position: LogPosition, in db: Database) throws -> StoredRuleSet? {
        let row = try db.row(
            """
            SELECT payload FROM log WHERE position < ? AND position <= (SELECT cursor FROM store) AND kind = 'rule_set'
            ORDER BY position DESC LIMIT 1
            """,
            [position]
        )
        guard let payload = row?.bytes(0),
            case .ruleSet(let hash, let text)? = try? LogEntry.Change(
                kind: "rule_set", payload: payload)
        else { return nil }
        return StoredRuleSet(hash: hash, text: text)
    }

    static func silenceChanges(after position: LogPosition, in db: Database) throws -> [SilenceChange] {
        let rows = try db.rows(
            """
            SELECT at, payload, kind FROM log WHERE position > ? AND kind IN ('operator_action', 'clock_step')
            ORDER BY position
            """,
            [position]
        )
        return rows.compactMap { row in
            guard let change = try? LogEntry.Change(kind: row[2], payload: row.bytes(1)) else { return nil }
            return SilenceChange(at: row.time(0) ?? Timestamp(microseconds: 0), change: change)
        }
    }

    static func ruleCounts(since: Timestamp?, in db: Database) throws -> [RuleCount] {
        // Beside `max` SQLite gives the other columns of the same row: times may fall where a clock was set.
        try db.rows(
            """
            SELECT rule, sum(outcome = 'notified'), sum(outcome = 'suppressed'), sum(outcome = 'faulted'), at,
                max(position)
            FROM decision WHERE at >= ? GROUP BY rule ORDER BY rule
            """,
            [since?.microseconds ?? .min]
        ).map { row in
            RuleCount(
                rule: row.text(0) ?? "", notified: row[1], suppressed: row[2], faulted: row[3],
                latest: row.time(4) ?? Timestamp(microseconds: 0))
        }
    }

    static func status(space: FreeSpace, isWritable: Bool, in db: Database) throws -> StoreStatus {
        let events = try db.row("SELECT count(*) FROM event")
        let unevaluated = try db.row("SELECT count(*) FROM log WHERE position > (SELECT cursor FROM store)")
        // As the clock now counts, the time of entries never falls, so the first is the oldest.
        let waiting = try db.row(
            "SELECT at, position FROM log WHERE position > (SELECT cursor FROM store) ORDER BY position LIMIT 1")
        let steps = try ClockSteps(in: db)
        var counts: [DeliveryState: Int64] = [:]
        for row in try db.rows("SELECT state, count(*) FROM delivery GROUP BY state") {
            counts[try row.choice(0, DeliveryState.self)] = row[1]
        }
        let oldest = try db.row(
            """
            SELECT min(t) FROM (
                SELECT min(created_at) AS t FROM delivery WHERE state IN ('queued', 'held')
                UNION ALL SELECT min(created_at) FROM delivery WHERE state = 'sending')
            """
        )
        return StoreStatus(
            events: events?[0] ?? 0, unevaluated: unevaluated?[0] ?? 0, deliveries: counts,
            oldestUnfinished: oldest?.time(0), freeBytes: space.bytes, accepts: isWritable && space.hasRoom,
            oldestUnevaluated: waiting.flatMap { row in row.time(0).map { steps.rebased($0, at: row[1]) } }
        )
    }

    private static func event(_ row: Row) throws -> EventRecord {
        EventRecord(
            id: row[0], key: try row.eventKey(1), receivedAt: row.time(5) ?? Timestamp(microseconds: 0),
            isRevision: row[6], facts: try row.facts(7), position: row[8], bodyBytes: row[9]
        )
    }

    private static func delivery(_ row: Row) throws -> DeliveryRecord {
        DeliveryRecord(
            id: row[0], notification: try notification(row), recipient: row.text(2) ?? "",
            state: try row.choice(3, DeliveryState.self), attempts: row[4],
            createdAt: row.time(5) ?? Timestamp(microseconds: 0), nextAttemptAt: row.time(6), endedAt: row.time(7),
            lastReply: try row.reply(9), templateFault: row.text(8)
        )
    }

    /// The notification of a mail. Where it cannot be read, one with what the columns say: the mail stays in its list,
    /// where people find it, and does not keep the others from being listed.
    private static func notification(_ row: Row) throws -> Notification {
        if let notification = try? Notification(decoding: row.bytes(1)) { return notification }
        let ranks = Severity.allCases.filter { $0.rank == row[16] }
        return Notification(
            id: row.text(14) ?? "", rule: "unreadable record", group: nil, reason: .matched,
            severity: ranks.first ?? .medium, at: row.time(5) ?? Timestamp(microseconds: 0),
            recipients: [row.text(2) ?? ""], template: nil, subject: nil, holdsThrottleSlot: false,
            figures: Notification.Figures(
                event: row[15], facts: try Facts(decoding: Array("{}".utf8)), condition: nil, deciding: [],
                heldBack: 0, heldBackSince: nil, throttle: nil, nextMailAt: nil
            )
        )
    }

    private static func outcome(_ row: Row) throws -> Decision.Outcome {
        let kind: String = row[5]
        let detail = row.text(6) ?? ""
        switch kind {
        case "notified": return .notified(detail)
        case "faulted": return .faulted(detail)
        default:
            guard let reason = SuppressionReason(rawValue: detail) else { throw UnreadableRecord() }
            return .suppressed(reason)
        }
    }
}
