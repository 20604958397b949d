import TestSupport
import Testing

@testable import Rules

/// The sums, hashes and sketches that windows are made of.
@Suite struct SketchTests {
    /// The example of the paper's appendix, and the first vectors of the reference implementation.
    @Test(
        arguments: [
            (0, 0x726F_DB47_DD0E_0E31), (1, 0x74F8_39C5_93DC_67FD), (15, 0xA129_CA61_49BE_45E5),
        ] as [(Int, UInt64)])
    func hashesAreSipHash24(length: Int, hash: UInt64) {
        let bytes = (0..<UInt8(length)).map { $0 }
        let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)
        #expect(bytes.withUnsafeBufferPointer { TextHash.of($0, key: key) } == hash)
    }

    @Test func aTextHasTheHashOfItsBytes() {
        #expect(TextHash.of("\u{e9}") != TextHash.of("e\u{301}"))
        #expect(TextHash.of("") == [UInt8]().withUnsafeBufferPointer { TextHash.of($0) })
        // Stored rows hold hashes: they must never change.
        #expect(TextHash.of("timeout") == 16_055_814_489_355_306_235)
    }

    @Test func compensatedSumsAreRoundedOnce() {
        var random = seededRandom()
        for _ in 0..<200 {
            var sum = CompensatedSum()
            var numbers: [Double] = []
            for _ in 0..<200 {
                if numbers.count > 20, Bool.random(using: &random) {
                    sum.add(-numbers.removeFirst())
                } else {
                    let number = Double(Int.random(in: -100_000...1_000_000, using: &random)) / 1_000
                    numbers.append(number)
                    sum.add(number)
                }
                #expect(sum.value == ExactSum.of(numbers))
            }
        }
    }

    @Test func magnitudesComeBackWithinOnePercent() {
        var random = seededRandom()
        var number = MagnitudeKeys.leastMagnitude
        var last = 0
        while number <= MagnitudeKeys.greatestMagnitude {
            let key = MagnitudeKeys.key(of: number)
            #expect(key >= last)
            #expect(abs(MagnitudeKeys.number(of: key) - number) <= 0.010_000_1 * number)
            #expect(
                MagnitudeKeys.key(of: -number) == -key
                    && MagnitudeKeys.number(of: -key) == -MagnitudeKeys.number(of: key))
            last = key
            number *= Double.random(in: 1...1.01, using: &random)
        }
        #expect(MagnitudeKeys.key(of: 0) == 0 && MagnitudeKeys.key(of: 1e-7) == 0 && MagnitudeKeys.number(of: 0) == 0)
        #expect(MagnitudeKeys.key(of: 1e200) == MagnitudeKeys.all.upperBound)
        #expect(MagnitudeKeys.key(of: -1e200) == MagnitudeKeys.all.lowerBound)
    }

    @Test func aSketchGivesBackWhatWasTakenFromIt() {
        var random = seededRandom()
        var whole = RelativeErrorSketch<UInt64>()
        var part = RelativeErrorSketch<UInt32>()
        for count in 1...4_000 {
            let key = Int.random(in: -300...900, using: &random)
            whole.add(key)
            if count % 2 == 0 { part.add(key) }
        }
        #expect(whole.total == 4_000 && part.total == 2_000)
        whole.remove(part)
        #expect(whole.total == 2_000)
        whole.add(part)
        #expect(whole.number(ofRank: 4_000) != nil && whole.number(ofRank: 4_001) == nil)
    }

    /// Over 30 sets of each size the mean error is that of the algorithm, and no estimate is far off.
    ///
    /// Each bound is missed by chance less than once in ten thousand runs. Of ten hashes each that meets another in its
    /// register, which one of 24 sets has, is a tenth of the count: three such may happen.
    @Test(.timeLimit(.minutes(2)), arguments: [10, 500, 1_001, 5_000, 40_000])
    func distinctCountsAreWithinTheirError(count: Int) {
        var random = seededRandom()
        var squares = 0.0
        for _ in 0..<30 {
            var sketch = HyperLogLog()
            for _ in 0..<count { sketch.see(random.next()) }
            let error = sketch.estimate / Double(count) - 1
            #expect(abs(error) < (count == 10 ? 0.35 : 0.17))
            squares += error * error
        }
        // One standard error is 3.25 %.
        #expect((squares / 30).squareRoot() < 0.0325 * 1.7)
    }

    @Test func sketchesUniteAsIfOneHadSeenAll() {
        var random = seededRandom()
        var one = HyperLogLog()
        var other = HyperLogLog()
        var both = HyperLogLog()
        for index in 0..<3_000 {
            let hash = random.next()
            if index % 3 > 0 { one.see(hash) }
            if index % 2 > 0 { other.see(hash) }
            if index % 3 > 0 || index % 2 > 0 { both.see(hash) }
        }
        one.unite(with: other)
        #expect(one.registers == both.registers && one.estimate == both.estimate)
        #expect(HyperLogLog().estimate == 0)
    }
}
