import GRDB

/// Where the bodies of events lie. They are by far the largest part of a store and nothing but `explain`, previews and
/// opted-in content reads them, so they are kept apart and can move elsewhere without touching the log.
protocol BodyStore: Sendable {
    /// Keeps a body, in the transaction of its event.
    func insert(_ body: [UInt8], event: Int64, in db: Database) throws
    /// The body, or `nil` when it was not stored or has been pruned.
    func body(ofEvent event: Int64, in db: Database) throws -> [UInt8]?
    /// The oldest bodies with their sizes.
    func oldest(limit: Int, in db: Database) throws -> [(event: Int64, bytes: Int64)]
    /// Removes bodies.
    func remove(_ events: [Int64], in db: Database) throws
}

/// Bodies in a table of the same database.
struct TableBodyStore: BodyStore {
    func insert(_ body: [UInt8], event: Int64, in db: Database) throws {
        try db.insert(
            "INSERT INTO body (event, bytes, content) VALUES (?, ?, ?)",
            [.integer(event), .integer(Int64(body.count)), .bytes(body)]
        )
    }

    func body(ofEvent event: Int64, in db: Database) throws -> [UInt8]? {
        try db.row("SELECT content FROM body WHERE event = ?", [event]).map { $0.bytes(0) }
    }

    func oldest(limit: Int, in db: Database) throws -> [(event: Int64, bytes: Int64)] {
        try db.rows("SELECT event, bytes FROM body ORDER BY event LIMIT ?", [limit]).map { ($0[0], $0[1]) }
    }

    func remove(_ events: [Int64], in db: Database) throws {
        for event in events { try db.run("DELETE FROM body WHERE event = ?", [event]) }
    }
}
