package import Events

/// What a window measured at a decision, for its mail.
package struct WindowFigures: Sendable, Equatable {
    /// The most bars of a trend.
    package static let barsMax = 24
    /// The longest value of `seen` in Unicode scalars; longer ones are cut.
    package static let seenScalarsMax = 200

    /// What was measured, as in the rule: `count`, `sum of cost`, `p95 of latency`.
    package let measure: String
    /// The value at the decision, or `nil` where there was too little to measure.
    package let value: Double?
    /// The threshold as written: `at least 5`, `above 5%`.
    package let threshold: String
    /// How far back the window looks.
    package let within: Duration
    /// How many events or figures stand behind the value.
    package let samples: Int
    /// Whether the window was measured in buckets of a sixtieth of it.
    package let isApproximate: Bool
    /// The window cut into equal parts, oldest first; counts or figures, at most `barsMax`.
    package let trend: [Double]
    /// When the threshold was passed, of an alert that is or was open.
    package var since: Timestamp?
    /// The value farthest beyond the threshold since then.
    package var peak: Double?
    /// How many reminders there have been, this one included.
    package var reminders = 0
    /// The first notification of the same alert, which its mails thread under; `nil` in that one, and where a summary
    /// told of the alert first.
    package var thread: MailThread?
    /// The value that had not been seen, of a rule with `first_seen`: from the event, at most `seenScalarsMax` of it.
    package var seen: String?
    /// What is known of the money, of a rule with `budget`.
    package var budget: BudgetFigures?
    /// The name of the period it is compared to, of a rule with `change`, as its distance.
    package var against: Duration?

    package init(
        measure: String, value: Double?, threshold: String, within: Duration, samples: Int, isApproximate: Bool,
        trend: [Double]
    ) {
        self.measure = measure
        self.value = value
        self.threshold = threshold
        self.within = within
        self.samples = samples
        self.isApproximate = isApproximate
        self.trend = trend
    }

    /// A value as `seen` holds it.
    static func seen(_ text: String) -> String {
        ScalarCut.text(text, scalarsMax: seenScalarsMax)
    }
}

/// The notification whose mails others stand under: its id and when it was decided, of which the Message-IDs of its
/// mails are made.
package struct MailThread: Sendable, Equatable {
    package let id: String
    package let at: Timestamp

    package init(id: String, at: Timestamp) {
        self.id = id
        self.at = at
    }
}

/// How a budget stands.
package struct BudgetFigures: Sendable, Equatable {
    /// In the unit of what is summed: for `cost` US dollars.
    package let spent: Double
    package let limit: Double
    /// When the running calendar period began and ends.
    package let periodStart: Timestamp
    package let periodEnd: Timestamp
    /// When the limit will be reached at the present pace, or `nil` when not in this period.
    package let endsAt: Timestamp?
    /// The burn rate that was passed: how many times faster than the limit allows; `nil` when the limit itself was.
    package let burn: Double?

    package init(
        spent: Double, limit: Double, periodStart: Timestamp, periodEnd: Timestamp, endsAt: Timestamp?, burn: Double?
    ) {
        self.spent = spent
        self.limit = limit
        self.periodStart = periodStart
        self.periodEnd = periodEnd
        self.endsAt = endsAt
        self.burn = burn
    }
}
