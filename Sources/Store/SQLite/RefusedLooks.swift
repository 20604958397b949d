import Events
import GRDB
import Mail

/// Looks for addresses that the mail server refuses. The dead mails are found by the index on states; those that the
/// same addresses took are read once.
enum RefusedLooks {
    static func refusedRecipients(limit: Int, in db: Database) throws -> [RefusedRecipient] {
        let rows = try db.rows(
            """
            WITH refused AS (
                SELECT d.id, d.recipient, d.ended_at FROM delivery d
                    JOIN attempt a ON a.delivery = d.id AND a.ordinal = d.attempts
                WHERE d.state = 'dead' AND a.class = ?),
            taken AS (
                SELECT recipient, max(ended_at) AS at FROM delivery
                WHERE state = 'accepted' AND recipient IN (SELECT recipient FROM refused) GROUP BY recipient)
            SELECT r.recipient, min(r.ended_at), max(r.ended_at), count(*), max(r.id)
            FROM refused r LEFT JOIN taken t ON t.recipient = r.recipient
            WHERE t.at IS NULL OR r.ended_at > t.at
            GROUP BY r.recipient ORDER BY max(r.ended_at) DESC, r.recipient LIMIT ?
            """,
            [ReplyClass.recipientRefused.rawValue, pageRows(limit)]
        )
        return try rows.compactMap { row in
            let mail: Int64 = row[4]
            let attempt = try db.row(
                """
                SELECT class, code, enhanced_code, text, reason FROM attempt
                WHERE delivery = ? ORDER BY ordinal DESC LIMIT 1
                """,
                [mail]
            )
            guard let since = row.time(1), let last = row.time(2), let reply = try attempt?.reply(0) else { return nil }
            return RefusedRecipient(
                address: row.text(0) ?? "", since: since, last: last, mails: row[3], lastMail: mail, reply: reply)
        }
    }
}
