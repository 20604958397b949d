import Events
import Foundation
import Rules
import TestSupport
import Testing

/// Every kind of window against the model that keeps everything, over random streams.
@Suite struct WindowDifferentialTests {
    /// How many events all shapes and streams take together.
    static let events = ProcessInfo.processInfo.environment["HOOKMAIL_WINDOW_EVENTS"].flatMap { Int($0) } ?? 100_000

    /// One shape of each kind for a window of `within`.
    static func shapes(_ within: Duration, _ random: inout SeededRandom) -> [WindowShape] {
        let against = within * Int.random(in: 1...6, using: &random)
        let burns: [[Double]] = [[14.4, 6, 1], [2], []]
        let burn = burns.randomElement(using: &random) ?? []
        let period = BudgetShape.Period.allCases.randomElement(using: &random) ?? .day
        return [
            .count(within: within, newest: nil), .count(within: within, newest: Int.random(in: 1...40, using: &random)),
            .sum(within: within), .average(within: within), .minimum(within: within), .maximum(within: within),
            .percentile(within: within, rank: [1, 50, 90, 95, 99, 99.9].randomElement(using: &random) ?? 50),
            .ratio(within: within), .distinct(within: within), .change(of: .count, within: within, against: against),
            .change(of: .sum, within: within, against: against),
            .change(of: .average, within: within, against: within / 2), .absent(after: within),
            .firstSeen(forgetAfter: within), .budget(BudgetShape(limit: 1_000, period: period, burn: burn)),
        ]
    }

    @Test(.timeLimit(.minutes(60)), arguments: WindowStream.Kind.allCases)
    func everyKindCountsLikeTheModel(kind: WindowStream.Kind) throws {
        var random = seededRandom()
        let eventsPerRun = 400
        var left = Self.events / WindowStream.Kind.allCases.count
        while left > 0 {
            let within = Duration.milliseconds(Int64.random(in: 1_000...600_000, using: &random))
            for shape in Self.shapes(within, &random) where left > 0 {
                try run(shape, kind, events: eventsPerRun, &random)
                left -= eventsPerRun
            }
        }
    }

    private func run(
        _ shape: WindowShape, _ kind: WindowStream.Kind, events: Int, _ random: inout SeededRandom
    ) throws {
        var model = WindowModel(shape)
        var contents = WindowContents(shape)
        let inside = Int64.random(in: 1...80, using: &random)
        var stream = WindowStream(kind: kind, span: model.span, pause: max(1, model.span / inside))
        var copy = (contents: contents, measure: contents.measure(at: Timestamp(microseconds: WindowStream.start)))
        // What time has moved the window by, apart from the stream.
        var shifted: Int64 = 0
        for event in 0..<events {
            let (at, now) = stream.next(&random)
            let input = WindowStream.input(for: shape, &random)
            let isTaken = contents.add(
                input, at: Timestamp(microseconds: at + shifted), now: Timestamp(microseconds: now + shifted))
            let expected = model.add(input, at: at + shifted, now: now + shifted)
            try #require(isTaken == expected, "\(shape) \(kind) event \(event)")
            try compare(contents, model, "\(shape) \(kind) event \(event)")
            switch Int.random(in: 0..<24, using: &random) {
            case 0: try passTime(&contents, &model, &stream.now, shifted, "\(shape) \(kind) event \(event)")
            case 1:
                let bytes = contents.encoded()
                contents = try #require(WindowContents(decoding: bytes, shape: shape), "\(shape) \(kind) \(event)")
                #expect(contents.encoded() == bytes)
            case 2:
                // A copy is not touched by what happens to the other.
                #expect(copy.contents.measure(at: .init(microseconds: .min)) == copy.measure, "\(shape) \(kind)")
                copy = (contents, contents.measure(at: .init(microseconds: .min)))
            case 3:
                if case .budget = shape { break }
                let step = Int64.random(in: -5_000_000...5_000_000, using: &random)
                contents.shift(by: .microseconds(step))
                model.shift(by: step)
                shifted += step
            default: break
            }
            if case .jumping = kind, Int.random(in: 0..<20, using: &random) == 0 {
                // A clock that fell back is as late as it was.
                contents.advance(to: Timestamp(microseconds: now + shifted - 5_000_000))
            }
        }
    }

    /// Goes to the instant before the next change, and then to the change.
    private func passTime(
        _ contents: inout WindowContents, _ model: inout WindowModel, _ now: inout Int64, _ shifted: Int64,
        _ comment: Comment
    ) throws {
        guard let change = model.nextChange() else { return }
        for instant in [change - 1, change] {
            model.advance(to: instant)
            // Looking ahead is the same as going there.
            let ahead = contents.measure(at: Timestamp(microseconds: instant))
            #expect(Self.isSame(ahead, model.measure()), comment)
            contents.advance(to: Timestamp(microseconds: instant))
            try compare(contents, model, comment)
        }
        now = max(now, change - shifted)
    }

    private func compare(_ contents: WindowContents, _ model: WindowModel, _ comment: Comment) throws {
        let now = Timestamp(microseconds: model.now)
        let measure = contents.measure(at: now)
        try #require(Self.isSame(measure, model.measure()), comment)
        try #require(!measure.isApproximate)
        try #require(contents.nextChange?.microseconds == model.nextChange(), comment)
        if let budget = contents.budget(at: now) {
            try #require(budget.burns.flatMap { [$0.longPace, $0.shortPace] } == model.paces(), comment)
        }
    }

    private static func isSame(_ measure: WindowMeasure, _ expected: WindowMeasure) -> Bool {
        measure.value == expected.value && measure.samples == expected.samples
    }
}
