package import Events

/// A place in the log's one order, counted from 1. The evaluator assigns it when it reads an entry, never the insert:
/// with several writers, rows become visible in another order than they were numbered in.
package typealias LogPosition = Int64

/// One entry of the log: something that may change a decision. Rule state is a function of these alone.
package struct LogEntry: Sendable {
    package let position: LogPosition
    /// Engine time: when the entry was accepted; never earlier than that of the entry before it, but where the clock
    /// was set back (`clockStep`).
    package let at: Timestamp
    package let change: Change

    package init(position: LogPosition, at: Timestamp, change: Change) {
        self.position = position
        self.at = at
        self.change = change
    }

    /// What happened.
    package enum Change: Sendable {
        /// A verified event.
        case event(LoggedEvent)
        /// A rule set taken into force, also at every start; `text` is what the file said.
        case ruleSet(hash: String, text: String)
        /// All mails of a notification have ended.
        case notificationEnded(NotificationEnd)
        /// An operator's action: one that belongs to the story (retry, cancel) or decides what follows (a silence).
        case operatorAction(OperatorAction)
        /// Time passed: written only when a deadline of the engine has passed.
        case clock
        /// The wall clock was set: forward by so much, or back where it is negative. The entry's time is by the clock
        /// as it is now, and everything remembered moves with it.
        case clockStep(by: Duration)
    }
}

/// An event as the log gives it to the engine.
package struct LoggedEvent: Sendable {
    /// The store's number of the event, counted from 1.
    package let id: Int64
    package let key: EventKey
    package let receivedAt: Timestamp
    /// Whether the same key had been stored before with another body: evaluated only by rules that ask for revisions.
    package let isRevision: Bool
    package let facts: Facts

    package init(id: Int64, key: EventKey, receivedAt: Timestamp, isRevision: Bool, facts: Facts) {
        self.id = id
        self.key = key
        self.receivedAt = receivedAt
        self.isRevision = isRevision
        self.facts = facts
    }
}

/// How a notification's mails ended: `accepted` when at least one was taken by a server.
package struct NotificationEnd: Sendable, Equatable {
    /// The end of all its mails taken together.
    package enum Outcome: String, Sendable {
        case accepted
        case dead
        case cancelled
    }

    package let notification: String
    package let rule: String
    package let outcome: Outcome

    package init(notification: String, rule: String, outcome: Outcome) {
        self.notification = notification
        self.rule = rule
        self.outcome = outcome
    }
}

/// What an operator did, through the admin address or a command.
package enum OperatorAction: Sendable, Equatable {
    /// A mail was queued again.
    case retry(delivery: Int64)
    /// A mail was taken out of the queue.
    case cancel(delivery: Int64)
    /// A silence begins.
    case silenceAdded(Silence)
    /// The silence of this id was ended before its time.
    case silenceEnded(id: String)

    /// Whether it adds or ends a silence.
    package var isAboutSilence: Bool {
        switch self {
        case .silenceAdded, .silenceEnded: true
        case .retry, .cancel: false
        }
    }
}
