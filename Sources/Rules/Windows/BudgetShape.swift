package import Events

/// A budget: so much in a calendar period, and at which paces of spending to speak up.
///
/// A burn rate is the pace relative to one that spends the limit evenly over the period: at 1 the money lasts exactly,
/// at 14.4 a month's is gone in two days. Each rate has a long window, which must be spent faster than the rate so that
/// it matters, and a short one of a twelfth, so that the alert ends soon after the spending does (multi-window,
/// multi-burn-rate alerts: The Site Reliability Workbook, chapter 5).
package struct BudgetShape: Sendable, Equatable {
    /// The most burn rates a budget may have.
    package static let burnRatesMax = 8
    /// What a burn rate may be.
    package static let burnRates: ClosedRange<Double> = 0.5...1_000
    /// The burn rates of the workbook: a fiftieth of the budget in an hour, a twentieth in six, a tenth in three days.
    package static let usualBurnRates: [Double] = [14.4, 6, 1]

    /// A calendar period in UTC.
    package enum Period: String, Sendable, Equatable, CaseIterable {
        /// From midnight.
        case day
        /// From midnight of Monday.
        case week
        /// From midnight of the first.
        case month

        /// The length that paces and windows are reckoned with; a month counts as 30 days.
        package var length: Duration {
            switch self {
            case .day: .seconds(86_400)
            case .week: .seconds(7 * 86_400)
            case .month: .seconds(30 * 86_400)
            }
        }

        /// When the period that `now` lies in began, and when the next one begins.
        package func bounds(at now: Timestamp) -> Range<Timestamp> {
            let day = (now.microseconds / 86_400_000_000) - (now.microseconds % 86_400_000_000 < 0 ? 1 : 0)
            let date = CivilDate(daysSinceEpoch: day)
            let first: Int64
            let next: Int64
            switch self {
            case .day:
                first = day
                next = day + 1
            case .week:
                first = day - Int64(date.weekday)
                next = first + 7
            case .month:
                first = day - Int64(date.day - 1)
                next = first + Int64(CivilDate.days(inMonth: date.month, of: date.year))
            }
            return Timestamp(seconds: first * 86_400)..<Timestamp(seconds: next * 86_400)
        }
    }

    /// How much may be spent in a period; above 0.
    package let limit: Double
    /// The calendar period that it is for.
    package let period: Period
    /// The paces to speak up at, within `burnRates`, the fastest first.
    package let burn: [Double]

    package init(limit: Double, period: Period, burn: [Double] = BudgetShape.usualBurnRates) {
        self.limit = limit
        self.period = period
        self.burn = burn.sorted(by: >)
    }

    /// Over which spans a burn rate is looked at.
    package struct BurnWindows: Sendable, Equatable {
        /// The pace, relative to the even one, above which both windows must be spent.
        package let rate: Double
        /// How far the long window looks back.
        package let long: Duration
        /// How far the short window looks back: a twelfth.
        package let short: Duration
    }

    /// The windows of each burn rate, in the order of `burn`.
    ///
    /// The long one is as long as a given share of the budget takes at that rate: 2 % at rates from 10 on, 5 % from 3
    /// on, 10 % below. So 14.4, 6 and 1 have one hour, six hours and three days of a month, and its parts of a week or
    /// a day.
    package var burnWindows: [BurnWindows] {
        burn.map { rate in
            let share = rate >= 10 ? 0.02 : rate >= 3 ? 0.05 : 0.1
            let seconds = share * Double(period.length.components.seconds) / rate
            let long = Duration.milliseconds(max(1_000, Int64((seconds * 1_000).rounded())))
            return BurnWindows(rate: rate, long: long, short: .microseconds(long.wholeMicroseconds / 12))
        }
    }
}

/// How a budget stands at an instant.
package struct BudgetStanding: Sendable, Equatable {
    /// One burn rate's windows and the paces in them.
    package struct Burn: Sendable, Equatable {
        /// The rate and its windows.
        package let windows: BudgetShape.BurnWindows
        /// The pace over the long window, relative to one that spends the limit evenly over the period.
        package let longPace: Double
        /// The pace over the short window, likewise.
        package let shortPace: Double

        /// Whether both windows are spent faster than the rate.
        package var isBurning: Bool { longPace > windows.rate && shortPace > windows.rate }
    }

    /// How much may be spent in the period.
    package let limit: Double
    /// What the present period has spent.
    package let spent: Double
    /// The present calendar period in UTC.
    package let period: Range<Timestamp>
    /// In the order of the shape's burn rates.
    package let burns: [Burn]
    /// When the money ends if it goes on like this: at the pace of the fastest rate that burns, else of the longest
    /// window. `now` when it has ended; `nil` when it lasts until the period ends.
    package let endsAt: Timestamp?

    /// What of the limit is spent: 0.5 is half of it.
    package var share: Double { spent / limit }
    /// Whether the limit itself is reached.
    package var isSpent: Bool { spent >= limit }
    /// Whether to speak up: the limit is reached, or a burn rate exceeded in both of its windows.
    package var isAlerting: Bool { isSpent || burns.contains(where: \.isBurning) }
}
