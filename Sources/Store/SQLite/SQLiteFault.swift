import GRDB

/// A fault of SQLite, and what it means for the store.
struct SQLiteFault {
    /// What a result code asks for.
    private enum Kind {
        /// No room: this call failed, later ones may pass.
        case full
        /// The file or the device cannot be trusted any more. After a failed fsync the kernel may have marked pages as
        /// clean that never reached the disk, so going on is not an option.
        case fatal
        /// The caller contradicted the schema.
        case refused
        /// Another process holds the lock, memory is short, and the like.
        case passing
    }

    private let kind: Kind
    private let detail: String

    /// The fault behind an error that GRDB threw. The text holds SQLite's code and words, never a value.
    init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_FULL: kind = .full
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PROTOCOL:
            kind = .fatal
        case .SQLITE_CONSTRAINT: kind = .refused
        default: kind = .passing
        }
        detail = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no words")"
    }

    /// The error to throw.
    func storeError(space: FreeSpace) -> StoreError {
        switch kind {
        case .full:
            space.forget()
            return space.fullError
        case .fatal: return .unavailable(detail: detail, fatal: true)
        case .refused: return .notAllowed(detail)
        case .passing: return .unavailable(detail: detail, fatal: false)
        }
    }
}

extension StoreError {
    /// The store's error for whatever a piece of work threw.
    static func of(_ error: any Error, space: FreeSpace) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as DatabaseError: SQLiteFault(error).storeError(space: space)
        default: .unavailable(detail: "a stored record cannot be read", fatal: false)
        }
    }
}
