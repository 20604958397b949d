/// Counts and sums over one or more spans that move with time, from one queue of inputs.
///
/// A span reaches from one age to another: `(now − from, now − through]`. Each keeps the positions of its edges and
/// what is between them, so that time and inputs cost only what they move.
struct SpanLedger: Sendable {
    /// One span and what it holds. Ages are in microseconds.
    struct Span: Sendable {
        /// What is as old as this has left the span.
        let from: Int64
        /// What is younger than this is not yet in it.
        let through: Int64
        /// How many inputs are inside.
        fileprivate(set) var count = 0
        /// The sum of their numbers.
        fileprivate(set) var sum = CompensatedSum()
        /// The first position inside.
        fileprivate var lower = 0
        /// The first position not yet inside.
        fileprivate var upper = 0

        /// An empty span.
        init(from: Int64, through: Int64 = 0) {
            self.from = from
            self.through = through
        }
    }

    /// In the order they were given.
    private(set) var spans: [Span]
    /// The age at which an input has left every span.
    let longest: Int64
    /// The next instant at which a span gains or loses something by time alone.
    private(set) var nextChange: Int64?
    private var queue: InputQueue<SumBucket>
    private let numbers: InputQueue<SumBucket>.NumberForm
    /// How many inputs are kept at most, when older ones are to be dropped instead of merged.
    private let newest: Int?
    /// How many inputs left since the sums were last made anew.
    private var departures = 0

    /// - Parameters:
    ///   - spans: At least one, in any order.
    ///   - grain: The length of a bucket in microseconds.
    ///   - numbers: Whether sums are wanted, and how their numbers are kept in rows.
    ///   - newest: When only so many inputs are kept; the spans then end at `now`.
    init(spans: [Span], grain: Int64, numbers: InputQueue<SumBucket>.NumberForm, newest: Int? = nil) {
        self.spans = spans
        self.numbers = numbers
        self.newest = newest
        longest = spans.map(\.from).max() ?? 0
        queue = InputQueue(grain: grain, hasNumbers: numbers != .none)
    }

    /// Whether buckets stand for single inputs.
    var isApproximate: Bool { queue.bucketCount > 0 }

    /// Takes an input; false when it is too late for every span.
    mutating func insert(_ number: Double, at: Int64, now: Int64) -> Bool {
        let place = queue.place(of: at)
        guard place > now - longest else { return false }
        switch queue.insert(number, at: at) {
        case .placed:
            for index in spans.indices {
                if place <= now - spans[index].from {
                    spans[index].lower += 1
                    spans[index].upper += 1
                } else if place <= now - spans[index].through {
                    spans[index].upper += 1
                    spans[index].count += 1
                    spans[index].sum.add(number)
                }
            }
        case .merged(let position):
            for index in spans.indices where spans[index].lower <= position && position < spans[index].upper {
                spans[index].count += 1
                spans[index].sum.add(number)
            }
        }
        if let newest {
            if queue.count > newest { dropFirst() }
        } else if queue.fold() {
            recount(at: now)
            dropGone()
        }
        nextChange = changeAhead
        return true
    }

    /// Drops the oldest input, which stands alone.
    private mutating func dropFirst() {
        let number = queue.entries.number(0)
        for index in spans.indices where spans[index].upper > 0 {
            spans[index].upper -= 1
            if spans[index].lower > 0 {
                spans[index].lower -= 1
            } else {
                spans[index].count -= 1
                spans[index].sum.add(-number)
            }
        }
        queue.removeFirst(1)
    }

    /// Lets time pass.
    mutating func advance(to now: Int64) {
        guard let change = nextChange, change <= now else { return }
        for index in spans.indices { advance(spanAt: index, to: now) }
        dropGone()
        if numbers != .none, departures * 4 > queue.count * spans.count { recount(at: now) }
        nextChange = changeAhead
    }

    /// Drops what has left every span.
    private mutating func dropGone() {
        var gone = Int.max
        for index in spans.indices { gone = min(gone, spans[index].lower) }
        guard gone > 0 else { return }
        queue.removeFirst(gone)
        for index in spans.indices {
            spans[index].lower -= gone
            spans[index].upper -= gone
        }
    }

    private mutating func advance(spanAt index: Int, to now: Int64) {
        var span = spans[index]
        let count = queue.count
        while span.upper < count, queue.instant(span.upper) <= now - span.through {
            span.count += queue.weight(span.upper)
            span.sum.add(sum(at: span.upper))
            span.upper += 1
        }
        while span.lower < span.upper, queue.instant(span.lower) <= now - span.from {
            span.count -= queue.weight(span.lower)
            span.sum.subtract(sum(at: span.lower))
            span.lower += 1
            departures += 1
        }
        // Nothing leaves nothing behind.
        if span.count == 0 { span.sum = CompensatedSum() }
        spans[index] = span
    }

    private func sum(at position: Int) -> CompensatedSum {
        let buckets = queue.bucketCount
        if position < buckets { return queue.bucket(position).sum }
        return CompensatedSum(value: queue.entries.number(position - buckets), remainder: 0)
    }

    /// Finds the edges and makes the sums anew: at the latest when a quarter as many inputs have left as there are, so
    /// that nothing stays of how large numbers were rounded that are gone. That is four additions for each that leaves.
    private mutating func recount(at now: Int64) {
        departures = 0
        for index in spans.indices {
            var span = spans[index]
            span.lower = queue.firstPosition(after: now - span.from)
            span.upper = queue.firstPosition(after: now - span.through)
            span.count = 0
            span.sum = CompensatedSum()
            for position in span.lower..<max(span.lower, span.upper) {
                span.count += queue.weight(position)
                span.sum.add(sum(at: position))
            }
            spans[index] = span
        }
    }

    private var changeAhead: Int64? {
        var next: Int64?
        let count = queue.count
        for span in spans {
            if span.lower < span.upper {
                let leaves = queue.instant(span.lower) + span.from
                next = min(next ?? leaves, leaves)
            }
            if span.upper < count {
                let enters = queue.instant(span.upper) + span.through
                next = min(next ?? enters, enters)
            }
        }
        return next
    }

    /// The inputs and their sum in `bars` equal parts of the longest span's time up to `now`, the oldest first.
    func parts(at now: Int64, bars: Int) -> [(count: Int, sum: Double)] {
        let edges = TrendEdges(now: now, span: longest, bars: bars)
        var position = 0
        return (1...bars).map { bar in
            var count = 0
            var sum = CompensatedSum()
            while position < queue.count, queue.instant(position) <= edges.end(of: bar) {
                count += queue.weight(position)
                sum.add(self.sum(at: position))
                position += 1
            }
            return (count, sum.value)
        }
    }

    /// Moves every instant.
    mutating func shift(by step: Int64) {
        queue.shift(by: step)
        nextChange = nextChange.map { $0 + step }
    }

    /// Appends what `decode` reads.
    func encode(into bytes: inout [UInt8], now: Int64) {
        queue.encode(into: &bytes, now: now, numbers)
        guard numbers == .number else { return }
        bytes.appendUnsigned(UInt64(departures))
        for span in spans { bytes.appendSum(span.sum) }
    }

    /// Reads what `encode` wrote into this empty ledger; false for what it cannot have written.
    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool {
        let entriesMax = newest ?? WindowShape.entriesMax
        guard queue.decode(&reader, now: now, span: longest, entriesMax: entriesMax, numbers) else { return false }
        recount(at: now)
        nextChange = changeAhead
        guard numbers == .number else { return true }
        // The sums as they were, so that a restored ledger rounds as the one that went on.
        guard let departures = reader.unsigned(), departures < 1 << 32 else { return false }
        self.departures = Int(departures)
        for index in spans.indices {
            guard let sum = reader.sum() else { return false }
            spans[index].sum = sum
        }
        return true
    }

    /// About how many bytes of memory the storage takes.
    var bytes: Int { queue.bytes + spans.capacity * MemoryLayout<Span>.stride + 32 }
}
