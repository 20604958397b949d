/// When a mail that was not taken is tried again. A pure function: the clock and the dice are parameters.
package struct RetryPolicy: Sendable, Equatable {
    /// The pauses after the first, second, … attempt.
    package var pauses: [Duration]
    /// The pause after every later attempt.
    package var pauseThereafter: Duration
    /// How far a pause may be off, as a part of it: 0.2 is ±20 %, so that many mails do not come back at once.
    package var jitterFraction: Double
    /// The shortest pause after a greylisting, whatever the schedule says.
    package var greylistedPauseMin: Duration
    /// The shortest wait while our own configuration is at fault: more frequent wrong logins lock accounts.
    package var holdMin: Duration
    /// The age at which a mail is given up: an alert is stale sooner than the 4 to 5 days of RFC 5321 §4.5.4.1.
    package var ageMax: Duration
    /// The age at which a mail for a full mailbox is given up.
    package var mailboxFullAgeMax: Duration

    /// 1, 2, 5, 10, 15, 30 minutes, then hourly, ±20 %; given up after 48 hours.
    package static let standard = RetryPolicy()

    package init(
        pauses: [Duration] = [1, 2, 5, 10, 15, 30].map { .seconds($0 * 60) },
        pauseThereafter: Duration = .seconds(3_600),
        jitterFraction: Double = 0.2, greylistedPauseMin: Duration = .seconds(300), holdMin: Duration = .seconds(900),
        ageMax: Duration = .seconds(48 * 3_600), mailboxFullAgeMax: Duration = .seconds(24 * 3_600)
    ) {
        self.pauses = pauses
        self.pauseThereafter = pauseThereafter
        self.jitterFraction = jitterFraction
        self.greylistedPauseMin = greylistedPauseMin
        self.holdMin = holdMin
        self.ageMax = ageMax
        self.mailboxFullAgeMax = mailboxFullAgeMax
    }

    /// What follows an attempt.
    ///
    /// - Parameters:
    /// - reply: what the attempt came to.
    /// - attempt: how many attempts were made, this one included, counted from 1. An attempt that ended `host` should
    ///     not be counted by the caller; the pause after it is the schedule's first one.
    /// - createdAt: since when the mail grows old: when it was made, when a hold ended, or when an operator asked for a
    /// retry.
    /// - now: when the attempt ended.
    /// - jitter: a random number in 0..<1.
    package func next<Instant: InstantProtocol>(
        after reply: Reply, attempt: Int, createdAt: Instant, now: Instant, jitter: Double
    ) -> RetryDecision<Instant> where Instant.Duration == Duration {
        var pause: Duration
        var age = ageMax
        switch reply.classification {
        case .accepted: return .accepted
        case .notAttempted: return .retry(at: now)
        case .permanent, .recipientRefused: return .dead
        case .configuration: return .hold(until: now.advanced(by: holdMin * (1 + jitterFraction * clamped(jitter))))
        case .host: pause = jittered(pauses.first ?? pauseThereafter, jitter)
        case .greylisted: pause = max(jittered(scheduled(after: attempt), jitter), greylistedPauseMin)
        case .transient, .ambiguous: pause = jittered(scheduled(after: attempt), jitter)
        }
        if reply.saysMailboxFull { age = min(age, mailboxFullAgeMax) }
        let due = now.advanced(by: pause)
        return createdAt.duration(to: due) > age ? .dead : .retry(at: due)
    }

    /// The pause of the schedule after the given number of attempts.
    private func scheduled(after attempt: Int) -> Duration {
        let index = max(attempt, 1) - 1
        return index < pauses.count ? pauses[index] : pauseThereafter
    }

    private func jittered(_ pause: Duration, _ jitter: Double) -> Duration {
        pause * (1 + jitterFraction * (2 * clamped(jitter) - 1))
    }

    private func clamped(_ jitter: Double) -> Double { min(max(jitter, 0), 1) }
}

/// What follows an attempt.
package enum RetryDecision<Instant: InstantProtocol>: Sendable, Equatable where Instant.Duration == Duration {
    /// Done: the server has taken it.
    case accepted
    /// Try again then.
    case retry(at: Instant)
    /// Our configuration is at fault: hold all mails until then, tell the operator, never give up for it.
    case hold(until: Instant)
    /// Given up.
    case dead
}

extension Reply {
    /// A full mailbox (x.2.2, or 452 and 552 without more) is a matter of hours: RFC 3463 calls it persistent
    /// transient.
    fileprivate var saysMailboxFull: Bool {
        if let enhancedCode { return enhancedCode.hasSuffix(".2.2") }
        return code == 452 || code == 552
    }
}
