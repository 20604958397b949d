import Events
import Rules
import TestSupport
import Testing

/// Windows that hold more than they keep one by one.
@Suite struct WindowBucketTests {
    static let within = Duration.seconds(120)
    static let shapes: [WindowShape] = [
        .count(within: within, newest: nil), .sum(within: within), .average(within: within), .minimum(within: within),
        .maximum(within: within), .percentile(within: within, rank: 95), .percentile(within: within, rank: 3),
        .ratio(within: within),
    ]
    /// The length of a bucket: a sixtieth of the window.
    static let grain: Int64 = 2_000_000

    /// The measure is that of what came after some instant up to one bucket inside the window, a percentile within 1 %
    /// of it.
    @Test(.timeLimit(.minutes(5)), arguments: shapes) func theEdgeIsOffByAtMostOneBucket(shape: WindowShape) throws {
        var random = seededRandom()
        var run = WindowRun(shape)
        var approximate = 0
        for event in 0..<12_000 {
            // Some 8,000 inside, now and then one that is late.
            let step = Int64.random(in: 0...30_000, using: &random)
            let late =
                Int.random(in: 0..<10, using: &random) == 0 ? Int64.random(in: 0...130_000_000, using: &random) : 0
            run.add(Self.input(shape, &random), late: late, after: step)
            if event % 307 == 0 { run.reopen() }
            guard event % 997 == 0 else { continue }
            run.catchUp()
            let measure = run.measure
            if measure.isApproximate { approximate += 1 }
            try run.expectMeasureWithin(measure.isApproximate ? Self.grain : 0, "event \(event)")
        }
        #expect(approximate > 5)
        // When the crowd has left, it is exact again.
        for _ in 0..<200 { run.add(Self.input(shape, &random), late: 0, after: 1_000_000) }
        #expect(!run.measure.isApproximate)
        run.catchUp()
        try run.expectMeasureWithin(0, "at the end")
    }

    private static func input(_ shape: WindowShape, _ random: inout SeededRandom) -> WindowInput {
        if case .number = WindowStream.input(for: shape, &random) {
            // From a millisecond to a quarter of an hour, all magnitudes alike.
            var number = 0.001
            for _ in 0..<Int.random(in: 0..<20, using: &random) { number *= 2 }
            return .number(number * Double.random(in: 1...2, using: &random))
        }
        return WindowStream.input(for: shape, &random)
    }

    @Test func theLastOneThatIsKeptAloneIsTheLastExactOne() {
        var contents = WindowContents(.count(within: .seconds(3_600), newest: nil))
        for second in 0..<4_096 {
            contents.add(.one, at: time(0.5 * Double(second)), now: time(0.5 * Double(second)))
        }
        #expect(contents.measure(at: time(2_048)) == WindowMeasure(value: 4_096, samples: 4_096))
        contents.add(.one, at: time(2_048), now: time(2_048))
        #expect(
            contents.measure(at: time(2_048)) == WindowMeasure(value: 4_097, samples: 4_097, isApproximate: true))
        #expect(contents.bytes < 100_000)
    }

    @Test func aLimitedCountStaysExact() {
        var contents = WindowContents(.count(within: .seconds(10), newest: 6_000))
        for event in 0..<50_000 {
            contents.add(.one, at: time(Double(event) / 1_000), now: time(Double(event) / 1_000))
        }
        #expect(contents.measure(at: time(49.999)) == WindowMeasure(value: 6_000, samples: 6_000))
        // Of the instants up to 49.999, those after 49.5 are left ten seconds later: 499.
        #expect(contents.measure(at: time(59.5)) == WindowMeasure(value: 499, samples: 499))
    }

    @Test func whatABucketHeldLeavesNothingBehind() {
        var contents = WindowContents(.sum(within: .seconds(60)))
        for event in 0..<20_000 {
            contents.add(
                .number(1e15 + Double(event)), at: time(Double(event) / 1_000), now: time(Double(event) / 1_000))
        }
        for second in 100..<110 { contents.add(.number(0.1), at: time(Double(second)), now: time(Double(second))) }
        #expect(contents.measure(at: time(110)) == WindowMeasure(value: 1, samples: 10))
    }

    /// A change looks at one period exactly one day after the other; one bucket more or less at either end.
    @Test func aChangeOfManyComparesWholeBuckets() throws {
        var contents = WindowContents(.change(of: .count, within: .seconds(600), against: .seconds(6_000)))
        for event in 0..<13_200 {
            // One a second first, then three.
            let at = time(Double(event < 6_600 ? event : 6_600 + (event - 6_600) / 3))
            contents.add(.one, at: at, now: at)
        }
        let measure = contents.measure(at: time(8_799))
        let value = try #require(measure.value)
        #expect(measure.isApproximate && abs(value - 3) < 3 * 0.04)
    }

    @Test(.timeLimit(.minutes(2))) func manyDifferentTextsAreEstimated() throws {
        var random = seededRandom()
        var run = WindowRun(.distinct(within: Self.within))
        var approximate = 0
        for event in 0..<16_000 {
            run.add(.text("\(Int.random(in: 0..<8_000, using: &random))"), late: 0, after: 12_000)
            if event % 307 == 0 { run.reopen() }
            guard event % 997 == 0 else { continue }
            run.catchUp()
            let measure = run.measure
            let value = try #require(measure.value)
            let whole = Double(run.model.texts(ofLast: 120_000_000))
            guard measure.isApproximate else {
                #expect(value == whole)
                continue
            }
            approximate += 1
            // A sixth of the window, and four standard errors of 3.25 %.
            let least = Double(run.model.texts(ofLast: 100_000_000))
            #expect((least * 0.87...whole * 1.13).contains(value), "event \(event)")
        }
        #expect(approximate > 8)
        for event in 0..<300 { run.add(.text("\(event % 50)"), late: 0, after: 1_000_000) }
        #expect(run.measure == WindowMeasure(value: 50, samples: 50))
    }

    @Test func theOldestOfTooManySightsAreForgotten() {
        var contents = WindowContents(.firstSeen(forgetAfter: .seconds(86_400)))
        for text in 0...WindowShape.textsSeenMax {
            contents.add(.text("\(text)"), at: time(Double(text)), now: time(Double(text)))
        }
        #expect(contents.measure(at: time(10_000)).samples == WindowShape.textsSeenMax)
        for (text, isNew) in [("1", false), ("0", true), ("10000", false), ("2", true)] {
            contents.add(.text(text), at: time(10_001), now: time(10_001))
            #expect(contents.measure(at: time(10_001)).value == (isNew ? 1 : 0), "\(text)")
        }
        #expect(contents.bytes < 700_000)
    }
}

/// An instant `seconds` after the streams' start.
func time(_ seconds: Double) -> Timestamp {
    Timestamp(microseconds: WindowStream.start + Int64((seconds * 1_000_000).rounded()))
}

/// A window and its model side by side.
struct WindowRun {
    let shape: WindowShape
    private(set) var contents: WindowContents
    private(set) var model: WindowModel
    private var now = WindowStream.start
    /// What the model has not taken yet.
    private var inputs: [(WindowInput, Int64, Int64)] = []

    init(_ shape: WindowShape) {
        self.shape = shape
        contents = WindowContents(shape)
        model = WindowModel(shape)
        model.isLazy = true
    }

    var measure: WindowMeasure { contents.measure(at: Timestamp(microseconds: now)) }

    mutating func add(_ input: WindowInput, late: Int64, after pause: Int64) {
        now += pause
        contents.add(input, at: Timestamp(microseconds: now - late), now: Timestamp(microseconds: now))
        inputs.append((input, now - late, now))
    }

    /// Lets the model catch up: it takes long for what it does.
    mutating func catchUp() {
        for (input, at, instant) in inputs { _ = model.add(input, at: at, now: instant) }
        inputs = []
        model.advance(to: now)
    }

    /// Goes on with contents that were written and read.
    mutating func reopen() {
        let bytes = contents.encoded()
        guard let read = WindowContents(decoding: bytes, shape: shape) else {
            Issue.record("\(shape) was not read")
            return
        }
        contents = read
        #expect(contents.encoded() == bytes)
    }

    /// The measure is that of what the model has after some instant in the first `tolerance` microseconds.
    func expectMeasureWithin(_ tolerance: Int64, _ comment: Comment) throws {
        let measure = measure
        let isPercentile = if case .percentile = shape { tolerance > 0 } else { false }
        func isFound(_ age: Int64) -> Bool {
            let expected = WindowModel.value(shape, model.numbers(ofLast: age))
            guard let value = measure.value, let expected else { return measure.value == expected }
            if isPercentile { return abs(value - expected) <= 0.010_001 * expected }
            return tolerance == 0 ? value == expected : isNear(value, expected)
        }
        // Some ages at first, which mostly do. Between two of them the measure may jump, so each one has its turn.
        let found =
            (0...8).contains { isFound(model.span - tolerance * $0 / 8) }
            || model.ages(from: model.span - tolerance, through: model.span).contains { isFound($0) }
        #expect(found, comment)
    }

    /// Within what the inputs of an eighth of a bucket make of the measure.
    private func isNear(_ value: Double, _ expected: Double) -> Bool {
        switch shape {
        case .count: abs(value - expected) <= 30
        case .minimum, .maximum: value == expected
        default: abs(value - expected) <= 0.005 * abs(expected)
        }
    }
}
