extension StoreError: CustomStringConvertible {
    /// What happened and what to do about it, in a sentence.
    package var description: String {
        switch self {
        case .full(let freeBytes, let floorBytes):
            "the store takes no new events: \(freeBytes >> 20) MiB are free, \(floorBytes >> 20) MiB must be"
        case .unavailable(let detail, let fatal):
            fatal ? "the store has failed and must be opened again: \(detail)" : "the store is unavailable: \(detail)"
        case .locked(let path, let owner):
            "\(path) is in use by process \(owner): stop that process, or let it do the work"
        case .conflict(let expected, let found):
            "the log was evaluated elsewhere: its cursor is at \(found), not at \(expected)"
        case .tooNew(let schema, let known):
            "the database was written by a newer Hookmail (schema \(schema); this one knows \(known)): use that one"
        case .notFound: "there is no such record"
        case .notAllowed(let reason): "this cannot be done: \(reason)"
        case .closed: "the store is closed"
        }
    }
}
