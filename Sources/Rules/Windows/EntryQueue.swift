/// Single inputs in the order of their time, each an instant and, where the kind of window needs one, a number.
///
/// What leaves at the front is passed over and cleared away later in one go; an empty queue holds no memory.
struct EntryQueue: Sendable {
    private var instants: [Int64] = []
    /// Parallel to the instants, or empty when only instants are kept.
    private var numbers: [Double] = []
    /// How many at the front have left.
    private var head = 0
    private let hasNumbers: Bool

    /// An empty queue; `hasNumbers` says whether entries keep their numbers.
    init(hasNumbers: Bool) {
        self.hasNumbers = hasNumbers
    }

    /// How many entries there are.
    var count: Int { instants.count - head }

    /// The instant at an index below `count`.
    func instant(_ index: Int) -> Int64 { instants[head + index] }

    /// The number at an index below `count`; 0 when only instants are kept.
    func number(_ index: Int) -> Double { hasNumbers ? numbers[head + index] : 0 }

    /// The index of the first entry after `instant`, or `count`.
    func firstIndex(after instant: Int64) -> Int {
        guard let last = instants.last, last > instant else { return count }
        guard instants[head] <= instant else { return 0 }
        var low = head
        var high = instants.count
        while low < high {
            let middle = (low + high) / 2
            if instants[middle] > instant { high = middle } else { low = middle + 1 }
        }
        return low - head
    }

    /// Puts an entry behind those of its instant and before. Returns its index.
    @discardableResult
    mutating func insert(_ number: Double, at instant: Int64) -> Int {
        let index = firstIndex(after: instant)
        if head > 0, instants.count == instants.capacity { clear() }
        if index == count {
            instants.append(instant)
            if hasNumbers { numbers.append(number) }
        } else {
            instants.insert(instant, at: head + index)
            if hasNumbers { numbers.insert(number, at: head + index) }
        }
        return index
    }

    /// Drops the first `dropped` entries.
    mutating func removeFirst(_ dropped: Int) {
        head += dropped
        if head == instants.count {
            instants = []
            numbers = []
            head = 0
        } else if head >= 64, head * 2 >= instants.count {
            clear()
        }
    }

    /// Moves every instant.
    mutating func shift(by step: Int64) {
        for index in instants.indices { instants[index] += step }
    }

    /// Gives back the room of what has left, and most of what was needed only once.
    private mutating func clear() {
        if (instants.count - head) * 4 < instants.capacity {
            instants = Array(instants[head...])
            if hasNumbers { numbers = Array(numbers[head...]) }
        } else {
            instants.removeFirst(head)
            if hasNumbers { numbers.removeFirst(head) }
        }
        head = 0
    }

    /// About how many bytes of memory the storage takes.
    var bytes: Int { instants.capacity * 8 + numbers.capacity * 8 + (hasNumbers ? 64 : 32) }
}
