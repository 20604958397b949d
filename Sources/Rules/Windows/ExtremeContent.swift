/// The inputs of one grain of time as their number and the greatest of them.
struct ExtremeBucket: InputBucket {
    var start: Int64
    private(set) var count = 0
    /// The greatest of the inputs' numbers.
    private(set) var greatest = -Double.infinity

    init(start: Int64) {
        self.start = start
    }

    mutating func take(_ number: Double) {
        count += 1
        greatest = max(greatest, number)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendUnsigned(UInt64(count))
        bytes.appendNumber(greatest)
    }

    init?(start: Int64, reading reader: inout RowReader) {
        guard let count = reader.inputCount(), let greatest = reader.number() else { return nil }
        self.start = start
        self.count = count
        self.greatest = greatest
    }

    var bytes: Int { 0 }
}

/// A window of the least or the greatest number.
///
/// The least is the greatest of the negated numbers.
struct ExtremeContent: WindowContent {
    private let isMinimum: Bool
    private let span: Int64
    private var queue: InputQueue<ExtremeBucket>
    private var wedge = Wedge()
    private var count = 0

    /// An empty window of `span` microseconds.
    init(isMinimum: Bool, span: Int64) {
        self.isMinimum = isMinimum
        self.span = span
        queue = InputQueue(grain: InputQueue<ExtremeBucket>.grain(ofSpan: span), hasNumbers: true)
    }

    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool {
        guard case .number(let number) = input else { return false }
        let place = queue.place(of: at)
        guard place > now - span else { return false }
        let signed = isMinimum ? -number : number
        _ = queue.insert(signed, at: at)
        wedge.insert(signed, at: place)
        count += 1
        if queue.fold() {
            rebuild()
            // The first bucket may stand before the edge.
            advance(to: now)
        }
        return true
    }

    mutating func advance(to now: Int64) {
        let edge = now - span
        guard queue.count > 0, queue.instant(0) <= edge else { return }
        let gone = queue.firstPosition(after: edge)
        for position in 0..<gone { count -= queue.weight(position) }
        queue.removeFirst(gone)
        wedge.removeFirst(through: edge)
    }

    /// Finds the peaks and the number of inputs anew.
    private mutating func rebuild() {
        wedge = Wedge()
        count = 0
        for position in 0..<queue.count {
            wedge.insert(number(at: position), at: queue.instant(position))
            count += queue.weight(position)
        }
    }

    private func number(at position: Int) -> Double {
        let buckets = queue.bucketCount
        return position < buckets ? queue.bucket(position).greatest : queue.entries.number(position - buckets)
    }

    private func value(_ greatest: Double?) -> Double? {
        // 0 rather than the negative zero of the negated numbers.
        greatest.map { isMinimum ? 0 - $0 : $0 }
    }

    func measure(at now: Int64) -> WindowMeasure {
        WindowMeasure(value: value(wedge.greatest), samples: count, isApproximate: queue.bucketCount > 0)
    }

    func nextChange(after now: Int64) -> Int64? { queue.count > 0 ? queue.instant(0) + span : nil }

    func trend(at now: Int64, bars: Int) -> [Double] {
        let edges = TrendEdges(now: now, span: span, bars: bars)
        var position = 0
        return (1...bars).map { bar in
            var greatest: Double?
            while position < queue.count, queue.instant(position) <= edges.end(of: bar) {
                greatest = max(greatest ?? -.infinity, number(at: position))
                position += 1
            }
            return value(greatest) ?? 0
        }
    }

    mutating func shift(by step: Int64) {
        queue.shift(by: step)
        wedge.shift(by: step)
    }

    func encode(into bytes: inout [UInt8], now: Int64) { queue.encode(into: &bytes, now: now, .number) }

    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool {
        guard queue.decode(&reader, now: now, span: span, entriesMax: WindowShape.entriesMax, .number) else {
            return false
        }
        rebuild()
        return true
    }

    var bytes: Int { MemoryLayout<Self>.size + 16 + queue.bytes + wedge.bytes }
}
