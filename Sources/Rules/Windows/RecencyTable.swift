/// Texts, by their hash, with the instant each was last seen.
///
/// The least recent one is at hand: a heap holds every text once, under an instant that may be older than the last, and
/// is put right only when it comes to the top. Of one instant, the lower hash counts as the less recent, so that the
/// order depends on nothing else.
struct RecencyTable: Sendable {
    private struct Item: Sendable {
        var seen: Int64
        let hash: UInt64

        func isBefore(_ other: Item) -> Bool { seen != other.seen ? seen < other.seen : hash < other.hash }
    }

    private var seen: [UInt64: Int64] = [:]
    private var heap: [Item] = []

    /// A table without texts.
    init() {}

    /// How many texts there are.
    var count: Int { heap.count }

    /// When the least recent text was last seen.
    var leastRecent: Int64? { heap.first?.seen }

    /// The instants of all texts, in no order.
    var instants: some Collection<Int64> { seen.values }

    /// The hashes of all texts with their instants, in no order.
    var items: some Collection<(key: UInt64, value: Int64)> { seen }

    /// Sees a text; an instant before the last is no change. Returns whether it is new.
    mutating func see(_ hash: UInt64, at instant: Int64) -> Bool {
        if let index = seen.index(forKey: hash) {
            guard instant > seen.values[index] else { return false }
            seen.values[index] = instant
            if heap[0].hash == hash { settle() }
            return false
        }
        seen[hash] = instant
        heap.append(Item(seen: instant, hash: hash))
        rise()
        return true
    }

    /// Forgets the texts that were last seen at `instant` or before.
    mutating func forget(through instant: Int64) {
        while let first = heap.first, first.seen <= instant { forgetLeastRecent() }
    }

    /// Forgets the least recent text.
    mutating func forgetLeastRecent() {
        guard let first = heap.first else { return }
        seen[first.hash] = nil
        let last = heap.removeLast()
        guard !heap.isEmpty else {
            self = RecencyTable()
            return
        }
        heap[0] = last
        sink()
        settle()
    }

    /// Makes the top of the heap true.
    private mutating func settle() {
        while let first = heap.first, let last = seen[first.hash], last != first.seen {
            heap[0].seen = last
            sink()
        }
    }

    private mutating func rise() {
        var index = heap.count - 1
        while index > 0, heap[index].isBefore(heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink() {
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }

    /// Moves every instant.
    mutating func shift(by step: Int64) {
        for index in heap.indices { heap[index].seen += step }
        seen = seen.mapValues { $0 + step }
    }

    /// Appends what `decode` reads, the most recent first; about ten bytes a text.
    func encode(into bytes: inout [UInt8], now: Int64) {
        bytes.appendUnsigned(UInt64(count))
        var last = now
        let items = seen.map { Item(seen: $0.value, hash: $0.key) }.sorted { $1.isBefore($0) }
        for item in items {
            bytes.appendUnsigned(UInt64(last - item.seen))
            last = item.seen
            bytes.appendWord(item.hash)
        }
    }

    /// Reads what `encode` wrote; `nil` for what it cannot have written: more than `textsMax` texts, one twice, or
    /// instants not within `span` microseconds before `now`.
    init?(reading reader: inout RowReader, now: Int64, span: Int64, textsMax: Int) {
        guard let count = reader.count(ofSize: 9), count <= textsMax else { return nil }
        var instant = now
        var items: [Item] = []
        for _ in 0..<count {
            guard let distance = reader.unsigned(), distance < UInt64(span), let hash = reader.word() else {
                return nil
            }
            instant -= Int64(distance)
            guard instant > now - span, seen.updateValue(instant, forKey: hash) == nil else { return nil }
            items.append(Item(seen: instant, hash: hash))
        }
        // In order, the least recent first, they are a heap.
        heap = items.sorted { $0.isBefore($1) }
    }

    /// About how many bytes of memory the storage takes.
    var bytes: Int { heap.capacity * 16 + seen.capacity * 22 + (heap.isEmpty ? 0 : 64) }
}
