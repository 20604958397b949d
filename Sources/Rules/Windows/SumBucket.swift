/// The inputs of one grain of time as their number and sum.
struct SumBucket: InputBucket {
    var start: Int64
    private(set) var count = 0
    /// The sum of the inputs' numbers.
    private(set) var sum = CompensatedSum()

    init(start: Int64) {
        self.start = start
    }

    mutating func take(_ number: Double) {
        count += 1
        sum.add(number)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendUnsigned(UInt64(count))
        bytes.appendSum(sum)
    }

    init?(start: Int64, reading reader: inout RowReader) {
        guard let count = reader.inputCount(), let sum = reader.sum() else { return nil }
        self.start = start
        self.count = count
        self.sum = sum
    }

    var bytes: Int { 0 }
}

extension [UInt8] {
    /// Appends both parts of a sum; one byte for nothing.
    mutating func appendSum(_ sum: CompensatedSum) {
        guard sum != CompensatedSum() else { return append(0) }
        append(1)
        appendNumber(sum.value)
        appendNumber(sum.remainder)
    }
}

extension RowReader {
    /// The number of inputs in a bucket: at least one, and few enough to be added up.
    mutating func inputCount() -> Int? {
        guard let count = unsigned(), 1...(1 << 40) ~= count else { return nil }
        return Int(count)
    }

    /// A sum that `appendSum` wrote.
    mutating func sum() -> CompensatedSum? {
        guard let isThere = byte(), isThere <= 1 else { return nil }
        guard isThere == 1 else { return CompensatedSum() }
        guard let value = number(), let remainder = number(), abs(remainder) <= abs(value) else { return nil }
        return CompensatedSum(value: value, remainder: remainder)
    }
}
