extension CivilZone {
    /// The longest zone file that is read, in bytes; those of the database have at most a few thousand.
    package static let fileBytesMax = 1 << 16

    /// Reads the bytes of a compiled zone file, versions 1 to 4 and their successors (RFC 9636), or gives `nil` when
    /// they are none, are damaged, or count leap seconds (the files below `right/`), which our instants do not.
    package init?(name: String, tzif bytes: [UInt8]) {
        guard bytes.count <= Self.fileBytesMax, var reader = TZifReader(bytes), let head = reader.header() else {
            return nil
        }
        var counts = head
        var timeBytes = 4
        if head.version >= 2 {
            // The first block is for readers that know 32 bits only.
            guard reader.skip(head.bytes(timeBytes: 4)), let second = reader.header() else { return nil }
            counts = second
            timeBytes = 8
        }
        guard counts.leaps == 0, let block = reader.block(counts, timeBytes: timeBytes) else { return nil }
        var rule: YearlyRule?
        if head.version >= 2 {
            guard let footer = reader.footer() else { return nil }
            if !footer.isEmpty {
                guard let read = YearlyRule(footer) else { return nil }
                rule = read
            }
        }
        self.init(
            name: name, changes: block.changes, offsets: block.offsets, firstOffset: block.firstOffset, rule: rule)
    }
}

/// Walks over a zone file; everything in it is big-endian.
private struct TZifReader {
    /// What a header says about the block behind it.
    struct Counts {
        let version: Int
        let universals: Int
        let standards: Int
        let leaps: Int
        let times: Int
        let types: Int
        let characters: Int

        /// The length of the block, with instants of so many bytes.
        func bytes(timeBytes: Int) -> Int {
            times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + standards + universals
        }
    }

    /// What of a block decides offsets.
    struct Block {
        let changes: [Int64]
        let offsets: [Int32]
        let firstOffset: Int32
    }

    private let bytes: [UInt8]
    private var at = 0

    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: "TZif".utf8) else { return nil }
        self.bytes = bytes
    }

    mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, at + count <= bytes.count else { return false }
        at += count
        return true
    }

    /// The 44 bytes before a block.
    mutating func header() -> Counts? {
        guard at + 44 <= bytes.count, bytes[at...].starts(with: "TZif".utf8) else { return nil }
        let digit = bytes[at + 4]
        guard digit == 0 || (0x32...0x39).contains(digit) else { return nil }
        at += 20
        var counts: [Int] = []
        for _ in 0..<6 {
            guard let count = unsigned(bytes: 4), count <= Self.countMax else { return nil }
            counts.append(Int(count))
        }
        guard counts[4] > 0 else { return nil }
        return Counts(
            version: digit == 0 ? 1 : Int(digit - 0x30), universals: counts[0], standards: counts[1],
            leaps: counts[2], times: counts[3], types: counts[4], characters: counts[5])
    }

    /// The most of anything in a file of the size that is read.
    private static let countMax = UInt64(CivilZone.fileBytesMax)

    /// The block that a header announced.
    mutating func block(_ counts: Counts, timeBytes: Int) -> Block? {
        guard at + counts.bytes(timeBytes: timeBytes) <= bytes.count else { return nil }
        var changes: [Int64] = []
        for _ in 0..<counts.times {
            guard let instant = signed(bytes: timeBytes), changes.last.map({ $0 < instant }) ?? true else {
                return nil
            }
            changes.append(instant)
        }
        var indices: [Int] = []
        for _ in 0..<counts.times {
            guard let index = unsigned(bytes: 1), index < counts.types else { return nil }
            indices.append(Int(index))
        }
        var types: [Int32] = []
        for _ in 0..<counts.types {
            guard let offset = signed(bytes: 4), offset.magnitude < CivilZone.offsetSecondsMax.magnitude, skip(2) else {
                return nil
            }
            types.append(Int32(truncatingIfNeeded: offset))
        }
        guard skip(counts.characters + counts.leaps * (timeBytes + 4) + counts.standards + counts.universals) else {
            return nil
        }
        return Block(changes: changes, offsets: indices.map { types[$0] }, firstOffset: types[0])
    }

    /// The text between the two line ends behind the second block.
    mutating func footer() -> [UInt8]? {
        guard at < bytes.count, bytes[at] == 0x0A, bytes.count - at >= 2, bytes.last == 0x0A else { return nil }
        return Array(bytes[(at + 1)..<(bytes.count - 1)])
    }

    private mutating func unsigned(bytes count: Int) -> UInt64? {
        guard at + count <= bytes.count else { return nil }
        let value = bytes[at..<at + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        at += count
        return value
    }

    private mutating func signed(bytes count: Int) -> Int64? {
        unsigned(bytes: count).map { value in
            count == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
        }
    }
}
