/// An estimate of how many different hashes were seen, from 1,024 registers of the longest run of zeroes (Flajolet et
/// al. 2007): off by 3.25 % as a rule (one standard error, 1.04 ÷ √1024).
///
/// The estimate is Ertl's improved one (New cardinality estimation algorithms for HyperLogLog sketches, 2017, algorithm
/// 6), which needs no correction for small or large numbers.
struct HyperLogLog: Sendable {
    /// How many bits of a hash choose the register.
    private static let indexBits = 10
    /// How many registers there are.
    static let registersCount = 1 << indexBits
    /// The longest run of zeroes that counts; one bit short of what a hash has left, so that no register is full.
    private static let rankMax = 64 - indexBits

    /// The longest run of zeroes, plus one, of each register's hashes; 0 of none.
    private(set) var registers = [UInt8](repeating: 0, count: registersCount)
    /// How many registers have each rank: the estimate's only terms, kept so that it is the same in whatever order
    /// hashes came.
    private var histogram: [Int] = [registersCount] + [Int](repeating: 0, count: rankMax)

    /// One that has seen nothing.
    init() {}

    /// Sees a hash.
    mutating func see(_ hash: UInt64) {
        let index = Int(hash & UInt64(Self.registersCount - 1))
        let rank = min(Self.rankMax, (hash >> UInt64(Self.indexBits)).trailingZeroBitCount + 1)
        raise(index, to: UInt8(rank))
    }

    /// Sees everything that another has seen.
    mutating func unite(with other: HyperLogLog) {
        for index in registers.indices where other.registers[index] > registers[index] {
            raise(index, to: other.registers[index])
        }
    }

    private mutating func raise(_ index: Int, to rank: UInt8) {
        guard rank > registers[index] else { return }
        histogram[Int(registers[index])] -= 1
        histogram[Int(rank)] += 1
        registers[index] = rank
    }

    /// About how many different hashes were seen.
    var estimate: Double {
        let count = Double(Self.registersCount)
        var sum = 0.0
        for rank in stride(from: Self.rankMax, through: 1, by: -1) { sum = 0.5 * (sum + Double(histogram[rank])) }
        sum += count * Self.sigma(Double(histogram[0]) / count)
        // 1 ÷ (2 ln 2) · m² ÷ the sum; an empty one has an infinite sum.
        return 0.721_347_520_444_481_7 * count * count / sum
    }

    /// Ertl's σ: x + Σ x^(2^k) · 2^(k−1).
    private static func sigma(_ share: Double) -> Double {
        guard share < 1 else { return .infinity }
        var power = share
        var weight = 1.0
        var sum = share
        while true {
            power *= power
            let before = sum
            sum += power * weight
            weight += weight
            if sum == before { return sum }
        }
    }

    /// Appends the registers as runs of equal ones.
    func encode(into bytes: inout [UInt8]) {
        var index = 0
        while index < registers.count {
            let rank = registers[index]
            let end = registers[index...].firstIndex { $0 != rank } ?? registers.count
            bytes.append(rank)
            bytes.appendUnsigned(UInt64(end - index))
            index = end
        }
    }

    /// Reads what `encode` wrote; `nil` for what it cannot have written.
    init?(reading reader: inout RowReader) {
        var index = 0
        while index < Self.registersCount {
            guard let rank = reader.byte(), rank <= Self.rankMax, let length = reader.unsigned(), length > 0,
                length <= UInt64(Self.registersCount - index)
            else { return nil }
            for _ in 0..<Int(length) {
                raise(index, to: rank)
                index += 1
            }
        }
    }

    /// About how many bytes of memory the storage takes.
    var bytes: Int { registers.capacity + histogram.capacity * 8 + 64 }
}
