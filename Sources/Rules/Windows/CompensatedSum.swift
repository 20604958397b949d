/// A sum of doubles in two doubles, about 106 bits: what single additions round away is carried along, so that ten
/// times 0.1 is 1, and what is taken away again leaves nothing behind.
///
/// After Knuth's two-sum (The Art of Computer Programming 2, 4.2.2) and Dekker's double-double addition (1971).
struct CompensatedSum: Sendable, Equatable {
    /// The sum rounded to a double.
    private(set) var value = 0.0
    /// What `value` lacks, at most half a unit of its last place.
    private(set) var remainder = 0.0

    /// The sum of nothing.
    init() {}

    /// The sum that these two parts of another make.
    init(value: Double, remainder: Double) {
        self.value = value
        self.remainder = remainder
    }

    /// Adds a finite number.
    mutating func add(_ number: Double) {
        let sum = value + number
        let added = sum - value
        let lost = (value - (sum - added)) + (number - added)
        let rest = remainder + lost
        value = sum + rest
        remainder = rest - (value - sum)
    }

    /// Adds another sum.
    mutating func add(_ other: CompensatedSum) {
        add(other.value)
        add(other.remainder)
    }

    /// Takes another sum away.
    mutating func subtract(_ other: CompensatedSum) {
        add(-other.value)
        add(-other.remainder)
    }
}
