/// A window that compares the present period with an earlier one.
struct ChangeContent: WindowContent {
    /// How many buckets there are at most over both periods and what lies between.
    private static let bucketsMax: Int64 = 4_096

    private let measure: ChangeMeasure
    private var ledger: SpanLedger
    /// When the first input came: of what was before it nothing is known.
    private var since: Int64?

    /// An empty window over `within` microseconds, compared with the same length `against` microseconds earlier.
    init(_ measure: ChangeMeasure, within: Int64, against: Int64) {
        self.measure = measure
        let grain = max(InputQueue<SumBucket>.grain(ofSpan: within), (within + against) / Self.bucketsMax)
        ledger = SpanLedger(
            spans: [
                SpanLedger.Span(from: within),
                SpanLedger.Span(from: within + against, through: against),
            ],
            grain: grain, numbers: measure == .count ? .none : .number
        )
    }

    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool {
        let isTaken =
            switch (measure, input) {
            case (.count, .one): ledger.insert(0, at: at, now: now)
            case (.sum, .number(let number)), (.average, .number(let number)): ledger.insert(number, at: at, now: now)
            default: false
            }
        if isTaken { since = since ?? now }
        return isTaken
    }

    mutating func advance(to now: Int64) { ledger.advance(to: now) }

    func measure(at now: Int64) -> WindowMeasure {
        var value: Double?
        // There is no ratio to nothing, and none to less than nothing that would mean anything.
        if let since, since <= now - ledger.longest, let before = result(of: ledger.spans[1]), before > 0 {
            value = result(of: ledger.spans[0]).map { $0 / before }
        }
        return WindowMeasure(
            value: value.flatMap { $0.isFinite ? $0 : nil }, samples: ledger.spans[0].count,
            isApproximate: ledger.isApproximate
        )
    }

    private func result(of span: SpanLedger.Span) -> Double? {
        result(count: span.count, sum: span.sum.value)
    }

    private func result(count: Int, sum: Double) -> Double? {
        switch measure {
        case .count: Double(count)
        case .sum: sum
        case .average: count == 0 ? nil : sum / Double(count)
        }
    }

    func nextChange(after now: Int64) -> Int64? {
        guard let since, since > now - ledger.longest else { return ledger.nextChange }
        return min(since + ledger.longest, ledger.nextChange ?? .max)
    }

    func trend(at now: Int64, bars: Int) -> [Double] {
        ledger.parts(at: now, bars: bars).map { result(count: $0.count, sum: $0.sum) ?? 0 }
    }

    mutating func shift(by step: Int64) {
        ledger.shift(by: step)
        since = since.map { max(WindowContents.instants.lowerBound, $0 + step) }
    }

    func encode(into bytes: inout [UInt8], now: Int64) {
        bytes.appendAge(since, now: now)
        ledger.encode(into: &bytes, now: now)
    }

    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool {
        guard let since = reader.age(now: now) else { return false }
        self.since = since
        return ledger.decode(&reader, now: now)
    }

    var bytes: Int { MemoryLayout<Self>.size + 16 + ledger.bytes }
}

extension [UInt8] {
    /// Appends how long ago an instant was that may be missing, and is not after `now`.
    mutating func appendAge(_ instant: Int64?, now: Int64) {
        appendUnsigned(instant.map { UInt64(now - $0) + 1 } ?? 0)
    }
}

extension RowReader {
    /// An instant that `appendAge` wrote, or `.some(nil)` for none; `nil` for what it cannot have written.
    mutating func age(now: Int64) -> Int64?? {
        guard let age = unsigned() else { return nil }
        guard age > 0 else { return .some(nil) }
        guard age <= 1 << 62, now - Int64(age - 1) >= WindowContents.instants.lowerBound else { return nil }
        return now - Int64(age - 1)
    }
}
