internal import Events

extension Value {
    /// CEL's `==`: numbers are equal across their types when they stand for the same number, NaN equals nothing,
    /// texts are equal by code points, lists and maps by their contents, and different kinds are never equal.
    /// An absent value is equal to null, to the empty text and to another absent value.
    package func isEqual(to other: Value) -> Bool {
        switch (self, other) {
        case (.int(let left), .int(let right)): return left == right
        case (.double(let left), .double(let right)): return left == right
        case (.string(let left), .string(let right)): return left.hasSameScalars(as: right)
        case (.bool(let left), .bool(let right)): return left == right
        case (.absent, _), (_, .absent): return isLikeAbsent && other.isLikeAbsent
        case (.null, .null): return true
        case (.uint(let left), .uint(let right)): return left == right
        case (.bytes(let left), .bytes(let right)): return left == right
        case (.timestamp(let left), .timestamp(let right)): return left == right
        case (.duration(let left), .duration(let right)): return left == right
        case (.type(let left), .type(let right)): return left == right
        case (.list, .list), (.list, .array), (.array, .list), (.array, .array): return hasEqualElements(to: other)
        case (.map, .map), (.map, .object), (.object, .map), (.object, .object): return hasEqualEntries(to: other)
        default:
            guard type.isNumber, other.type.isNumber else { return false }
            return numericOrder(to: other) == .equal
        }
    }

    /// Whether the value is what an event without a field may read as.
    private var isLikeAbsent: Bool {
        switch self {
        case .absent, .null: true
        case .string(let text): text.isEmpty
        default: false
        }
    }

    private func hasEqualElements(to other: Value) -> Bool {
        guard let left = elements, let right = other.elements, left.count == right.count else { return false }
        return zip(left, right).allSatisfy { $0.isEqual(to: $1) }
    }

    private func hasEqualEntries(to other: Value) -> Bool {
        guard let left = entries, entryCount == other.entryCount else { return false }
        return left.allSatisfy { key, value in
            guard let match = other.entry(under: key) else { return false }
            return value.isEqual(to: match)
        }
    }

    /// The entries of a map or an event's object, `nil` for everything else.
    package var entries: [(key: Value, value: Value)]? {
        switch self {
        case .map(let map): map.entries
        case .object(let object): object.members.map { (.string($0.key), Value(event: $0.value)) }
        default: nil
        }
    }

    private var entryCount: Int {
        switch self {
        case .map(let map): map.entries.count
        case .object(let object): object.count
        default: 0
        }
    }

    private func entry(under key: Value) -> Value? {
        switch (self, key) {
        case (.map(let map), _): map[key]
        case (.object(let object), .string(let name)): object[name].map { Value(event: $0) }
        default: nil
        }
    }
}

extension String {
    /// Equality by code points; Swift's `==` is canonical equivalence, under which "é" equals "e\u{301}".
    package func hasSameScalars(as other: String) -> Bool {
        let left = utf8
        let right = other.utf8
        guard left.count == right.count else { return false }
        let fast = left.withContiguousStorageIfAvailable { leftBytes in
            right.withContiguousStorageIfAvailable { rightBytes in leftBytes.elementsEqual(rightBytes) }
        }
        return (fast ?? nil) ?? left.elementsEqual(right)
    }

    /// Whether the code points of `other` come after those of this text; the order of UTF-8 bytes is that of code
    /// points.
    package func precedesByScalars(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
