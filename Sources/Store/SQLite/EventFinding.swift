import Events
import GRDB

/// Finds events by what their senders call them. The key is looked up by its index, kind by kind of event; the ids
/// among the facts are looked for in the newest events alone.
enum EventFinding {
    /// How many of the newest events are searched by their facts.
    static let searchedEventsMax = 10_000
    /// How many kinds of events (source and type) are asked for a key.
    static let kindsMax = 1_000

    /// The numbers of the events, each once, in no order.
    static func numbers(calledBy id: String, in db: Database) throws -> Set<Int64> {
        var numbers: Set<Int64> = []
        for (source, type) in try kinds(in: db) {
            let first = try db.row(
                "SELECT id FROM event WHERE holds_key = 1 AND source = ? AND type = ? AND key = ?",
                [source, type, StoredBytes(id)])
            guard let number: Int64 = first?[0] else { continue }
            numbers.insert(number)
            for row in try db.rows(
                "SELECT id FROM event WHERE revises = ? ORDER BY id DESC LIMIT ?", [number, pageRowsMax])
            {
                numbers.insert(row[0])
            }
        }
        let rows = try db.rows(
            """
            SELECT id, facts FROM event
            WHERE id > (SELECT ifnull(max(id), 0) FROM event) - ? AND instr(facts, ?) > 0
            ORDER BY id DESC LIMIT ?
            """,
            [searchedEventsMax, StoredBytes(JSONValue.string(id).encoded()), pageRowsMax])
        for row in rows where try row.facts(1).isCalled(id) { numbers.insert(row[0]) }
        return numbers
    }

    /// Every source and type there is, found by stepping over the events of the one before.
    private static func kinds(in db: Database) throws -> [(StoredBytes, StoredBytes)] {
        var kinds: [(StoredBytes, StoredBytes)] = []
        var row = try db.row("SELECT source, type FROM event WHERE holds_key = 1 ORDER BY source, type LIMIT 1")
        while let found = row, kinds.count < kindsMax {
            let kind: (StoredBytes, StoredBytes) = (found[0], found[1])
            kinds.append(kind)
            row = try db.row(
                """
                SELECT source, type FROM event WHERE holds_key = 1 AND (source, type) > (?, ?)
                ORDER BY source, type LIMIT 1
                """,
                [kind.0, kind.1])
        }
        return kinds
    }
}

extension Facts {
    /// Whether one of the ids that platforms know a request by is this one.
    func isCalled(_ id: String) -> Bool {
        [Fact.uniqueID, .id, .fullUniqueID].contains { fact in
            guard case .string(let text) = self[fact] else { return false }
            return text.utf8.elementsEqual(id.utf8)
        }
    }
}
