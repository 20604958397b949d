import Events

/// The state machine of one rule and group: OK → pending → firing → OK.
///
/// A value without clock; it is stepped at every evaluation of its window, and says what its owner has to tell.
struct Alert: Sendable, Equatable {
    /// Where the alert stands.
    enum Phase: Sendable, Equatable {
        case ok
        /// The threshold has held since then, for less than `for`.
        case pending(since: Timestamp)
        case firing(since: Timestamp)
    }

    /// What an evaluation found.
    struct Finding {
        /// Whether the threshold holds; `nil` is unknown.
        let holds: Bool?
        /// Whether the window has recovered; `nil` is unknown.
        let isRecovered: Bool?
        /// Whether a whole window has passed without a sample, of a measure that has no value then.
        let isEmpty: Bool
        /// The measured value.
        let value: Double?
    }

    /// What an evaluation came to.
    enum Turn: Equatable {
        case none
        /// The alert fires, or fires still and nobody could be told so far.
        case tellFired
        case tellReminder
        /// The alert ended; `wasTold` says whether anybody knows of it.
        case ended(NotificationReason, since: Timestamp, wasTold: Bool)
    }

    var phase: Phase = .ok
    /// Since when the window has been recovered, while it fires still.
    var recoveredSince: Timestamp?
    /// The notification that told of it first; empty where a summary did, `nil` while nobody was told.
    var firstNotification: String?
    /// When that notification was decided: its mail's name is made of both. It stays as it is when a clock is set.
    var firstNotifiedAt: Timestamp?
    /// When the last mail of it was decided.
    var toldAt: Timestamp?
    /// Reminders so far.
    var reminders = 0
    /// The value farthest beyond the threshold since it fired.
    var peak: Double?

    var isFiring: Bool { if case .firing = phase { true } else { false } }
    var isOK: Bool { phase == .ok }

    /// Takes the finding of an evaluation at `now`.
    mutating func step(_ finding: Finding, _ window: Window, at now: Timestamp) -> Turn {
        let fires = finding.holds == true || (finding.isEmpty && window.noData == .fire)
        switch phase {
        case .ok, .pending:
            guard fires else {
                phase = .ok
                return .none
            }
            let since: Timestamp
            if case .pending(let start) = phase { since = start } else { since = now }
            guard now - since >= window.holdFor else {
                phase = .pending(since: since)
                return .none
            }
            phase = .firing(since: since)
            peak = finding.value
            return .tellFired
        case .firing(let since):
            return stepFiring(since, finding, window, at: now)
        }
    }

    private mutating func stepFiring(
        _ since: Timestamp, _ finding: Finding, _ window: Window, at now: Timestamp
    ) -> Turn {
        if finding.isEmpty, window.noData == .close { return end(.noTraffic, since) }
        if finding.isRecovered == true {
            let start = recoveredSince ?? now
            recoveredSince = start
            if now - start >= window.keepFiringFor { return end(.recovered, since) }
        } else {
            recoveredSince = nil
        }
        if let value = finding.value {
            peak = peak.map { window.threshold.comparison.isLower ? min($0, value) : max($0, value) } ?? value
        }
        guard firstNotification != nil else { return .tellFired }
        if let remind = window.remind, let toldAt, now - toldAt >= remind { return .tellReminder }
        return .none
    }

    private mutating func end(_ reason: NotificationReason, _ since: Timestamp) -> Turn {
        let turn = Turn.ended(reason, since: since, wasTold: firstNotification != nil)
        phase = .ok
        return turn
    }

    /// Forgets the alert that ended, after its end was told.
    mutating func reset() {
        self = Alert()
    }

    /// When time alone brings the next turn, besides what the window's contents say.
    func deadline(_ window: Window) -> Timestamp? {
        switch phase {
        case .ok: return nil
        case .pending(let since): return since.advanced(by: window.holdFor)
        case .firing:
            let recovery = recoveredSince.map { $0.advanced(by: window.keepFiringFor) }
            let reminder = window.remind.flatMap { remind in toldAt.map { $0.advanced(by: remind) } }
            return [recovery, reminder].compactMap { $0 }.min()
        }
    }
}
