/// Counts of numbers by magnitude, from which a number of any rank comes back within 1 % of itself: DDSketch (Masson,
/// Rim, Lee, VLDB 2019), with α = 0.01 and so γ = (1 + α) ÷ (1 − α).
///
/// A key i stands for the numbers in (γ^(i−1), γ^i], and −i for their opposites. Counts of one sketch can be taken from
/// another's. Magnitudes below `leastMagnitude` are 0, and those above `greatestMagnitude` are it.
struct RelativeErrorSketch<Count: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    /// The key of the first of `counts`.
    private var lowest = 0
    private var counts: [Count] = []

    /// A sketch of nothing.
    init() {}

    /// Counts a number, by the key that `MagnitudeKeys` gives it.
    mutating func add(_ key: Int, count: Count = 1) {
        if counts.isEmpty {
            lowest = key
            counts = [count]
            return
        }
        if key < lowest {
            counts.insert(contentsOf: repeatElement(0, count: lowest - key), at: 0)
            lowest = key
        } else if key >= lowest + counts.count {
            counts.append(contentsOf: repeatElement(0, count: key - lowest - counts.count + 1))
        }
        let (sum, overflow) = counts[key - lowest].addingReportingOverflow(count)
        counts[key - lowest] = overflow ? .max : sum
    }

    /// Takes back a number that was counted.
    mutating func remove(_ key: Int, count: Count = 1) {
        guard lowest..<(lowest + counts.count) ~= key else { return }
        counts[key - lowest] -= min(count, counts[key - lowest])
    }

    /// Counts everything that another sketch has.
    mutating func add<Other>(_ other: RelativeErrorSketch<Other>) {
        for (index, count) in other.counts.enumerated() where count > 0 {
            add(other.lowest + index, count: Count(clamping: count))
        }
    }

    /// Takes back everything that another sketch has.
    mutating func remove<Other>(_ other: RelativeErrorSketch<Other>) {
        for (index, count) in other.counts.enumerated() where count > 0 {
            remove(other.lowest + index, count: Count(clamping: count))
        }
    }

    /// The number of a rank from 1 on, counted from the least; `nil` when there are not so many.
    func number(ofRank rank: Int) -> Double? {
        var seen = 0
        for index in counts.indices {
            seen += Int(clamping: counts[index])
            if seen >= rank { return MagnitudeKeys.number(of: lowest + index) }
        }
        return nil
    }

    /// How many numbers were counted.
    var total: Int { counts.reduce(0) { $0 + Int(clamping: $1) } }

    /// Appends what `init(reading:)` reads.
    func encode(into bytes: inout [UInt8]) {
        bytes.appendSigned(Int64(lowest))
        bytes.appendUnsigned(UInt64(counts.count))
        for count in counts { bytes.appendUnsigned(UInt64(count)) }
    }

    /// Reads what `encode` wrote; `nil` for what it cannot have written.
    init?(reading reader: inout RowReader) {
        guard let lowest = reader.signed(), let length = reader.count(), length <= MagnitudeKeys.all.count,
            let first = Int(exactly: lowest), MagnitudeKeys.all.contains(first),
            first + length <= MagnitudeKeys.all.upperBound + 1
        else { return nil }
        self.lowest = first
        counts.reserveCapacity(length)
        for _ in 0..<length {
            guard let count = reader.unsigned().flatMap({ Count(exactly: $0) }), count <= 1 << 31 else { return nil }
            counts.append(count)
        }
    }

    /// About how many bytes of memory the storage takes.
    var bytes: Int { counts.capacity * MemoryLayout<Count>.stride + 32 }
}

/// The keys of magnitudes in a `RelativeErrorSketch`.
enum MagnitudeKeys {
    /// α: how far a number that comes back may be from the one that went in, relative to it.
    static let relativeError = 0.01
    /// What is nearer to 0 is 0.
    static let leastMagnitude = 1e-6
    /// What is farther from 0 counts as this.
    static let greatestMagnitude = 1e12
    /// The keys that numbers can have; 0 is that of 0.
    static let all = -(bounds.count - 1)...(bounds.count - 1)

    /// The greatest magnitude of each key from 0 on. The first is below `leastMagnitude`, the last not below
    /// `greatestMagnitude`.
    private static let bounds: [Double] = {
        let gamma = (1 + relativeError) / (1 - relativeError)
        var bounds = [leastMagnitude / gamma, leastMagnitude]
        while bounds[bounds.count - 1] < greatestMagnitude { bounds.append(bounds[bounds.count - 1] * gamma) }
        return bounds
    }()
    /// How many keys a doubling of the magnitude takes: 1 ÷ log₂ γ.
    private static let keysPerDoubling = 34.656_203_751_9
    /// log₂ of `leastMagnitude`.
    private static let leastDoubling = -19.931_568_569_3

    /// The key of a finite number.
    static func key(of number: Double) -> Int {
        let magnitude = min(number.magnitude, greatestMagnitude)
        guard magnitude >= leastMagnitude else { return 0 }
        let bounds = bounds
        // A cubic between powers of two is within 0.01 of the logarithm; the table of bounds has the last word.
        let part = magnitude.significand - 1
        let doublings = Double(magnitude.exponent) + ((6.0 / 35 * part - 0.6) * part + 10.0 / 7) * part
        var key = max(1, min(bounds.count - 1, Int((doublings - leastDoubling) * keysPerDoubling) + 1))
        while key > 1, bounds[key - 1] >= magnitude { key -= 1 }
        while key < bounds.count - 1, bounds[key] < magnitude { key += 1 }
        return number < 0 ? -key : key
    }

    /// The number that stands for a key: 2γ^i ÷ (γ + 1), which is (1 − α)γ^i.
    static func number(of key: Int) -> Double {
        guard key != 0 else { return 0 }
        let magnitude = bounds[key.magnitude < bounds.count ? Int(key.magnitude) : bounds.count - 1]
        return (key < 0 ? -1 : 1) * (1 - relativeError) * magnitude
    }
}
