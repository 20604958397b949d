package import Events

/// What a summary tells of: matches that were gathered instead of mailed one by one.
package struct SummaryFigures: Sendable, Equatable {
    /// One rule and group, what happened to it, and how often.
    package struct Line: Sendable, Equatable {
        package let rule: String
        /// The values of `per`, or `nil`.
        package internal(set) var group: String?
        package let reason: NotificationReason
        package let severity: Severity
        package internal(set) var count: Int
        package internal(set) var first: Timestamp
        package internal(set) var last: Timestamp
        /// The store's number of the newest event, or `nil`.
        package internal(set) var event: Int64?
        /// The normalised error text of the events (`error_signature`), by which failures are clustered, or `nil`.
        package internal(set) var signature: String?
        /// What the events cost together in US dollars; 0 where it is not known.
        package internal(set) var cost: Double
        /// Addresses that these matches are kept from, for a silence of their own: each once, in order, at most
        /// `keptFromMax`. A notification has none: its summary is what remains for its recipients.
        var keptFrom: [String] = []
        /// The names of the rule's `per` and the values of the group, for silences that come later; `nil` where they
        /// are not known, for an earlier version gathered them, and in a notification.
        var groupValues: [Notification.DecidingValue]?

        package init(
            rule: String, group: String?, reason: NotificationReason, severity: Severity, count: Int,
            first: Timestamp, last: Timestamp, event: Int64?, signature: String?, cost: Double
        ) {
            self.rule = rule
            self.group = group
            self.reason = reason
            self.severity = severity
            self.count = count
            self.first = first
            self.last = last
            self.event = event
            self.signature = signature
            self.cost = cost
        }
    }

    /// The most lines a summary keeps apart, so that a notification stays below its 64 KB; what comes later is counted
    /// in `otherCount`.
    package static let linesMax = 25
    /// The longest group of a line in Unicode scalars; longer ones are cut.
    package static let groupScalarsMax = 120
    /// The longest signature of a line in Unicode scalars; longer ones are cut.
    package static let signatureScalarsMax = 120

    /// The most addresses that a line is kept from; should there be more, the later ones are told.
    static let keptFromMax = 25
    /// The most rules of matches beyond the lines that are known apart.
    static let otherRulesMax = 25

    /// The most that the events of a line cost together, in US dollars.
    static let costMax = 1e15

    /// In the order of their first match.
    package internal(set) var lines: [Line] = []
    /// Matches beyond the lines.
    package internal(set) var otherCount = 0
    /// Of which rules the matches beyond the lines are, for up to `otherRulesMax` of them; none in a notification.
    var otherRules: [String: Int] = [:]
    /// The time of the first and of the last match.
    package internal(set) var from: Timestamp
    package internal(set) var to: Timestamp
    /// The store's numbers of the first and of the last event whose match was gathered; `nil` where none was, and where
    /// an earlier version began to gather.
    var events: ClosedRange<Int64>?
    /// Whose summary it is: the recipient's name for quiet hours and overflow, `nil` for a rule's digest.
    package let recipient: String?

    package init(from: Timestamp, recipient: String?) {
        self.from = from
        self.to = from
        self.recipient = recipient
    }

    /// All matches together.
    package var count: Int { lines.reduce(otherCount) { $0 + $1.count } }
}
