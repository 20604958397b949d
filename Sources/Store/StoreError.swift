/// Why the store could not do what it was asked. Carries no event data.
package enum StoreError: Error, Sendable, Equatable {
    /// Free space is below the floor: nothing new is taken, mails go on.
    case full(freeBytes: Int64, floorBytes: Int64)
    /// The engine behind the store failed; `detail` is its code and words. After an I/O error the process should end.
    case unavailable(detail: String, fatal: Bool)
    /// Another process has the store; `owner` is what it said about itself (its process id).
    case locked(path: String, owner: String)
    /// The evaluator's cursor had moved: somebody else evaluates.
    case conflict(expected: Int64, found: Int64)
    /// The database was written by a newer Hookmail.
    case tooNew(schema: Int, known: Int)
    case notFound
    /// The record is in a state in which this cannot be done; the text says which.
    case notAllowed(String)
    case closed
}

extension StoreError {
    /// A constant word for logs and metric labels, without any detail.
    package var shortDescription: String {
        switch self {
        case .full: "full"
        case .unavailable: "unavailable"
        case .locked: "locked"
        case .conflict: "conflict"
        case .tooNew: "too_new"
        case .notFound: "not_found"
        case .notAllowed: "not_allowed"
        case .closed: "closed"
        }
    }

    /// Whether the process should end so that a supervisor starts it anew: after an I/O error nobody knows what the
    /// kernel still holds.
    package var isFatal: Bool {
        if case .unavailable(_, let fatal) = self { return fatal }
        return false
    }
}
