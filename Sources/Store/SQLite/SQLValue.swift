import GRDB
import GRDBSQLite

/// A value for a parameter of a statement that writes. Writing binds through C and not through GRDB's arguments, which
/// box every value, copy every blob once more and cut texts at a NUL.
enum SQLValue {
    case null
    case integer(Int64)
    case text(String)
    /// A text as the bytes of its UTF-8 (`StoredBytes` says why).
    case utf8(String)
    case bytes([UInt8])

    /// Binds values to the parameters from `index` on, and calls `body` while they are bound. Nothing is copied.
    static func withBound<Result>(
        _ values: ArraySlice<SQLValue>, to statement: SQLiteStatement, at index: CInt = 1,
        _ check: (CInt) throws -> Void, _ body: () throws -> Result
    ) throws -> Result {
        guard let value = values.first else { return try body() }
        func bound(_ code: CInt) throws -> Result {
            try check(code)
            return try withBound(values.dropFirst(), to: statement, at: index + 1, check, body)
        }
        switch value {
        case .bytes(let bytes):
            return try bytes.withUnsafeBytes { try bound(bind($0, to: statement, at: index, nil)) }
        case .utf8(var text):
            return try text.withUTF8 { try bound(bind(UnsafeRawBufferPointer($0), to: statement, at: index, nil)) }
        default:
            return try bound(value.bind(to: statement, at: index))
        }
    }

    /// Binds a BLOB.
    ///
    /// - Parameter copied: `nil` where the bytes stay until the statement is reset.
    private static func bind(
        _ bytes: UnsafeRawBufferPointer, to statement: SQLiteStatement, at index: CInt,
        _ copied: sqlite3_destructor_type?
    ) -> CInt {
        // A null pointer would bind NULL.
        guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
        return sqlite3_bind_blob64(statement, index, bytes.baseAddress, UInt64(bytes.count), copied)
    }

    /// Tells SQLite to keep a copy of what is bound.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Binds the value to a parameter, counted from 1.
    func bind(to statement: SQLiteStatement, at index: CInt) -> CInt {
        switch self {
        case .null:
            return sqlite3_bind_null(statement, index)
        case .integer(let value):
            return sqlite3_bind_int64(statement, index, value)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    sqlite3_bind_text(statement, index, characters.baseAddress, CInt(characters.count), Self.copied)
                }
            }
        case .bytes(let bytes):
            return bytes.withUnsafeBytes { Self.bind($0, to: statement, at: index, Self.copied) }
        case .utf8(var text):
            return text.withUTF8 { Self.bind(UnsafeRawBufferPointer($0), to: statement, at: index, Self.copied) }
        }
    }
}

/// What can stand among the values of a statement.
protocol SQLValueConvertible {
    /// The value to bind.
    var sqlValue: SQLValue { get }
}

extension Int64: SQLValueConvertible {
    var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLValueConvertible {
    var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Bool: SQLValueConvertible {
    var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension String: SQLValueConvertible {
    var sqlValue: SQLValue { .text(self) }
}

extension StoredBytes: SQLValueConvertible {
    var sqlValue: SQLValue { .bytes(bytes) }
}

extension Optional: SQLValueConvertible where Wrapped: SQLValueConvertible {
    var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
