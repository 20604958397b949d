package import Events

/// How an `at_most` stands at one moment.
package struct ThrottleStanding: Sendable, Equatable {
    package let throttle: Throttle
    /// Mails that count inside the window now.
    package let used: Int
    /// Matches held back since the last mail, which the next one will name.
    package let heldBack: Int
    /// The time of the first of them.
    package let heldBackSince: Timestamp?
    /// When a slot is free again, or `nil` when one is free now.
    package let nextMailAt: Timestamp?
}

extension ThrottleState {
    /// The state in the words of people who look at it.
    func standing(at now: Timestamp) -> ThrottleStanding {
        ThrottleStanding(
            throttle: throttle, used: used(at: now), heldBack: heldBack, heldBackSince: heldBackSince,
            nextMailAt: nextMailAt(now))
    }
}
