/// A sum of doubles that is rounded once: Shewchuk's partials (Adaptive Precision Floating-Point Arithmetic, 1997).
struct ExactSum {
    private var partials: [Double] = []

    mutating func add(_ number: Double) {
        var rest = number
        var kept: [Double] = []
        for partial in partials {
            let (large, small) = abs(rest) < abs(partial) ? (partial, rest) : (rest, partial)
            let sum = large + small
            let lost = small - (sum - large)
            if lost != 0 { kept.append(lost) }
            rest = sum
        }
        partials = kept + [rest]
    }

    /// The exact sum as the nearest double; of two as near, the even one.
    var value: Double {
        var partials = partials
        guard var high = partials.popLast() else { return 0 }
        var low = 0.0
        while let next = partials.popLast() {
            let before = high
            high = before + next
            low = next - (high - before)
            if low != 0 { break }
        }
        // Half a unit more, with more of the same sign behind it, rounds the other way.
        if let next = partials.last, low != 0, (low < 0) == (next < 0) {
            let doubled = low * 2
            if doubled == (high + doubled) - high { return high + doubled }
        }
        return high
    }

    static func of(_ numbers: some Sequence<Double>) -> Double {
        var sum = ExactSum()
        for number in numbers { sum.add(number) }
        return sum.value
    }
}
