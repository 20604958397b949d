/// A window that counts or adds up: count, sum, average and ratio.
struct SumContent: WindowContent {
    /// What is asked of the count and the sum.
    enum Measure {
        case count, sum, average, ratio
    }

    private let measure: Measure
    private var ledger: SpanLedger

    /// An empty window of `span` microseconds; `newest` is how far a count goes at most.
    init(_ measure: Measure, span: Int64, newest: Int? = nil) {
        self.measure = measure
        let numbers: InputQueue<SumBucket>.NumberForm =
            switch measure {
            case .count: .none
            case .ratio: .bit
            case .sum, .average: .number
            }
        let newest = newest.map { max(1, min($0, WindowShape.newestMax)) }
        ledger = SpanLedger(
            spans: [SpanLedger.Span(from: span)], grain: InputQueue<SumBucket>.grain(ofSpan: span), numbers: numbers,
            newest: newest
        )
    }

    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool {
        switch (measure, input) {
        case (.count, .one): ledger.insert(0, at: at, now: now)
        case (.sum, .number(let number)), (.average, .number(let number)): ledger.insert(number, at: at, now: now)
        case (.ratio, .part(let isMatch)): ledger.insert(isMatch ? 1 : 0, at: at, now: now)
        default: false
        }
    }

    mutating func advance(to now: Int64) { ledger.advance(to: now) }

    func measure(at now: Int64) -> WindowMeasure {
        let span = ledger.spans[0]
        return WindowMeasure(
            value: value(count: span.count, sum: span.sum.value), samples: span.count,
            isApproximate: ledger.isApproximate
        )
    }

    private func value(count: Int, sum: Double) -> Double? {
        switch measure {
        case .count: Double(count)
        case .sum: sum
        case .average, .ratio: count == 0 ? nil : sum / Double(count)
        }
    }

    func nextChange(after now: Int64) -> Int64? { ledger.nextChange }

    func trend(at now: Int64, bars: Int) -> [Double] {
        ledger.parts(at: now, bars: bars).map { value(count: $0.count, sum: $0.sum) ?? 0 }
    }

    mutating func shift(by step: Int64) { ledger.shift(by: step) }
    func encode(into bytes: inout [UInt8], now: Int64) { ledger.encode(into: &bytes, now: now) }
    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool { ledger.decode(&reader, now: now) }
    var bytes: Int { MemoryLayout<Self>.size + 16 + ledger.bytes }
}
