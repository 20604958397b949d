import Events
import GRDB

/// The memos in their table.
enum MemoRows {
    /// Keeps a content in the place of the one before.
    ///
    /// - Parameter clockStep: how far the clock was set since the caller read the instants in it.
    static func keep(_ content: [UInt8], as name: Memo.Name, clockStep: Duration, in db: Database) throws {
        try db.run(
            """
            INSERT INTO memo (name, clock_offset, content) VALUES (?, (SELECT clock_offset FROM store) - ?, ?)
            ON CONFLICT (name) DO UPDATE SET clock_offset = excluded.clock_offset, content = excluded.content
            """,
            [name.rawValue, clockStep.wholeMicroseconds, StoredBytes(content)])
    }

    /// What was kept last, or `nil`.
    static func memo(_ name: Memo.Name, in db: Database) throws -> Memo? {
        let row = try db.row(
            "SELECT content, (SELECT clock_offset FROM store) - clock_offset FROM memo WHERE name = ?",
            [name.rawValue])
        return row.map { Memo(content: $0.bytes(0), clockStep: .microseconds($0[1] as Int64)) }
    }
}
