package import Events
import Expressions

/// A test beside a rule: events that come in on a virtual clock, and the mails that are expected of them.
package struct RuleTest: Sendable {
    /// Events that come in one after the other.
    package struct Batch: Sendable {
        /// The facts of each, as members of a request log.
        package let members: JSONObject
        /// A file of events, one JSON text a line, in place of `members`; its path as written.
        package let file: String?
        /// How many times the event comes in, or the file's events.
        package let count: Int
        /// The time between two events.
        package let every: Duration
        /// The time between the last event of the batch before and the first of this one.
        package let after: Duration
    }

    /// What must have happened at the end.
    package struct Expectation: Sendable {
        /// How many mails that fit the rest; `nil` for at least one, or for any number beside `suppressed`.
        package var mails: Int?
        /// When the first of them was decided, from the first event on.
        package var at: Duration?
        package var group: String?
        /// A part of the subject.
        package var subject: String?
        /// Whom it goes to, in any order.
        package var recipients: [String]?
        package var reason: NotificationReason?
        /// Why a match must have been held back at least once, or `times` times.
        package var suppressed: SuppressionReason?
        package var times: Int?

        package init() {}
    }

    package let name: String
    package let rule: String
    /// The name of the file that the test stands in.
    package let file: String
    /// Where in it.
    package let range: SourceRange
    /// The first event's instant.
    package let start: Timestamp
    package let batches: [Batch]
    /// How long the clock goes on after the last event.
    package let wait: Duration
    package let expectations: [Expectation]

    /// The most events of a test, so that a typing error does not run for hours.
    package static let eventsMax = 100_000
    /// The most tests beside one rule.
    package static let testsMax = 200
    /// When tests begin unless they say otherwise: a Monday at noon, UTC.
    package static let standardStart = Timestamp(seconds: 1_767_614_400)

    /// File and line, as other findings begin: `hookmail.yaml:12`.
    package var place: String { "\(file):\(range.position.line)" }

    /// The time from the first event to the end, of batches without files.
    package var length: Duration {
        var length = Duration.zero
        for (index, batch) in batches.enumerated() {
            if index > 0 { length += batch.after }
            length += batch.every * max(0, batch.count - 1)
        }
        return length + wait
    }
}
