/// What older inputs of a window are merged into: all those of one grain of time, standing together at its start.
protocol InputBucket: Sendable {
    /// Where its inputs stand: the start of their grain.
    var start: Int64 { get set }
    /// How many inputs it holds.
    var count: Int { get }
    /// An empty bucket.
    init(start: Int64)
    /// Takes an input.
    mutating func take(_ number: Double)
    /// Appends what `init(start:reading:)` reads.
    func encode(into bytes: inout [UInt8])
    /// Reads what `encode` wrote; `nil` for what it cannot have written.
    init?(start: Int64, reading reader: inout RowReader)
    /// About how many bytes of memory its storage takes beside itself.
    var bytes: Int { get }
}

/// The inputs of a window in the order of their time: the newest one by one, and what is older than the newest few
/// thousand in buckets, each of which stands and leaves as one.
///
/// Positions count buckets first, then entries. As buckets leave the window, it becomes exact again by itself.
struct InputQueue<Bucket: InputBucket>: Sendable {
    /// The buckets, behind those that have left.
    private var storage: [Bucket] = []
    /// How many at the front of the storage have left.
    private var head = 0
    /// The newest inputs, or all.
    var entries: EntryQueue
    /// While there are buckets, inputs up to this instant go into them.
    var frontier: Int64 = .min
    /// Grains begin at whole numbers of grains from here.
    var origin: Int64 = 0
    /// The length of a bucket in microseconds.
    let grain: Int64

    /// - Parameters:
    ///   - grain: The length of a bucket in microseconds.
    ///   - hasNumbers: Whether entries keep their numbers.
    init(grain: Int64, hasNumbers: Bool) {
        self.grain = grain
        entries = EntryQueue(hasNumbers: hasNumbers)
    }

    /// The length of a bucket for a window of `span` microseconds: a sixtieth of it, and no less than a second.
    static func grain(ofSpan span: Int64) -> Int64 { max(1_000_000, span / 60) }

    /// How many positions there are.
    var count: Int { bucketCount + entries.count }

    /// How many of them are buckets, the first ones.
    var bucketCount: Int { storage.count - head }

    /// The bucket at a position below `bucketCount`.
    func bucket(_ position: Int) -> Bucket { storage[head + position] }

    /// Where the input or bucket at a position stands.
    func instant(_ position: Int) -> Int64 {
        position < bucketCount ? storage[head + position].start : entries.instant(position - bucketCount)
    }

    /// How many inputs stand at a position.
    func weight(_ position: Int) -> Int { position < bucketCount ? storage[head + position].count : 1 }

    /// The first position after `instant`, or `count`.
    func firstPosition(after instant: Int64) -> Int {
        let bucket = firstBucket(after: instant)
        return bucket < bucketCount ? bucket : bucket + entries.firstIndex(after: instant)
    }

    /// The first bucket that starts after `instant`, or how many there are.
    private func firstBucket(after instant: Int64) -> Int {
        guard bucketCount > 0, bucket(bucketCount - 1).start > instant else { return bucketCount }
        var low = 0
        var high = bucketCount
        while low < high {
            let middle = (low + high) / 2
            if bucket(middle).start > instant { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Where an input of the instant `at` would stand: there, or at the start of its bucket.
    func place(of at: Int64) -> Int64 { isBucketed(at) ? grainStart(at) : at }

    private func isBucketed(_ at: Int64) -> Bool { bucketCount > 0 && at <= frontier }

    /// The start of the grain that an instant lies in.
    func grainStart(_ at: Int64) -> Int64 {
        let rest = (at &- origin) % grain
        return at - (rest < 0 ? rest + grain : rest)
    }

    /// What became of an input.
    enum Insertion {
        /// It has a position of its own; those behind it moved up.
        case placed
        /// It went into the bucket at a position.
        case merged(Int)
    }

    /// Takes an input, behind those of its instant and before.
    mutating func insert(_ number: Double, at: Int64) -> Insertion {
        guard isBucketed(at) else {
            entries.insert(number, at: at)
            return .placed
        }
        let start = grainStart(at)
        let index = firstBucket(after: start)
        if index > 0, bucket(index - 1).start == start {
            storage[head + index - 1].take(number)
            return .merged(index - 1)
        }
        var bucket = Bucket(start: start)
        bucket.take(number)
        storage.insert(bucket, at: head + index)
        return .placed
    }

    /// Drops the first `dropped` positions.
    mutating func removeFirst(_ dropped: Int) {
        let droppedBuckets = min(dropped, bucketCount)
        if droppedBuckets > 0 {
            head += droppedBuckets
            if head == storage.count {
                storage = []
                head = 0
            } else if storage.count <= 128 || head * 2 >= storage.count {
                // Many are cleared away in one go, few at once: they may hold sketches.
                storage.removeFirst(head)
                head = 0
            }
        }
        if dropped > droppedBuckets { entries.removeFirst(dropped - droppedBuckets) }
    }

    /// When there are more than `WindowShape.entriesMax` entries, puts the older half of them into buckets. Returns
    /// whether it did, and so whether inputs have moved.
    mutating func fold() -> Bool {
        guard entries.count > WindowShape.entriesMax else { return false }
        let folded = entries.count / 2
        for index in 0..<folded {
            let start = grainStart(entries.instant(index))
            if bucketCount == 0 || bucket(bucketCount - 1).start != start { append(Bucket(start: start)) }
            storage[storage.count - 1].take(entries.number(index))
        }
        frontier = entries.instant(folded - 1)
        entries.removeFirst(folded)
        return true
    }

    /// Puts a bucket behind the others.
    mutating func append(_ bucket: Bucket) { storage.append(bucket) }

    /// Moves every instant.
    mutating func shift(by step: Int64) {
        for index in storage.indices { storage[index].start += step }
        entries.shift(by: step)
        if bucketCount > 0 { frontier += step }
        origin = (origin + step % grain) % grain
    }

    /// About how many bytes of memory the storage takes.
    var bytes: Int {
        entries.bytes + storage.capacity * MemoryLayout<Bucket>.stride + storage.reduce(0) { $0 + $1.bytes }
    }
}
