package import Events
package import Mail
import Synchronization

/// That no mail is sent because our configuration was refused, and why.
package struct MailHold: Sendable, Equatable {
    /// When one mail will try again.
    package let until: Timestamp
    /// What was wrong; `nil` when no more is known than that.
    package let reason: ReplyReason?

    package init(until: Timestamp, reason: ReplyReason?) {
        self.until = until
        self.reason = reason
    }

    /// What is wrong and what to do, in constant words.
    package var words: String { Self.words(reason) }

    /// The same for a reason alone.
    package static func words(_ reason: ReplyReason?) -> String {
        guard let reason else { return "The mail server refuses the configuration." }
        return "\(reason.meaning) \(reason.remedy)"
    }
}

extension Courier {
    /// Whether and why mails are held; `nil` while they go out.
    func hold(at now: Timestamp) -> MailHold? {
        state.withLock { state in
            guard let until = state.pausedUntil, now < until else { return nil }
            return MailHold(until: until, reason: state.pausedBecause)
        }
    }

    /// How each of several mail servers stands; empty where there is only one.
    var serverStandings: [MailServerStanding] { state.withLock { $0.transport }.serverStandings }
}
