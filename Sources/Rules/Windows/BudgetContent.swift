import Events

/// A window that holds spending against a budget: over the windows of its burn rates, and since the calendar period
/// began.
struct BudgetContent: WindowContent {
    /// How many buckets there are at most over the longest window.
    private static let bucketsMax: Int64 = 4_096

    private let shape: BudgetShape
    private let windows: [BudgetShape.BurnWindows]
    /// Two spans for each burn rate: the long one, then the short one.
    private var ledger: SpanLedger
    /// The calendar period that `spent` and `count` are of; `nil` until the next instant says which that is.
    private var period: Range<Int64>?
    private var spent = CompensatedSum()
    private var count = 0

    /// An unspent budget.
    init(_ shape: BudgetShape) {
        self.shape = shape
        windows = shape.burnWindows
        let spans = windows.flatMap { windows in
            [
                SpanLedger.Span(from: windows.long.wholeMicroseconds),
                SpanLedger.Span(from: windows.short.wholeMicroseconds),
            ]
        }
        // A budget without burn rates still has a window, for the pace: a tenth of its period.
        let all = spans.isEmpty ? [SpanLedger.Span(from: shape.period.length.wholeMicroseconds / 10)] : spans
        let shortest = all.map(\.from).min() ?? 0
        let longest = all.map(\.from).max() ?? 0
        ledger = SpanLedger(
            spans: all, grain: max(1_000_000, shortest / 5, longest / Self.bucketsMax), numbers: .number)
    }

    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool {
        guard case .number(let number) = input else { return false }
        let isInPeriod = period?.contains(at) == true
        if isInPeriod {
            spent.add(number)
            count += 1
        }
        return ledger.insert(number, at: at, now: now) || isInPeriod
    }

    mutating func advance(to now: Int64) {
        ledger.advance(to: now)
        guard period?.contains(now) != true else { return }
        // A clock that was set has spent nothing less; only time that passes begins a period.
        let isLater = period.map { now >= $0.upperBound } ?? false
        let bounds = shape.period.bounds(at: Timestamp(microseconds: now))
        period = bounds.lowerBound.microseconds..<bounds.upperBound.microseconds
        guard isLater else { return }
        spent = CompensatedSum()
        count = 0
    }

    func measure(at now: Int64) -> WindowMeasure {
        WindowMeasure(value: spent.value / shape.limit, samples: count, isApproximate: ledger.isApproximate)
    }

    /// How the budget stands at `now`, at which the content stands.
    func standing(at now: Int64) -> BudgetStanding {
        // Microseconds of the period in which the limit would be spent evenly, for each unit of money.
        let even = Double(shape.period.length.wholeMicroseconds) / shape.limit
        let burns = windows.indices.map { index in
            let long = ledger.spans[2 * index]
            let short = ledger.spans[2 * index + 1]
            return BudgetStanding.Burn(
                windows: windows[index], longPace: long.sum.value / Double(long.from) * even,
                shortPace: short.sum.value / Double(short.from) * even
            )
        }
        let longest = ledger.spans.max { $0.from < $1.from }.map { $0.sum.value / Double($0.from) * even } ?? 0
        let pace = burns.first(where: \.isBurning)?.longPace ?? longest
        let period = shape.period.bounds(at: Timestamp(microseconds: now))
        var endsAt: Timestamp?
        if spent.value >= shape.limit {
            endsAt = Timestamp(microseconds: now)
        } else if pace > 0 {
            let left = (shape.limit - spent.value) * even / pace
            let rest = period.upperBound.microseconds - now
            if left < Double(rest) { endsAt = Timestamp(microseconds: now + Int64(left.rounded(.up))) }
        }
        return BudgetStanding(limit: shape.limit, spent: spent.value, period: period, burns: burns, endsAt: endsAt)
    }

    func nextChange(after now: Int64) -> Int64? {
        guard count > 0 else { return ledger.nextChange }
        return [period?.upperBound, ledger.nextChange].compactMap { $0 }.min()
    }

    func trend(at now: Int64, bars: Int) -> [Double] { ledger.parts(at: now, bars: bars).map(\.sum) }

    /// The calendar stays on the clock: the next instant says in which period what was spent is now.
    mutating func shift(by step: Int64) {
        ledger.shift(by: step)
        period = nil
    }

    func encode(into bytes: inout [UInt8], now: Int64) {
        bytes.appendUnsigned(UInt64(count))
        bytes.appendSum(spent)
        ledger.encode(into: &bytes, now: now)
    }

    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool {
        guard let count = reader.unsigned(), count < 1 << 52, let spent = reader.sum() else { return false }
        advance(to: now)
        self.count = Int(count)
        self.spent = spent
        return ledger.decode(&reader, now: now)
    }

    var bytes: Int {
        MemoryLayout<Self>.size + 16 + windows.count * MemoryLayout<BudgetShape.BurnWindows>.stride + ledger.bytes
    }
}
