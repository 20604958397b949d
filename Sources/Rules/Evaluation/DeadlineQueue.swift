import Events
import HeapModule

/// Who waits for time to pass.
enum DeadlineTarget: Hashable, Sendable {
    /// A group of the rule at this index.
    case group(rule: Int, key: GroupKey)
    /// The digest of the rule at this index.
    case digest(rule: Int)
    /// The summary of the recipient of this name.
    case recipient(String)

    /// In one order for what is due at the same instant: groups and digests by rule, then recipients by name.
    static func precedes(_ left: DeadlineTarget, _ right: DeadlineTarget) -> Bool {
        switch (left, right) {
        case (.group(let rule, let key), .group(let otherRule, let otherKey)):
            rule != otherRule ? rule < otherRule : key < otherKey
        case (.group(let rule, _), .digest(let other)): rule <= other
        case (.digest(let rule), .group(let other, _)): rule < other
        case (.digest(let rule), .digest(let other)): rule < other
        case (.recipient(let name), .recipient(let other)): name.utf8.lexicographicallyPrecedes(other.utf8)
        case (.recipient, _): false
        case (_, .recipient): true
        }
    }
}

/// What is due when, the earliest first. An entry whose target has meanwhile another deadline is stale: its owner
/// knows, and drops it when it comes up.
struct DeadlineQueue: Sendable {
    /// An instant and who waits for it.
    struct Entry: Comparable, Sendable {
        let at: Timestamp
        let target: DeadlineTarget

        static func < (lhs: Entry, rhs: Entry) -> Bool {
            lhs.at != rhs.at ? lhs.at < rhs.at : DeadlineTarget.precedes(lhs.target, rhs.target)
        }
    }

    private var heap = Heap<Entry>()

    /// The earliest entry.
    var first: Entry? { heap.min }
    /// How many entries there are, stale ones included.
    var count: Int { heap.count }

    mutating func insert(_ target: DeadlineTarget, at instant: Timestamp) {
        heap.insert(Entry(at: instant, target: target))
    }

    /// Takes the earliest entry out.
    mutating func popFirst() -> Entry? { heap.popMin() }

    /// Keeps only the entries that are not stale.
    mutating func rebuild(where isCurrent: (Entry) -> Bool) {
        heap = Heap(heap.unordered.filter(isCurrent))
    }
}
