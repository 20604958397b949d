/// The inputs of one grain of time as a sketch.
struct SketchBucket: InputBucket {
    var start: Int64
    private(set) var count = 0
    /// The inputs' numbers.
    private(set) var sketch = RelativeErrorSketch<UInt32>()

    init(start: Int64) {
        self.start = start
    }

    mutating func take(_ number: Double) {
        count += 1
        sketch.add(MagnitudeKeys.key(of: number))
    }

    func encode(into bytes: inout [UInt8]) { sketch.encode(into: &bytes) }

    init?(start: Int64, reading reader: inout RowReader) {
        guard let sketch = RelativeErrorSketch<UInt32>(reading: &reader), sketch.total > 0 else { return nil }
        self.start = start
        self.sketch = sketch
        count = sketch.total
    }

    var bytes: Int { sketch.bytes }
}

/// A window of a percentile: exact from the numbers in their order while every input is kept, within 1 % from a sketch
/// while there are buckets.
struct PercentileContent: WindowContent {
    private let rank: Double
    private let span: Int64
    private var queue: InputQueue<SketchBucket>
    /// Every number from the least on, while there are no buckets.
    private var ordered: [Double] = []
    /// Every number, while there are buckets.
    private var sketch: RelativeErrorSketch<UInt64>?
    private var count = 0

    /// An empty window of `span` microseconds for the percentile `rank`.
    init(rank: Double, span: Int64) {
        self.rank = rank
        self.span = span
        queue = InputQueue(grain: InputQueue<SketchBucket>.grain(ofSpan: span), hasNumbers: true)
    }

    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool {
        guard case .number(let number) = input, queue.place(of: at) > now - span else { return false }
        _ = queue.insert(number, at: at)
        count += 1
        if sketch != nil {
            sketch?.add(MagnitudeKeys.key(of: number))
        } else {
            ordered.insert(number, at: Self.firstIndex(notBelow: number, in: ordered))
        }
        if queue.fold() {
            if sketch == nil { rebuild() }
            // The first bucket may stand before the edge.
            advance(to: now)
        }
        return true
    }

    mutating func advance(to now: Int64) {
        let edge = now - span
        guard queue.count > 0, queue.instant(0) <= edge else { return }
        let gone = queue.firstPosition(after: edge)
        if gone == queue.count {
            queue.removeFirst(gone)
            rebuild()
            return
        }
        let buckets = queue.bucketCount
        for position in 0..<gone {
            count -= queue.weight(position)
            if position < buckets {
                sketch?.remove(queue.bucket(position).sketch)
            } else {
                forget(queue.entries.number(position - buckets))
            }
        }
        queue.removeFirst(gone)
        if sketch != nil, queue.bucketCount == 0 { rebuild() }
    }

    private mutating func forget(_ number: Double) {
        if sketch != nil {
            sketch?.remove(MagnitudeKeys.key(of: number))
        } else {
            let index = Self.firstIndex(notBelow: number, in: ordered)
            if index < ordered.count { ordered.remove(at: index) }
        }
    }

    /// Puts the numbers in order, or counts them in a sketch, anew.
    private mutating func rebuild() {
        ordered = []
        sketch = nil
        count = (0..<queue.count).reduce(0) { $0 + queue.weight($1) }
        let numbers = (0..<queue.entries.count).map(queue.entries.number)
        guard queue.bucketCount > 0 else {
            ordered = numbers.sorted()
            return
        }
        var sketch = RelativeErrorSketch<UInt64>()
        for position in 0..<queue.bucketCount { sketch.add(queue.bucket(position).sketch) }
        for number in numbers { sketch.add(MagnitudeKeys.key(of: number)) }
        self.sketch = sketch
    }

    private static func firstIndex(notBelow number: Double, in ordered: [Double]) -> Int {
        var low = 0
        var high = ordered.count
        while low < high {
            let middle = (low + high) / 2
            if ordered[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The nearest rank: the least one that `rank` percent of `count` do not exceed, from 1 to `count`.
    private func nearestRank(of count: Int) -> Int {
        max(1, min(count, Int((rank * Double(count) / 100).rounded(.up))))
    }

    func measure(at now: Int64) -> WindowMeasure {
        guard count > 0 else { return WindowMeasure(value: nil, samples: 0) }
        let rank = nearestRank(of: count)
        if let sketch {
            return WindowMeasure(value: sketch.number(ofRank: rank), samples: count, isApproximate: true)
        }
        return WindowMeasure(value: ordered[rank - 1], samples: count)
    }

    func nextChange(after now: Int64) -> Int64? { queue.count > 0 ? queue.instant(0) + span : nil }

    func trend(at now: Int64, bars: Int) -> [Double] {
        let edges = TrendEdges(now: now, span: span, bars: bars)
        var position = 0
        return (1...bars).map { bar in
            var sketch = RelativeErrorSketch<UInt64>()
            var numbers: [Double] = []
            var total = 0
            while position < queue.count, queue.instant(position) <= edges.end(of: bar) {
                total += queue.weight(position)
                if position < queue.bucketCount {
                    sketch.add(queue.bucket(position).sketch)
                } else {
                    numbers.append(queue.entries.number(position - queue.bucketCount))
                }
                position += 1
            }
            guard total > 0 else { return 0 }
            if numbers.count == total { return numbers.sorted()[nearestRank(of: total) - 1] }
            for number in numbers { sketch.add(MagnitudeKeys.key(of: number)) }
            return sketch.number(ofRank: nearestRank(of: total)) ?? 0
        }
    }

    mutating func shift(by step: Int64) { queue.shift(by: step) }
    func encode(into bytes: inout [UInt8], now: Int64) { queue.encode(into: &bytes, now: now, .number) }

    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool {
        guard queue.decode(&reader, now: now, span: span, entriesMax: WindowShape.entriesMax, .number) else {
            return false
        }
        rebuild()
        return true
    }

    var bytes: Int {
        MemoryLayout<Self>.size + 16 + queue.bytes + ordered.capacity * 8 + 32 + (sketch?.bytes ?? 0)
    }
}
