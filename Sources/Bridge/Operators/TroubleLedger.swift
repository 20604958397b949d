package import Events
package import Rendering

/// Which troubles operators have been told of, and which they still have to be: a value that knows no clock.
///
/// A trouble is told once while it lasts, and again after a day; one that ended and came back is told again. Whatever
/// happens, there is at most one mail an hour: what comes meanwhile waits for the next one.
package struct TroubleLedger: Sendable, Equatable {
    /// The shortest time between two mails, in seconds.
    package static let mailSecondsMin: Int64 = 3_600
    /// After how many seconds a trouble that lasts is told again.
    package static let repeatSeconds: Int64 = 86_400
    /// How long after a mail that did not go out another one is tried, in seconds.
    package static let retrySeconds: Int64 = 900
    /// The most troubles that wait; later ones are in the log alone.
    package static let pendingMax = 100

    /// What a mail has still to tell.
    package private(set) var pending: [TimedTrouble] = []
    /// When a trouble was told last, by its key.
    package private(set) var told: [String: Timestamp] = [:]
    /// Before this no mail goes out; `nil` when one may.
    package private(set) var earliest: Timestamp?

    package init() {}

    /// One that was kept.
    package init(pending: [TimedTrouble], told: [String: Timestamp], earliest: Timestamp?) {
        self.pending = Array(pending.prefix(Self.pendingMax))
        self.told = told
        self.earliest = earliest
    }

    /// Moves its instants with a clock that was set.
    package mutating func shift(by step: Duration) {
        pending = pending.map { timed in
            TimedTrouble(
                timed.trouble, since: timed.since.advanced(by: step), until: timed.until?.advanced(by: step))
        }
        told = told.mapValues { $0.advanced(by: step) }
        earliest = earliest?.advanced(by: step)
    }

    /// Takes what is wrong now.
    package mutating func note(_ standing: [Trouble], at now: Timestamp) {
        // A clock that was set back must not keep mails for longer than the hour.
        earliest = earliest.map { min($0, now.advanced(by: .seconds(Self.mailSecondsMin))) }
        let keys = Set(standing.map(\.key))
        told = told.filter { key, at in
            let isFresh = at <= now && now - at < .seconds(Self.repeatSeconds)
            return isFresh && (keys.contains(key) || Trouble.comesAndGoes(key))
        }
        for index in pending.indices where !keys.contains(pending[index].trouble.key) && pending[index].until == nil {
            pending[index].until = now
        }
        for trouble in standing {
            if let index = pending.firstIndex(where: { $0.trouble.key == trouble.key }) {
                pending[index].trouble = trouble
                pending[index].until = nil
            } else if told[trouble.key] == nil, pending.count < Self.pendingMax {
                pending.append(TimedTrouble(trouble, since: now))
            }
        }
    }

    /// What a mail should tell now; empty for no mail.
    package func due(at now: Timestamp) -> [TimedTrouble] { earliest.map { now >= $0 } ?? true ? pending : [] }

    /// The mail about all that was due went out.
    package mutating func noteTold(at now: Timestamp) {
        for timed in pending { told[timed.trouble.key] = now }
        pending = []
        earliest = now.advanced(by: .seconds(Self.mailSecondsMin))
    }

    /// The mail did not go out: it is tried again later.
    package mutating func noteFailed(at now: Timestamp) {
        earliest = now.advanced(by: .seconds(Self.retrySeconds))
    }
}
