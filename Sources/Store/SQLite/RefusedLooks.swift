import Events
import GRDB
import Mail

/// Looks for addresses that the mail server refuses. The dead mails are found by the index on states; those that the
/// same addresses took are read once.
enum RefusedLooks {
    /// Every address with a refused mail that neither an acceptance nor an operator has overtaken. What came first is
    /// told by the instants less how far the clock had been set by then, which never go back.
    ///
    /// - Parameter address: only this one.
    static func refusedRecipients(
        _ address: String? = nil, limit: Int, in db: Database
    ) throws -> [RefusedRecipient] {
        let rows = try refusals(of: address, limit: pageRows(limit), in: db)
        return try rows.compactMap { row in
            let mail: Int64 = row[5]
            let attempt = try db.row(
                """
                SELECT class, code, enhanced_code, text, reason FROM attempt
                WHERE delivery = ? ORDER BY ordinal DESC LIMIT 1
                """,
                [mail]
            )
            guard let since = row.time(1), let last = row.time(2), let reply = try attempt?.reply(0) else { return nil }
            return RefusedRecipient(
                address: row.text(0) ?? "", since: since, last: last, mails: row[3], suppressed: row[4],
                lastMail: mail, reply: reply)
        }
    }

    /// The addresses alone.
    static func refusedAddresses(in db: Database) throws -> [String] {
        try refusals(of: nil, limit: refusedAddressesMax, in: db).compactMap { $0.text(0) }
    }

    /// A row for every such address: itself, the first and the last refusal, how many there were, how many mails were
    /// not tried, and the last mail that was refused.
    private static func refusals(of address: String?, limit: Int, in db: Database) throws -> [Row] {
        try db.rows(
            """
            WITH refused AS (
                SELECT d.id, d.recipient, d.ended_at, d.ended_at - d.ended_offset AS at, a.class = ?1 AS isRefusal
                FROM delivery d
                    JOIN attempt a ON a.delivery = d.id AND a.ordinal = d.attempts
                WHERE d.state = 'dead' AND (a.class = ?1 OR a.reason = ?2) AND (?3 IS NULL OR d.recipient = ?3)),
            taken AS (
                SELECT recipient, max(ended_at - ended_offset) AS at FROM delivery
                WHERE state = 'accepted' AND recipient IN (SELECT recipient FROM refused) GROUP BY recipient)
            SELECT r.recipient, min(CASE WHEN r.isRefusal THEN r.ended_at END),
                max(CASE WHEN r.isRefusal THEN r.ended_at END) AS last, sum(r.isRefusal), sum(NOT r.isRefusal),
                max(CASE WHEN r.isRefusal THEN r.id END)
            FROM refused r LEFT JOIN taken t ON t.recipient = r.recipient
                LEFT JOIN suppression_lift l ON l.recipient = r.recipient
            WHERE (t.at IS NULL OR r.at > t.at) AND (l.at IS NULL OR r.at > l.at)
            GROUP BY r.recipient HAVING sum(r.isRefusal) > 0 ORDER BY last DESC, r.recipient LIMIT ?4
            """,
            [
                ReplyClass.recipientRefused.rawValue, ReplyReason.suppressed.rawValue,
                address.map { StoredBytes($0) }, limit,
            ]
        )
    }

    /// Takes an address off the list.
    static func lift(_ address: String, now: Timestamp, in db: Database) throws {
        guard try !refusedRecipients(address, limit: 1, in: db).isEmpty else { throw StoreError.notFound }
        try db.run(
            """
            INSERT INTO suppression_lift (recipient, at) VALUES (?, ? - (SELECT clock_offset FROM store))
            ON CONFLICT (recipient) DO UPDATE SET at = excluded.at
            """,
            [StoredBytes(address), now.microseconds]
        )
    }
}
