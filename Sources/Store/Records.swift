package import Events
package import Mail
package import Rules

/// An event as people look at it.
package struct EventRecord: Sendable {
    /// The store's number of the event.
    package let id: Int64
    /// What makes two deliveries the same event.
    package let key: EventKey
    /// When its request had been read completely.
    package let receivedAt: Timestamp
    /// Whether the same key had been stored before with another body.
    package let isRevision: Bool
    /// The facts that rules see.
    package let facts: Facts
    /// The log position, or `nil` while unevaluated.
    package let position: LogPosition?
    /// The size of the body as it was, whether or not it is still stored.
    package let bodyBytes: Int64

    package init(
        id: Int64, key: EventKey, receivedAt: Timestamp, isRevision: Bool, facts: Facts, position: LogPosition?,
        bodyBytes: Int64
    ) {
        self.id = id
        self.key = key
        self.receivedAt = receivedAt
        self.isRevision = isRevision
        self.facts = facts
        self.position = position
        self.bodyBytes = bodyBytes
    }
}

/// A mail as people look at it in a list.
package struct DeliveryRecord: Sendable {
    /// The store's number of the delivery.
    package let id: Int64
    /// What the mail is about.
    package let notification: Notification
    /// The address.
    package let recipient: String
    /// Where the mail stands.
    package let state: DeliveryState
    /// Attempts begun so far.
    package let attempts: Int
    /// When the delivery was made.
    package let createdAt: Timestamp
    /// When the next attempt is due, while `queued` or `held`.
    package let nextAttemptAt: Timestamp?
    /// When the mail was accepted, given up or cancelled.
    package let endedAt: Timestamp?
    /// The reply of the last attempt that ended.
    package let lastReply: Reply?
    /// What went wrong with the wanted template, when the built-in plain one was used instead.
    package let templateFault: String?

    package init(
        id: Int64, notification: Notification, recipient: String, state: DeliveryState, attempts: Int,
        createdAt: Timestamp, nextAttemptAt: Timestamp?, endedAt: Timestamp?, lastReply: Reply?, templateFault: String?
    ) {
        self.id = id
        self.notification = notification
        self.recipient = recipient
        self.state = state
        self.attempts = attempts
        self.createdAt = createdAt
        self.nextAttemptAt = nextAttemptAt
        self.endedAt = endedAt
        self.lastReply = lastReply
        self.templateFault = templateFault
    }
}

/// One mail with everything known about it.
package struct DeliveryDetail: Sendable {
    /// The mail as lists show it.
    package let record: DeliveryRecord
    /// The message, once composed.
    package let message: Message?
    /// The attempts, oldest first.
    package let attempts: [AttemptRecord]

    package init(record: DeliveryRecord, message: Message?, attempts: [AttemptRecord]) {
        self.record = record
        self.message = message
        self.attempts = attempts
    }
}

/// One attempt to hand a mail over.
package struct AttemptRecord: Sendable, Equatable {
    /// Counted from 1.
    package let ordinal: Int
    /// When it began.
    package let startedAt: Timestamp
    /// `nil` while running, and after a crash in mid-attempt until the rescue marks it `ambiguous`.
    package let endedAt: Timestamp?
    /// What it came to, once ended.
    package let reply: Reply?

    package init(ordinal: Int, startedAt: Timestamp, endedAt: Timestamp?, reply: Reply?) {
        self.ordinal = ordinal
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.reply = reply
    }
}

/// Counts for health and status.
package struct StoreStatus: Sendable, Equatable {
    /// Events kept.
    package let events: Int64
    /// Log entries that await evaluation.
    package let unevaluated: Int64
    /// Mails by state; a state without mails is left out.
    package let deliveries: [DeliveryState: Int64]
    /// When the oldest unfinished delivery was made.
    package let oldestUnfinished: Timestamp?
    /// Free bytes where the store lives, or `nil` in memory.
    package let freeBytes: Int64?
    /// Whether new events are taken.
    package let accepts: Bool
    /// Log time of the oldest entry that awaits evaluation.
    package let oldestUnevaluated: Timestamp?

    package init(
        events: Int64, unevaluated: Int64, deliveries: [DeliveryState: Int64], oldestUnfinished: Timestamp?,
        freeBytes: Int64?, accepts: Bool, oldestUnevaluated: Timestamp? = nil
    ) {
        self.events = events
        self.unevaluated = unevaluated
        self.deliveries = deliveries
        self.oldestUnfinished = oldestUnfinished
        self.freeBytes = freeBytes
        self.accepts = accepts
        self.oldestUnevaluated = oldestUnevaluated
    }
}
