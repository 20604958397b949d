/// The literals of a list behind `in`, looked up without walking the list and without allocating.
struct LiteralSet: Sendable {
    /// As written.
    let literals: [Value]
    private var texts: [String] = []
    /// Hash table over `texts`: index plus one, or 0; its size is a power of two.
    private var table: [Int32] = []
    private var ints: Set<Int64> = []
    private var others: [Value] = []
    private let holdsAbsent: Bool

    /// Below this many texts a walk is faster than a hash.
    private static let walkedTextsMax = 4

    /// A set of scalar literals.
    init(_ literals: [Value]) {
        self.literals = literals
        holdsAbsent = literals.contains { Value.absent.isEqual(to: $0) }
        for literal in literals {
            switch literal {
            case .string(let text): texts.append(text)
            case .int(let number): ints.insert(number)
            default: others.append(literal)
            }
        }
        guard texts.count > Self.walkedTextsMax else { return }
        var size = 8
        while size < texts.count * 2 { size *= 2 }
        table = Array(repeating: 0, count: size)
        for (index, text) in texts.enumerated() {
            var place = Self.hash(text) & (size - 1)
            while table[place] != 0 { place = (place + 1) & (size - 1) }
            table[place] = Int32(index + 1)
        }
    }

    /// Whether one of the literals equals `value`.
    func contains(_ value: Value) -> Bool {
        switch value {
        case .string(let text): contains(text)
        case .int(let number): contains(whole: number, value)
        case .absent: holdsAbsent
        case .double(let number): contains(whole: Int64(exactly: number), value)
        case .uint(let number): contains(whole: Int64(exactly: number), value)
        default: contains(whole: nil, value)
        }
    }

    /// Looks for a number among the whole literals, and for any value among those of other kinds.
    private func contains(whole: Int64?, _ value: Value) -> Bool {
        if let whole, ints.contains(whole) { return true }
        for other in others where other.isEqual(to: value) { return true }
        return false
    }

    private func contains(_ text: String) -> Bool {
        guard !table.isEmpty else { return texts.contains { $0.hasSameScalars(as: text) } }
        var place = Self.hash(text) & (table.count - 1)
        while table[place] != 0 {
            if texts[Int(table[place]) - 1].hasSameScalars(as: text) { return true }
            place = (place + 1) & (table.count - 1)
        }
        return false
    }

    /// FNV-1a over the bytes. The table holds only what the configuration says, so nobody can fill it with clashes.
    private static func hash(_ text: String) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}
