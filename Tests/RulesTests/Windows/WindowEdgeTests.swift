import Events
import Rules
import Testing

/// Windows at their edges, with figures that can be checked by hand.
@Suite struct WindowEdgeTests {
    /// Contents with inputs at seconds, all of them in order.
    private func filled(_ shape: WindowShape, _ inputs: [(Double, WindowInput)]) -> WindowContents {
        var contents = WindowContents(shape)
        for (second, input) in inputs { contents.add(input, at: time(second), now: time(second)) }
        return contents
    }

    @Test func whatIsExactlyAsOldAsTheWindowHasLeftIt() {
        var contents = filled(.count(within: .seconds(600), newest: nil), [(0, .one), (1, .one)])
        #expect(contents.nextChange == time(600))
        #expect(contents.measure(at: time(599.999_999)).value == 2)
        #expect(contents.measure(at: time(600)).value == 1)
        #expect(contents.measure(at: time(601)).value == 0)
        // Looking ahead has changed nothing.
        #expect(contents.measure(at: time(1)).value == 2)
        // An input at `now` is inside, one as old as the window is late, one a microsecond younger is not.
        let isTaken = [600, 0, 0.000_001].map { contents.add(.one, at: time($0), now: time(600)) }
        #expect(isTaken == [true, false, true])
        #expect(contents.measure(at: time(600)).value == 3)
        #expect(contents.nextChange == time(600.000_001))
    }

    @Test func anInputFromTheFutureIsAtNow() {
        var contents = WindowContents(.count(within: .seconds(10), newest: nil))
        contents.add(.one, at: time(99), now: time(1))
        #expect(contents.nextChange == time(11))
    }

    @Test func tenTimesATenthIsOne() {
        let contents = filled(.sum(within: .seconds(60)), (0..<10).map { (Double($0), .number(0.1)) })
        #expect(contents.measure(at: time(10)).value == 1)
        let average = filled(.average(within: .seconds(60)), (0..<10).map { (Double($0), .number(0.1)) })
        #expect(average.measure(at: time(10)).value == 0.1)
    }

    @Test func aLargeNumberThatLeavesTakesNothingWithIt() {
        var contents = filled(
            .sum(within: .seconds(60)), [(0, .number(1e17)), (1, .number(0.1)), (2, .number(-1e16)), (3, .number(0.2))])
        contents.advance(to: time(60))
        #expect(contents.measure(at: time(60)).value == -1e16 + 0.3)
        #expect(contents.measure(at: time(62)).value == 0.2)
        #expect(contents.measure(at: time(63)) == WindowMeasure(value: 0, samples: 0))
    }

    @Test func whatIsNoNumberIsNotCounted() {
        var contents = WindowContents(.sum(within: .seconds(60)))
        for number in [Double.nan, .infinity, -.infinity, 1e300, -1e300] {
            let isTaken = contents.add(.number(number), at: time(0), now: time(0))
            #expect(!isTaken)
        }
        for input in [WindowInput.one, .text("5"), .part(isMatch: true)] {
            let isTaken = contents.add(input, at: time(0), now: time(0))
            #expect(!isTaken)
        }
        #expect(contents.measure(at: time(0)) == WindowMeasure(value: 0, samples: 0))
    }

    @Test func nothingIsUnknownToAllButCountsAndSums() {
        let within = Duration.seconds(60)
        for (shape, value) in [
            (WindowShape.count(within: within, newest: nil), 0.0), (.sum(within: within), 0),
            (.distinct(within: within), 0), (.average(within: within), nil), (.minimum(within: within), nil),
            (.maximum(within: within), nil), (.percentile(within: within, rank: 50), nil),
            (.ratio(within: within), nil), (.absent(after: within), nil),
        ] as [(WindowShape, Double?)] {
            let contents = WindowContents(shape)
            #expect(contents.measure(at: time(0)) == WindowMeasure(value: value, samples: 0), "\(shape)")
            #expect(contents.nextChange == nil)
        }
    }

    @Test func aPercentileIsANumberThatCameIn() {
        let numbers = (1...20).map { (Double($0), WindowInput.number(Double($0) * 8)) }
        for (rank, value) in [(95.0, 152.0), (50, 80), (99, 160), (1, 8), (5, 8), (5.01, 16)] {
            let contents = filled(.percentile(within: .seconds(60), rank: rank), numbers)
            #expect(contents.measure(at: time(20)).value == value, "\(rank)")
        }
    }

    @Test func aShareIsOfThoseThatCount() {
        let contents = filled(
            .ratio(within: .seconds(10)),
            [
                (0, .part(isMatch: true)), (1, .part(isMatch: false)), (2, .part(isMatch: false)),
                (3, .part(isMatch: true)),
            ])
        #expect(contents.measure(at: time(3)) == WindowMeasure(value: 0.5, samples: 4))
        #expect(contents.measure(at: time(10)).value == 1.0 / 3)
    }

    @Test func absenceIsCountedFromTheLastInputOrTheArming() {
        var contents = WindowContents(.absent(after: .seconds(1_800)))
        contents.arm(at: time(0))
        #expect(contents.nextChange == time(1_800))
        #expect(contents.measure(at: time(1_800)) == WindowMeasure(value: 1_800, samples: 0))
        contents.add(.one, at: time(100), now: time(100))
        contents.arm(at: time(200))
        #expect(contents.nextChange == time(1_900))
        #expect(contents.measure(at: time(1_899)) == WindowMeasure(value: 1_799, samples: 1))
        contents.add(.one, at: time(50), now: time(210))
        #expect(contents.nextChange == time(1_900))
        contents.advance(to: time(1_900))
        #expect(contents.nextChange == nil)
        #expect(contents.measure(at: time(1_900)) == WindowMeasure(value: 1_800, samples: 0))
    }

    @Test func aNewTextIsNewOnceUntilItIsForgotten() {
        var contents = WindowContents(.firstSeen(forgetAfter: .seconds(100)))
        let sight = { (text: String, second: Double) -> Bool in
            contents.add(.text(text), at: time(second), now: time(second))
            let isNew = contents.measure(at: time(second)).value == 1
            // The memory outlives a restart.
            contents =
                WindowContents(decoding: contents.encoded(), shape: .firstSeen(forgetAfter: .seconds(100)))
                ?? WindowContents(.firstSeen(forgetAfter: .seconds(100)))
            return isNew
        }
        #expect(sight("a", 0) && !sight("a", 0) && sight("b", 1) && !sight("a", 99))
        // Each sight begins the time anew.
        #expect(!sight("a", 198) && sight("b", 200) && sight("a", 298))
        contents.advance(to: time(298))
        #expect(contents.measure(at: time(298)).value == 0)
    }

    @Test func aChangeIsUnknownUntilThereIsSomethingToCompare() {
        let shape = WindowShape.change(of: .count, within: .seconds(60), against: .seconds(600))
        var contents = WindowContents(shape)
        let value = { (second: Double) in contents.measure(at: time(second)).value }
        contents.add(.one, at: time(0), now: time(0))
        for second in [10.0, 20, 620, 630, 640, 650, 651, 652] {
            contents.add(.one, at: time(second), now: time(second))
        }
        // Now (592, 652], before (−8, 52]: the first input came at 0.
        #expect(value(652) == nil && value(659.9) == nil)
        // Before is (0, 60], without the input at 0: two; now is (600, 660], six.
        #expect(value(660) == 3)
        contents.advance(to: time(652))
        #expect(contents.nextChange == time(660))
        // Before is (20, 80]: nothing to divide by, however much there is now.
        #expect(value(680) == nil)
        #expect(value(669) == 3 && value(670) == 6)
    }

    @Test func aChangeToNothingIsZeroAndOfNothingUnknown() {
        for (measure, after) in [(ChangeMeasure.count, 0.0), (.sum, 0), (.average, nil)] as [(ChangeMeasure, Double?)] {
            let shape = WindowShape.change(of: measure, within: .seconds(60), against: .seconds(60))
            let input = measure == .count ? WindowInput.one : .number(5)
            var contents = filled(shape, [(0, input), (61, input)])
            #expect(contents.measure(at: time(120)).value == nil)
            #expect(contents.measure(at: time(121)).value == after)
            // What was earned back is nothing to be a multiple of.
            if measure != .count { contents.add(.number(-20), at: time(70), now: time(70)) }
            #expect(contents.measure(at: time(130)).value == (measure == .count ? 0 : nil))
        }
    }

    @Test func windowsKeepTheirDistanceFromAClockThatWasSet() {
        let within = Duration.seconds(60)
        for shape in [
            WindowShape.count(within: within, newest: nil), .maximum(within: within),
            .percentile(within: within, rank: 50), .distinct(within: within), .absent(after: within),
        ] {
            var contents = WindowContents(shape)
            let input: WindowInput =
                switch shape {
                case .count, .absent: .one
                case .distinct: .text("a")
                default: .number(3)
                }
            contents.add(input, at: time(0), now: time(0))
            for step in [-86_400, 86_400 * 400, -12.5] as [Double] {
                let before = contents.nextChange
                contents.shift(by: .milliseconds(Int64(step * 1_000)))
                #expect(contents.nextChange == before?.advanced(by: .milliseconds(Int64(step * 1_000))), "\(shape)")
            }
            // A step that leaves the range of time is none.
            let before = contents.nextChange
            contents.shift(by: .seconds(Int64.max))
            #expect(contents.nextChange == before)
        }
    }

    @Test func theEndsOfTimeAreInsideTheRange() {
        for shape in [WindowShape.sum(within: .seconds(Int64.max)), .sum(within: .zero), .sum(within: .seconds(-5))] {
            var contents = WindowContents(shape)
            contents.add(.number(1), at: Timestamp(microseconds: .min), now: Timestamp(microseconds: .min))
            contents.add(.number(1), at: Timestamp(microseconds: .max), now: Timestamp(microseconds: .max))
            contents.shift(by: .seconds(Int64.min))
            #expect(contents.measure(at: Timestamp(microseconds: 0)).samples == 1)
            #expect(WindowContents(decoding: contents.encoded(), shape: shape) != nil)
        }
    }

    @Test func aTrendIsTheWindowInEqualParts() {
        let within = Duration.seconds(40)
        let numbers: [(Double, WindowInput)] = [
            (1, .number(1)), (10, .number(2)), (10.000_001, .number(3)), (21, .number(4)), (29, .number(6)),
        ]
        for (shape, bars) in [
            (WindowShape.sum(within: within), [3.0, 3, 10, 0]), (.average(within: within), [1.5, 3, 5, 0]),
            (.minimum(within: within), [1, 3, 4, 0]), (.maximum(within: within), [2, 3, 6, 0]),
            (.percentile(within: within, rank: 50), [1, 3, 4, 0]),
            (.change(of: .sum, within: .seconds(10), against: .seconds(30)), [3, 3, 10, 0]),
        ] as [(WindowShape, [Double])] {
            #expect(filled(shape, numbers).trend(at: time(40), bars: 4) == bars, "\(shape)")
            #expect(filled(shape, numbers).trend(at: time(40), bars: 0) == [])
        }
        let texts = filled(
            .distinct(within: within), [(1, .text("a")), (5, .text("b")), (11, .text("a")), (40, .text("c"))])
        #expect(texts.trend(at: time(40), bars: 4) == [1, 1, 0, 1])
    }
}
