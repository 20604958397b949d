/// The limit that a measured value is held against: `above: 10`, `at_least: 5`.
package struct Threshold: Sendable, Equatable {
    /// How the value stands to the limit.
    package enum Comparison: String, Sendable, CaseIterable {
        case above
        case atLeast = "at_least"
        case below
        case atMost = "at_most"

        /// The word as people read it: `at least`.
        package var words: String {
            switch self {
            case .above: "above"
            case .atLeast: "at least"
            case .below: "below"
            case .atMost: "at most"
            }
        }

        /// Whether a falling value can come to hold, so that time alone may make it true.
        var isLower: Bool { self == .below || self == .atMost }
    }

    package let comparison: Comparison
    /// In the unit of what is measured; of a ratio the share, 0.05 for 5 %.
    package let limit: Double

    package init(_ comparison: Comparison, _ limit: Double) {
        self.comparison = comparison
        self.limit = limit
    }

    /// Whether `value` is on the far side of the limit.
    package func holds(_ value: Double) -> Bool {
        switch comparison {
        case .above: value > limit
        case .atLeast: value >= limit
        case .below: value < limit
        case .atMost: value <= limit
        }
    }
}
