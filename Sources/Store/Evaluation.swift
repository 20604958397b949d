package import Events
package import Mail
package import Rules

/// What an appended event was.
package enum Appended: Sendable, Equatable {
    /// New: stored under this number.
    case stored(Int64)
    /// Same key and same body as this number: nothing was stored.
    case duplicate(Int64)
    /// Same key, other body: stored under this number as a revision.
    case revision(Int64)

    /// The store's number of the event.
    package var id: Int64 {
        switch self {
        case .stored(let id), .duplicate(let id), .revision(let id): id
        }
    }
}

/// A log entry that awaits its position.
package struct PendingEntry: Sendable {
    /// The store's own number of the row, meaningless but for `Evaluation.positions`.
    package let row: Int64
    /// When the entry was accepted; never earlier than that of the entry before it, but where the clock was set back.
    package let at: Timestamp
    /// What entered the log.
    package let change: LogEntry.Change

    package init(row: Int64, at: Timestamp, change: LogEntry.Change) {
        self.row = row
        self.at = at
        self.change = change
    }
}

/// Where evaluation stands and what the engine must find again.
package struct EvaluatorState: Sendable {
    /// The last evaluated position, 0 at the beginning.
    package let cursor: LogPosition
    /// Engine time of the entry at `cursor`, or `nil` at the beginning.
    package let at: Timestamp?
    /// The rows of engine state, ascending by the bytes of their keys.
    package let rows: [EngineStateRow]

    /// The key of the row that says at which position the other rows were the engine's state: a decimal number. What
    /// the log has after it is needed to go on, so it is never pruned.
    package static let snapshotKey = "snapshot"

    /// The position in the value of the row under `snapshotKey`, or `nil` when it is none.
    package static func snapshotPosition(_ value: [UInt8]) -> LogPosition? {
        LogPosition(String(decoding: value, as: UTF8.self))
    }

    /// The position of the last snapshot, 0 before the first.
    package var snapshot: LogPosition {
        rows.first { $0.key == Self.snapshotKey }?.value.flatMap(Self.snapshotPosition) ?? 0
    }

    package init(cursor: LogPosition, at: Timestamp?, rows: [EngineStateRow]) {
        self.cursor = cursor
        self.at = at
        self.rows = rows
    }
}

/// One evaluated batch, taken over whole or not at all.
package struct Evaluation: Sendable {
    /// Each covered row and the position it got, ascending and without gaps from the cursor: the oldest unevaluated
    /// entries in the order in which the store gives them.
    package var positions: [(row: Int64, position: LogPosition)] = []
    /// What came of the rules; one per position, rule and group.
    package var decisions: [Decision] = []
    /// The notifications made, each id once.
    package var notifications: [NewNotification] = []
    /// Rows of engine state to write, or to remove where the value is `nil`.
    package var stateChanges: [EngineStateRow] = []
    /// Engine time of the last entry.
    package var at: Timestamp
    /// The wall clock. Log time may run ahead of it, after the clock was set back; queued deliveries are due at the
    /// earlier of the two, so that none waits for the clock to catch up. `at` as long as nothing else is said.
    package var now: Timestamp {
        get { wallClock ?? at }
        set { wallClock = newValue }
    }
    private var wallClock: Timestamp?

    /// - Parameters:
    ///   - at: Engine time of the last entry.
    ///   - now: The wall clock, or `nil` where engine time will do.
    package init(at: Timestamp, now: Timestamp? = nil) {
        self.at = at
        wallClock = now
    }
}

/// A notification with one delivery per recipient.
package struct NewNotification: Sendable {
    package let notification: Notification
    /// The deliveries to be made, each recipient once.
    package var deliveries: [NewDelivery]

    package init(notification: Notification, deliveries: [NewDelivery]) {
        self.notification = notification
        self.deliveries = deliveries
    }
}

/// A delivery to be made. With `start` it is born `sending` with its first attempt begun: so only two commits lie
/// between an event's arrival and its mail's DATA.
package struct NewDelivery: Sendable {
    /// The address.
    package let recipient: String
    /// The attempt that begins with the delivery, or `nil` to queue it.
    package let start: Start?

    /// The first attempt of a delivery that is sent at once.
    package struct Start: Sendable {
        /// The composed message.
        package let message: Message
        /// What went wrong with the wanted template, when the built-in plain one was used instead.
        package let templateFault: String?
        /// Until when the courier that commits holds the delivery.
        package let leaseUntil: Timestamp

        package init(message: Message, templateFault: String?, leaseUntil: Timestamp) {
            self.message = message
            self.templateFault = templateFault
            self.leaseUntil = leaseUntil
        }
    }

    package init(recipient: String, start: Start?) {
        self.recipient = recipient
        self.start = start
    }
}
