import Foundation
import GRDB
import GRDBSQLite

/// Bytes in a BLOB column, read without a detour over `Data`.
///
/// Texts that come from senders are stored so too, in UTF-8: GRDB binds and reads TEXT up to the first NUL, and a JSON
/// string may hold one, so that two keys would become one.
struct StoredBytes: DatabaseValueConvertible, StatementColumnConvertible {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    init?(sqliteStatement: SQLiteStatement, index: CInt) {
        let count = Int(sqlite3_column_bytes(sqliteStatement, index))
        guard count > 0, let start = sqlite3_column_blob(sqliteStatement, index) else {
            bytes = []
            return
        }
        bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    var databaseValue: DatabaseValue { Data(bytes).databaseValue }

    static func fromDatabaseValue(_ dbValue: DatabaseValue) -> StoredBytes? {
        Data.fromDatabaseValue(dbValue).map { StoredBytes(Array($0)) }
    }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD, and none is stored.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
