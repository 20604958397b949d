import GRDB
import GRDBSQLite

extension Database {
    /// Runs a statement that writes and is kept compiled for the next time.
    func run(_ sql: String, _ values: [any SQLValueConvertible] = []) throws {
        _ = try firstInteger(sql, values)
    }

    /// Runs a statement that writes and says how many rows it changed.
    func rowsChanged(_ sql: String, _ values: [any SQLValueConvertible]) throws -> Int {
        try run(sql, values)
        return changesCount
    }

    /// Runs a statement that writes what every event writes: its bytes go into the database without a copy between.
    func insert(_ sql: String, _ values: [SQLValue]) throws {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        try SQLValue.withBound(values[...], to: statement, check) {
            let code = sqlite3_step(statement)
            guard code != SQLITE_DONE else { return }
            try check(code == SQLITE_ROW ? SQLITE_MISUSE : code)
        }
    }

    /// Runs a statement and gives the integer in the first column of its first row; `nil` without a row or for NULL.
    func firstInteger(_ sql: String, _ values: [any SQLValueConvertible] = []) throws -> Int64? {
        try firstRow(sql, values) { statement in
            sqlite3_column_type(statement, 0) == SQLITE_INTEGER ? sqlite3_column_int64(statement, 0) : nil
        } ?? nil
    }

    /// Runs a statement without parameters and gives the integers in the first three columns of its first row;
    /// `nil` without a row. NULL is 0.
    func firstIntegers(_ sql: String) throws -> (Int64, Int64, Int64)? {
        try firstRow(sql, []) { statement in
            (
                sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                sqlite3_column_int64(statement, 2)
            )
        }
    }

    /// Runs a statement to its end and reads its first row.
    private func firstRow<Value>(
        _ sql: String, _ values: [any SQLValueConvertible], _ read: (SQLiteStatement) -> Value
    ) throws -> Value? {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        defer {
            sqlite3_reset(statement)
            // A body of many megabytes is not kept until the next one.
            sqlite3_clear_bindings(statement)
        }
        for (offset, value) in values.enumerated() {
            try check(value.sqlValue.bind(to: statement, at: CInt(offset + 1)))
        }
        var first: Value?
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_DONE:
                return first
            case SQLITE_ROW:
                if first == nil { first = read(statement) }
            case let code:
                try check(code)
            }
        }
    }

    /// Begins or ends a transaction or a savepoint.
    func control(_ sql: String) throws {
        try cachedStatement(sql: sql).execute()
    }

    /// The rows of a statement that is kept compiled for the next time.
    func rows(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }

    /// The first row of a statement that is kept compiled for the next time.
    func row(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    private func check(_ code: CInt) throws {
        guard code != SQLITE_OK else { return }
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage)
    }
}
