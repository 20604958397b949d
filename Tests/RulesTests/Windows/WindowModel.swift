import Events

@testable import Rules

/// The obvious way to keep a window: every input is kept, and everything is counted anew each time.
struct WindowModel {
    private struct Entry {
        var at: Int64
        let input: WindowInput
        /// The order in which it came.
        let ordinal: Int

        var number: Double {
            switch input {
            case .number(let number): number
            case .part(let isMatch): isMatch ? 1 : 0
            case .one, .text: 1
            }
        }

        /// Texts are told apart by their bytes, which Swift's `==` on texts does not.
        var text: [UInt8] {
            if case .text(let text) = input { Array(text.utf8) } else { [] }
        }
    }

    let shape: WindowShape
    private(set) var now = Int64.min / 4
    private var entries: [Entry] = []
    private var since: Int64?
    private var isNew = false
    private var ordinal = 0
    private var oldest = Int64.max
    /// Whether what has left is dropped now and then only; of use to `numbers(ofLast:)` and `texts(ofLast:)` alone.
    var isLazy = false

    init(_ shape: WindowShape) {
        self.shape = shape
    }

    /// How long an input is of use to any measure.
    var span: Int64 {
        switch shape {
        case .count(let within, _), .sum(let within), .average(let within), .minimum(let within), .maximum(let within),
            .percentile(let within, _), .ratio(let within), .distinct(let within), .absent(let within),
            .firstSeen(let within):
            within.wholeMicroseconds
        case .change(_, let within, let against): within.wholeMicroseconds + against.wholeMicroseconds
        case .budget(let budget): Self.ages(budget).max() ?? 0
        }
    }

    /// The windows that a budget's paces are measured over: without burn rates a tenth of its period.
    private static func ages(_ budget: BudgetShape) -> [Int64] {
        let ages = budget.burnWindows.flatMap { [$0.long.wholeMicroseconds, $0.short.wholeMicroseconds] }
        return ages.isEmpty ? [budget.period.length.wholeMicroseconds / 10] : ages
    }

    mutating func add(_ input: WindowInput, at: Int64, now instant: Int64) -> Bool {
        advance(to: instant)
        let at = min(at, now)
        var isInside = at > now - span
        if case .budget(let budget) = shape { isInside = isInside || at >= period(budget).lowerBound }
        guard isInside else { return false }
        since = since ?? now
        ordinal += 1
        let entry = Entry(at: at, input: input, ordinal: ordinal)
        if case .firstSeen = shape { isNew = !entries.contains { $0.text == entry.text } }
        entries.append(entry)
        oldest = min(oldest, at)
        if case .count(_, .some(let newest)) = shape, entries.count > newest {
            entries.sort { ($0.at, $0.ordinal) < ($1.at, $1.ordinal) }
            entries.removeFirst()
        }
        return true
    }

    mutating func advance(to instant: Int64) {
        now = max(now, instant)
        isNew = false
        if case .absent = shape { return }
        var first = now - span
        if case .budget(let budget) = shape { first = min(first, period(budget).lowerBound - 1) }
        guard oldest <= first else { return }
        if isLazy {
            ordinal += 1
            guard ordinal % 512 == 0 else { return }
        }
        entries.removeAll { $0.at <= first }
        oldest = entries.map(\.at).min() ?? .max
    }

    mutating func shift(by step: Int64) {
        now += step
        since = since.map { $0 + step }
        if oldest < .max { oldest += step }
        for index in entries.indices { entries[index].at += step }
    }

    private func inside(_ from: Int64, _ through: Int64 = 0) -> [Entry] {
        entries.filter { $0.at > now - from && $0.at <= now - through }
    }

    private func period(_ budget: BudgetShape) -> Range<Int64> {
        let bounds = budget.period.bounds(at: Timestamp(microseconds: now))
        return bounds.lowerBound.microseconds..<bounds.upperBound.microseconds
    }

    /// The sum or what else is asked for, of some numbers.
    static func value(_ shape: WindowShape, _ numbers: [Double]) -> Double? {
        switch shape {
        case .count: Double(numbers.count)
        case .sum: ExactSum.of(numbers)
        case .average, .ratio: numbers.isEmpty ? nil : ExactSum.of(numbers) / Double(numbers.count)
        case .minimum: numbers.min()
        case .maximum: numbers.max()
        case .percentile(_, let rank): percentile(numbers, rank)
        default: nil
        }
    }

    private static func percentile(_ numbers: [Double], _ rank: Double) -> Double? {
        guard !numbers.isEmpty else { return nil }
        // That many must not be greater.
        let needed = Int((rank * Double(numbers.count)).rounded(.up))
        return numbers.sorted().enumerated().first { ($0.offset + 1) * 100 >= needed }?.element
    }

    func measure() -> WindowMeasure {
        switch shape {
        case .distinct:
            let texts = Set(inside(span).map { $0.text })
            return WindowMeasure(value: Double(texts.count), samples: texts.count)
        case .change(let measure, let within, let against):
            let simple: WindowShape =
                switch measure {
                case .count: .count(within: within, newest: nil)
                case .sum: .sum(within: within)
                case .average: .average(within: within)
                }
            let present = inside(within.wholeMicroseconds).map(\.number)
            let before = inside(span, against.wholeMicroseconds).map(\.number)
            var value: Double?
            if let since, since <= now - span, let divisor = Self.value(simple, before), divisor > 0 {
                value = Self.value(simple, present).map { $0 / divisor }
            }
            return WindowMeasure(value: value, samples: present.count)
        case .absent:
            let last = entries.map(\.at).max()
            return WindowMeasure(
                value: last.map { Double(now - $0) / 1_000_000 }, samples: last.map { $0 > now - span ? 1 : 0 } ?? 0)
        case .firstSeen:
            return WindowMeasure(value: isNew ? 1 : 0, samples: Set(entries.map { $0.text }).count)
        case .budget(let budget):
            let spent = entries.filter { $0.at >= period(budget).lowerBound }.map(\.number)
            return WindowMeasure(value: ExactSum.of(spent) / budget.limit, samples: spent.count)
        default:
            let numbers = inside(span).map(\.number)
            return WindowMeasure(value: Self.value(shape, numbers), samples: numbers.count)
        }
    }

    /// The paces of a budget: long and short of each burn rate.
    func paces() -> [Double] {
        guard case .budget(let budget) = shape else { return [] }
        let even = Double(budget.period.length.wholeMicroseconds) / budget.limit
        return budget.burnWindows.flatMap { windows in
            [windows.long, windows.short].map { window in
                let span = window.wholeMicroseconds
                return ExactSum.of(inside(span).map(\.number)) / Double(span) * even
            }
        }
    }

    /// The next instant at which time alone changes something.
    func nextChange() -> Int64? {
        var instants: [Int64] = []
        switch shape {
        case .change(_, let within, let against):
            for entry in entries {
                for age in [within.wholeMicroseconds, against.wholeMicroseconds, span] {
                    instants.append(entry.at + age)
                }
            }
            if let since { instants.append(since + span) }
        case .absent: instants = entries.map(\.at).max().map { [$0 + span] } ?? []
        case .firstSeen: return nil
        case .distinct:
            var last: [[UInt8]: Int64] = [:]
            for entry in entries { last[entry.text] = max(last[entry.text] ?? .min, entry.at) }
            instants = last.values.map { $0 + span }
        case .budget(let budget):
            for age in Self.ages(budget) { instants += entries.map { $0.at + age } }
            if entries.contains(where: { $0.at >= period(budget).lowerBound }) {
                instants.append(period(budget).upperBound)
            }
        default: instants = entries.map { $0.at + span }
        }
        return instants.filter { $0 > now }.min()
    }

    /// The numbers of the last `age` microseconds.
    func numbers(ofLast age: Int64) -> [Double] { inside(age).map(\.number) }
    /// The ages of the inputs between two ages: `numbers(ofLast:)` says the same from one to the next.
    func ages(from least: Int64, through greatest: Int64) -> Set<Int64> {
        Set(entries.map { now - $0.at }.filter { $0 >= least && $0 <= greatest })
    }
    /// How many texts the last `age` microseconds have.
    func texts(ofLast age: Int64) -> Int { Set(inside(age).map(\.text)).count }
}
