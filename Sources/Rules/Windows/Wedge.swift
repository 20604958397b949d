/// The greatest number of a moving window: those that nothing as late or later reaches, so that they fall with time and
/// the first is the greatest.
///
/// Each number is put in and taken out once, however many there are.
struct Wedge: Sendable {
    private struct Peak {
        var instant: Int64
        let number: Double
    }

    private var peaks: [Peak] = []
    /// How many at the front have left.
    private var head = 0

    /// A window of nothing.
    init() {}

    /// The greatest number, or `nil` of none.
    var greatest: Double? { head < peaks.count ? peaks[head].number : nil }

    /// Takes a number of any instant.
    mutating func insert(_ number: Double, at instant: Int64) {
        var end = peaks.count
        // Peaks after the instant stand behind; the first of them is the greatest of what is later.
        while end > head, peaks[end - 1].instant > instant { end -= 1 }
        if end < peaks.count, peaks[end].number >= number { return }
        var start = end
        while start > head, peaks[start - 1].number <= number { start -= 1 }
        // Of the same instant a greater one may stand before.
        if start > head, peaks[start - 1].instant == instant { return }
        peaks.replaceSubrange(start..<end, with: CollectionOfOne(Peak(instant: instant, number: number)))
    }

    /// Drops what stands at `instant` or before.
    mutating func removeFirst(through instant: Int64) {
        while head < peaks.count, peaks[head].instant <= instant { head += 1 }
        if head == peaks.count {
            if head > 0 { peaks = [] }
            head = 0
        } else if head >= 32, head * 2 >= peaks.count {
            peaks.removeFirst(head)
            head = 0
        }
    }

    /// Moves every instant.
    mutating func shift(by step: Int64) {
        for index in peaks.indices { peaks[index].instant += step }
    }

    /// About how many bytes of memory the storage takes.
    var bytes: Int { peaks.capacity * MemoryLayout<Peak>.stride + 32 }
}
