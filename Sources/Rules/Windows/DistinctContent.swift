/// A window of the number of different texts: exact while there are few, estimated while there were many.
///
/// Beyond `WindowShape.textsMax` texts each sixth of the window has a HyperLogLog, and the table of texts begins anew;
/// once it has held every text for the length of the window, it counts alone again.
struct DistinctContent: WindowContent {
    /// The texts of one part of the window.
    private struct Part: Sendable {
        var start: Int64
        var sketch = HyperLogLog()
    }

    /// How many parts a window has.
    private static let partsCount: Int64 = 6

    private let span: Int64
    /// The length of a part in microseconds.
    private let grain: Int64
    private var texts = RecencyTable()
    /// Of which instants on the table has every text; `nil` while it has all of the window.
    private var since: Int64?
    /// Only while the table has not every text; in the order of their time.
    private var parts: [Part] = []
    /// Everything in the parts.
    private var union: HyperLogLog?

    /// An empty window of `span` microseconds.
    init(span: Int64) {
        self.span = span
        grain = max(1_000_000, span / Self.partsCount)
    }

    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool {
        guard case .text(let text) = input, at > now - span else { return false }
        let hash = TextHash.of(text)
        if since != nil, !see(hash, at: at, now: now) { return false }
        _ = texts.see(hash, at: at)
        if texts.count > WindowShape.textsMax { overflow(at: now) }
        return true
    }

    /// Sees a text in the part of its instant; false when that has left the window.
    private mutating func see(_ hash: UInt64, at: Int64, now: Int64) -> Bool {
        let rest = at % grain
        let start = at - (rest < 0 ? rest + grain : rest)
        guard start > now - span else { return false }
        var index = parts.count
        while index > 0, parts[index - 1].start > start { index -= 1 }
        if index == 0 || parts[index - 1].start != start {
            parts.insert(Part(start: start), at: index)
            index += 1
        }
        parts[index - 1].sketch.see(hash)
        union?.see(hash)
        return true
    }

    /// Gives the texts of the table to the parts, and begins a new one.
    private mutating func overflow(at now: Int64) {
        if since == nil {
            union = HyperLogLog()
            for (hash, instant) in texts.items { _ = see(hash, at: instant, now: now) }
        }
        since = now
        texts = RecencyTable()
    }

    mutating func advance(to now: Int64) {
        texts.forget(through: now - span)
        guard let since else { return }
        if since <= now - span {
            self.since = nil
            parts = []
            union = nil
            return
        }
        let gone = parts.prefix { $0.start <= now - span }.count
        guard gone > 0 else { return }
        parts.removeFirst(gone)
        unite()
    }

    private mutating func unite() {
        var union = HyperLogLog()
        for part in parts { union.unite(with: part.sketch) }
        self.union = union
    }

    func measure(at now: Int64) -> WindowMeasure {
        guard let union else { return WindowMeasure(value: Double(texts.count), samples: texts.count) }
        let estimate = union.estimate.rounded()
        return WindowMeasure(value: estimate, samples: Int(estimate), isApproximate: true)
    }

    func nextChange(after now: Int64) -> Int64? {
        guard let since else { return texts.leastRecent.map { $0 + span } }
        return min(since, parts.first?.start ?? since) + span
    }

    func trend(at now: Int64, bars: Int) -> [Double] {
        let edges = TrendEdges(now: now, span: span, bars: bars)
        guard since == nil else {
            return (1...bars).map { bar in
                let part = parts.last { $0.start <= edges.end(of: bar) } ?? parts.first
                return part?.sketch.estimate.rounded() ?? 0
            }
        }
        var counts = [Double](repeating: 0, count: bars)
        for instant in texts.instants { counts[edges.index(of: instant)] += 1 }
        return counts
    }

    mutating func shift(by step: Int64) {
        texts.shift(by: step)
        since = since.map { $0 + step }
        for index in parts.indices { parts[index].start += step }
    }

    func encode(into bytes: inout [UInt8], now: Int64) {
        texts.encode(into: &bytes, now: now)
        bytes.appendAge(since, now: now)
        guard since != nil else { return }
        bytes.appendUnsigned(UInt64(parts.count))
        for part in parts {
            bytes.appendAge(part.start, now: now)
            part.sketch.encode(into: &bytes)
        }
    }

    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool {
        guard
            let texts = RecencyTable(
                reading: &reader, now: now, span: span, textsMax: WindowShape.textsMax),
            let since = reader.age(now: now)
        else { return false }
        self.texts = texts
        self.since = since
        guard let since else { return true }
        guard since > now - span, let count = reader.unsigned(), count <= 64 else { return false }
        for _ in 0..<count {
            guard let start = reader.age(now: now), let start, let sketch = HyperLogLog(reading: &reader),
                start > parts.last?.start ?? (now - span)
            else { return false }
            parts.append(Part(start: start, sketch: sketch))
        }
        unite()
        return true
    }

    var bytes: Int {
        MemoryLayout<Self>.size + 16 + texts.bytes + (union?.bytes ?? 0) + parts.reduce(0) { $0 + $1.sketch.bytes + 16 }
    }
}
