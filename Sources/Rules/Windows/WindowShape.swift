/// What a window measures and over which spans.
///
/// A window is half open, `(now − W, now]`: an input exactly W ago has left it, one at `now` is in it.
package enum WindowShape: Sendable, Equatable {
    /// The number of inputs. With `newest`, from 1 to `newestMax`, the count goes no further and is exact: what
    /// "at least N" and "above N − 1" need. Without, it is exact up to `entriesMax` inputs.
    case count(within: Duration, newest: Int?)
    /// The sum of the numbers; 0 of none.
    case sum(within: Duration)
    /// The mean of the numbers; unknown of none.
    case average(within: Duration)
    /// The least number; unknown of none.
    case minimum(within: Duration)
    /// The greatest number; unknown of none.
    case maximum(within: Duration)
    /// The least number that at least `rank` percent of the numbers do not exceed (nearest rank), 0 < `rank` < 100;
    /// unknown of none.
    case percentile(within: Duration, rank: Double)
    /// The share of inputs that match, from 0 to 1; unknown of none.
    case ratio(within: Duration)
    /// The number of different texts.
    case distinct(within: Duration)
    /// A measure over `(now − W, now]` divided by the same over `(now − A − W, now − A]`, A being `against`. Unknown
    /// until the earlier period lies wholly after the first input, and whenever it holds nothing to divide by.
    case change(of: ChangeMeasure, within: Duration, against: Duration)
    /// Seconds since the last input; unknown before the first one, unless the window was armed.
    case absent(after: Duration)
    /// 1 when the input just added is a text not seen within `forgetAfter`, else 0.
    case firstSeen(forgetAfter: Duration)
    /// The share of a budget that is spent in the present period: 0.5 is half of it. See `WindowContents.budget(at:)`.
    case budget(BudgetShape)

    /// Up to so many inputs a group each is kept with its instant; older ones go into buckets.
    package static let entriesMax = 4_096
    /// The largest N of a count that keeps only the N newest.
    package static let newestMax = 10_000
    /// The spans a window may have.
    package static let spans: ClosedRange<Duration> = .seconds(1) ... .seconds(366 * 86_400)
    /// How many times its own length a change may look back, so that buckets stay short beside the periods.
    package static let againstPeriodsMax = 400
    /// How many different texts a distinct count tells apart exactly.
    package static let textsMax = 1_000
    /// How many texts a rule remembers as seen; the one not seen for longest is forgotten first.
    package static let textsSeenMax = 10_000
    /// Numbers of a greater magnitude are not counted: sums of them would leave the range of a double.
    package static let magnitudeMax = 0x1p960
}

/// What a change compares.
package enum ChangeMeasure: String, Sendable, Equatable, CaseIterable {
    /// The number of inputs.
    case count
    /// The sum of the numbers.
    case sum
    /// The mean of the numbers.
    case average
}

/// What one event gives to a window.
package enum WindowInput: Sendable, Equatable {
    /// It happened: for count and absent.
    case one
    /// A number: for sum, average, minimum, maximum, percentile, change and budget.
    case number(Double)
    /// A text: for distinct and first_seen.
    case text(String)
    /// One of those whose share is asked for, and whether it matches: for ratio.
    case part(isMatch: Bool)
}

/// What a window says at an instant.
package struct WindowMeasure: Sendable, Equatable {
    /// The measure; `nil` is unknown, which is neither above nor below anything.
    package var value: Double?
    /// How many inputs it rests on: those inside the window; of a change those of the present period; of a budget
    /// those of the present period; of first_seen the number of texts remembered.
    package var samples: Int
    /// Whether the window's edge or the measure itself is approximate: buckets or a sketch stand for single inputs.
    package var isApproximate: Bool

    package init(value: Double?, samples: Int, isApproximate: Bool = false) {
        self.value = value
        self.samples = samples
        self.isApproximate = isApproximate
    }
}
