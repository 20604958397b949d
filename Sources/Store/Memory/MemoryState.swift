import Events
import Mail
import Rules

/// Everything a `MemoryStore` holds. The tables are those of the SQLite schema.
struct MemoryState {
    /// An event as stored.
    struct Event {
        let key: EventKey
        let receivedAt: Timestamp
        let digest: [UInt8]
        let facts: Facts
        let isRevision: Bool
        let bodyBytes: Int64
        /// The body while it is stored.
        var body: [UInt8]?
        /// What the event counts against `Retention.bytesMax`, its body left out.
        let factsBytes: Int64
    }

    /// What is known under one key.
    struct KnownKey {
        /// The first version.
        let event: Int64
        let digest: [UInt8]
        let receivedAt: Timestamp
        /// Revisions by their digest.
        var revisions: [[UInt8]: Int64] = [:]
    }

    /// A key as bytes: `String` would merge canonically equivalent keys.
    struct KeyBytes: Hashable {
        let source: [UInt8]
        let type: [UInt8]
        let id: [UInt8]

        init(_ key: EventKey) {
            source = Array(key.source.utf8)
            type = Array(key.type.utf8)
            id = Array(key.id.utf8)
        }
    }

    /// What a log entry holds: an event stands in its own table.
    enum LogContent {
        case event(Int64)
        case change(LogEntry.Change)
    }

    /// A log entry.
    struct LogRow {
        let at: Timestamp
        let content: LogContent
        var position: LogPosition?
    }

    /// A notification.
    struct StoredNotification {
        let notification: Notification
        /// When its last delivery ended; `nil` while one is unfinished.
        var endedAt: Timestamp?
        /// Whether its end has entered the log.
        var isEndLogged: Bool
        var deliveries: [Int64] = []
    }

    /// A delivery.
    struct StoredDelivery {
        /// The number of its notification.
        let notification: Int64
        let recipient: String
        var createdAt: Timestamp
        var standing: DeliveryStanding
        /// By how much the wall clock had been set in all when the delivery ended.
        var endedOffset = Duration.zero
        var message: Message?
        var templateFault: String?
        var attempts: [AttemptRecord] = []
    }

    var isClosed = false
    var events = NumberedRows<Event>()
    var keys: [KeyBytes: KnownKey] = [:]
    var log = NumberedRows<LogRow>()
    /// The number of the log row of each event.
    var rowOfEvent: [Int64: Int64] = [:]
    var decisions: [LogPosition: [Decision]] = [:]
    var engineState: [[UInt8]: EngineStateRow] = [:]
    var cursor: LogPosition = 0
    var cursorAt: Timestamp?
    var notifications = NumberedRows<StoredNotification>()
    var notificationIDs: Set<[UInt8]> = []
    /// The wall clock as it was at the beginning of the present call; `nil` where nobody looks at it.
    var clock: ClockHistory?
    /// How the wall clock was set: the numbers of the log rows, ascending.
    var clockSteps: [(row: Int64, by: Duration)] = []
    /// By how much it was set in all.
    var clockOffset = Duration.zero
    var deliveries = NumberedRows<StoredDelivery>()
    /// Up to when refusals of an address no longer count, because an operator said so: less `clockOffset` of that time.
    var suppressionLifts: [[UInt8]: Timestamp] = [:]

    /// What parts of the bridge remember, and `clockOffset` of the time when it was kept.
    var memos: [Memo.Name: (content: [UInt8], offset: Duration)] = [:]

    /// The time for an entry accepted at `now`: never earlier than that of the entry before.
    func logTime(_ now: Timestamp) -> Timestamp {
        max(now, logEnd ?? now)
    }

    /// The time of the last entry, removed or not.
    private var logEnd: Timestamp? {
        guard let last = log.rows.last?.row, last.position.map({ $0 >= cursor }) ?? true else { return cursorAt }
        return last.at
    }

    /// Appends an entry that is no event.
    mutating func appendChange(_ change: LogEntry.Change, at now: Timestamp) {
        log.append(LogRow(at: logTime(now), content: .change(change)))
    }
}
