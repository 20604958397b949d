import Events

extension WindowShape {
    /// An empty window of this shape.
    var emptyContent: any WindowContent {
        switch self {
        case .count(let within, let newest): SumContent(.count, span: Self.span(within), newest: newest)
        case .sum(let within): SumContent(.sum, span: Self.span(within))
        case .average(let within): SumContent(.average, span: Self.span(within))
        case .minimum(let within): ExtremeContent(isMinimum: true, span: Self.span(within))
        case .maximum(let within): ExtremeContent(isMinimum: false, span: Self.span(within))
        case .percentile(let within, let rank): PercentileContent(rank: rank, span: Self.span(within))
        case .ratio(let within): SumContent(.ratio, span: Self.span(within))
        case .distinct(let within): DistinctContent(span: Self.span(within))
        case .change(let measure, let within, let against):
            ChangeContent(measure, within: Self.span(within), against: Self.span(against))
        case .absent(let after): AbsentContent(after: Self.span(after))
        case .firstSeen(let forgetAfter): FirstSeenContent(forgetAfter: Self.span(forgetAfter))
        case .budget(let budget): BudgetContent(budget)
        }
    }

    /// A byte that stands for the kind of window in the encoded form.
    var kindByte: UInt8 {
        switch self {
        case .count(_, nil): 1
        case .count: 2
        case .sum: 3
        case .average: 4
        case .minimum: 5
        case .maximum: 6
        case .percentile: 7
        case .ratio: 8
        case .distinct: 9
        case .change(.count, _, _): 10
        case .change(.sum, _, _): 11
        case .change(.average, _, _): 12
        case .absent: 13
        case .firstSeen: 14
        case .budget: 15
        }
    }

    /// The span in microseconds, kept above 0 and below what instants could not be moved by.
    private static func span(_ span: Duration) -> Int64 { max(1, min(1 << 58, span.wholeMicroseconds)) }
}
