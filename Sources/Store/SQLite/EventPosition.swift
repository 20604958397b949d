import GRDB
import Rules

/// Where the log entry of an event is. The event knows, but for those of a store from before that was so, which are in
/// a table.
enum EventPosition {
    /// The position of the entry of an event `e`, in SQL.
    static let ofE = "ifnull(e.position, (SELECT p.position FROM event_position p WHERE p.event = e.id))"

    /// The position of an event's entry; `nil` for an event that is not there.
    static func of(_ event: Int64, in db: Database) throws -> LogPosition? {
        try db.firstInteger("SELECT \(ofE) FROM event e WHERE e.id = ?", [event])
    }
}
