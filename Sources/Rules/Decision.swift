package import Events

/// What came of one rule at one log entry. Exactly one is kept per (position, rule, group); a rule whose condition was
/// not true leaves none.
package struct Decision: Sendable, Equatable {
    package let position: LogPosition
    package let at: Timestamp
    /// The store's number of the event, or `nil` for a decision made by the clock.
    package let event: Int64?
    package let rule: String
    package let group: String?
    package let outcome: Outcome

    /// What the rule's condition and policies came to.
    package enum Outcome: Sendable, Equatable {
        /// A notification with this id was made.
        case notified(String)
        /// The rule matched, and this held its mail back.
        case suppressed(SuppressionReason)
        /// The condition could not be evaluated; counted as no match. The text names no payload.
        case faulted(String)
    }

    package init(
        position: LogPosition, at: Timestamp, event: Int64?, rule: String, group: String?, outcome: Outcome
    ) {
        self.position = position
        self.at = at
        self.event = event
        self.rule = rule
        self.group = group
        self.outcome = outcome
    }
}

/// Why a match did not become a mail, or not one for every recipient.
package enum SuppressionReason: String, Sendable, CaseIterable {
    /// The rule's `at_most` had no slot left.
    case throttled
    /// The match waits for the rule's digest.
    case digested
    /// A calendar under `mute:` was in force.
    case muted
    /// An operator's silence was in force.
    case silenced
    /// Another rule's alert explains it (`inhibit:`).
    case inhibited
    /// All recipients have quiet hours; a summary follows.
    case quiet
    /// `at_most` of every recipient had no slot left; a summary follows.
    case recipientThrottled = "recipient_throttled"
    /// `at_most` of all mails had no slot left; a summary follows.
    case mailsThrottled = "mails_throttled"

    /// The reason as the end of a sentence that begins with "because".
    package var words: String {
        switch self {
        case .throttled: "`at_most` had no slot left"
        case .digested: "the rule tells its matches in a digest"
        case .muted: "a calendar under `mute:` was in force"
        case .silenced: "an operator's silence was in force"
        case .inhibited: "another rule's alert explains it (`inhibit:`)"
        case .quiet: "its recipients had quiet hours, after which a summary tells of it"
        case .recipientThrottled: "`at_most` of its recipients had no slot left, so that a summary tells of it"
        case .mailsThrottled: "`at_most` of all mails had no slot left, so that a summary tells of it"
        }
    }
}

/// A row of engine state: everything the engine must find again after a restart, one small row per thing that changes.
package struct EngineStateRow: Sendable, Equatable {
    /// The state key, such as `throttle/<rule>`; at most 512 bytes.
    package let key: String
    /// The state as the engine wrote it, or `nil` to remove the row.
    package let value: [UInt8]?

    package init(key: String, value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}
