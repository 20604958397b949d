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

    /// Runs a statement and gives the integer in the first column of its first row; `nil` without a row or for NULL.
    func firstInteger(_ sql: String, _ values: [any SQLValueConvertible] = []) throws -> Int64? {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        defer {
            sqlite3_reset(statement)
            // A body of many megabytes is not kept until the next one.
            sqlite3_clear_bindings(statement)
        }
        for (offset, value) in values.enumerated() {
            try check(value.sqlValue.bind(to: statement, at: CInt(offset + 1)))
        }
        var integer: Int64?
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_DONE:
                return integer
            case SQLITE_ROW:
                guard integer == nil, sqlite3_column_type(statement, 0) == SQLITE_INTEGER else { continue }
                integer = sqlite3_column_int64(statement, 0)
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
