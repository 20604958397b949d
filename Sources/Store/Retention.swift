/// How long things are kept. A body of an event never outlives the event.
package struct Retention: Sendable, Equatable {
    /// `nil`: bodies are not stored at all.
    package var bodies: Duration?
    /// How long evaluated events and their decisions are kept.
    package var events: Duration
    /// How long ended mails are kept.
    package var mails: Duration
    /// The most the store may take on disk; the oldest bodies go first, then ended mails and evaluated events.
    /// An SQLite file does not shrink by that at once: freed pages are used again first.
    package var bytesMax: Int64

    package init(
        bodies: Duration? = .seconds(7 * 86_400), events: Duration = .seconds(90 * 86_400),
        mails: Duration = .seconds(90 * 86_400), bytesMax: Int64 = 4 << 30
    ) {
        self.bodies = bodies
        self.events = events
        self.mails = mails
        self.bytesMax = bytesMax
    }
}

/// How many rows one pruning removed.
package struct PruneReport: Sendable, Equatable {
    /// Bodies removed, whether or not their event stays.
    package let bodies: Int
    /// Events removed.
    package let events: Int
    /// Mails removed.
    package let mails: Int

    package init(bodies: Int, events: Int, mails: Int) {
        self.bodies = bodies
        self.events = events
        self.mails = mails
    }
}
