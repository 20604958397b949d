import Events

/// A window that keeps every input and counts anew each time.
struct PlainContent: WindowContent {
    private struct Entry {
        var at: Int64
        var input: WindowInput
    }

    private let shape: WindowShape
    private var entries: [Entry] = []
    private var since: Int64?
    private var isNew = false

    init(_ shape: WindowShape) {
        self.shape = shape
    }

    private var span: Int64 {
        switch shape {
        case .count(let within, _), .sum(let within), .average(let within), .minimum(let within), .maximum(let within),
            .percentile(let within, _), .ratio(let within), .distinct(let within):
            within.wholeMicroseconds
        case .change(_, let within, let against): within.wholeMicroseconds + against.wholeMicroseconds
        case .absent, .budget: 400 * 86_400_000_000
        case .firstSeen(let forgetAfter): forgetAfter.wholeMicroseconds
        }
    }

    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool {
        guard at > now - span else { return false }
        since = since ?? now
        if case .firstSeen = shape { isNew = !entries.contains { $0.input == input } }
        let index = entries.lastIndex { $0.at <= at }.map { $0 + 1 } ?? 0
        entries.insert(Entry(at: at, input: input), at: index)
        return true
    }

    mutating func advance(to now: Int64) {
        isNew = false
        let start = now - span
        entries.removeAll { $0.at <= start }
    }

    /// Begins to wait.
    mutating func arm(at now: Int64) {
        since = since ?? now
    }

    private static func bytes(of input: WindowInput) -> [UInt8] {
        guard case .text(let text) = input else { return [] }
        return Array(text.utf8)
    }

    private func measure(_ inputs: ArraySlice<Entry>) -> WindowMeasure {
        let numbers = inputs.map { entry -> Double in
            switch entry.input {
            case .number(let number): number
            case .part(let isMatch): isMatch ? 1 : 0
            case .one, .text: 1
            }
        }
        let sum = numbers.reduce(0, +)
        let value: Double? =
            switch shape {
            case .count(_, let newest): Double(min(numbers.count, newest ?? .max))
            case .sum, .budget: sum
            case .average, .ratio: numbers.isEmpty ? nil : sum / Double(numbers.count)
            case .minimum: numbers.min()
            case .maximum: numbers.max()
            case .percentile(_, let rank):
                numbers.isEmpty
                    ? nil : numbers.sorted()[max(0, Int((rank * Double(numbers.count) / 100).rounded(.up)) - 1)]
            case .distinct:
                Double(Set(inputs.map { Self.bytes(of: $0.input) }).count)
            case .change(let measure, _, _):
                switch measure {
                case .count: Double(numbers.count)
                case .sum: sum
                case .average: numbers.isEmpty ? nil : sum / Double(numbers.count)
                }
            case .absent, .firstSeen: nil
            }
        return WindowMeasure(value: value, samples: numbers.count)
    }

    private func entries(after start: Int64, through end: Int64) -> ArraySlice<Entry> {
        let first = entries.firstIndex { $0.at > start } ?? entries.count
        let last = entries.firstIndex { $0.at > end } ?? entries.count
        return entries[first..<max(first, last)]
    }

    func measure(at now: Int64) -> WindowMeasure {
        switch shape {
        case .change(_, let within, let against):
            let (within, against) = (within.wholeMicroseconds, against.wholeMicroseconds)
            var present = measure(entries(after: now - within, through: now))
            let before = measure(entries(after: now - within - against, through: now - against))
            let isCovered = since.map { $0 <= now - within - against } ?? false
            let ratio = before.value.flatMap { divisor in
                divisor > 0 ? present.value.map { $0 / divisor } : nil
            }
            present.value = isCovered ? ratio : nil
            return present
        case .absent:
            let last = entries.last?.at ?? since
            return WindowMeasure(value: last.map { Double(now - $0) / 1_000_000 }, samples: 0)
        case .firstSeen:
            return WindowMeasure(value: isNew ? 1 : 0, samples: entries.count)
        case .budget(let budget):
            let start = budget.period.bounds(at: Timestamp(microseconds: now)).lowerBound.microseconds
            var spent = measure(entries(after: start - 1, through: now))
            spent.value = spent.value.map { $0 / budget.limit }
            return spent
        default:
            return measure(entries(after: now - span, through: now))
        }
    }

    /// How a budget stands.
    func standing(at now: Int64) -> BudgetStanding? {
        guard case .budget(let budget) = shape else { return nil }
        let period = budget.period.bounds(at: Timestamp(microseconds: now))
        let spent = (measure(at: now).value ?? 0) * budget.limit
        let even = budget.limit / Double(budget.period.length.wholeMicroseconds)
        let burns = budget.burnWindows.map { windows in
            let pace = { (span: Int64) in
                (measure(entries(after: now - span, through: now)).value ?? 0) / Double(span) / even
            }
            return BudgetStanding.Burn(
                windows: windows, longPace: pace(windows.long.wholeMicroseconds),
                shortPace: pace(windows.short.wholeMicroseconds))
        }
        let pace = (burns.first(where: \.isBurning) ?? burns.last)?.longPace ?? 0
        let left = (budget.limit - spent) / (pace * even)
        let ends = left <= 0 ? now : left < 1e16 ? now + Int64(left) : .max
        return BudgetStanding(
            limit: budget.limit, spent: spent, period: period, burns: burns,
            endsAt: ends < period.upperBound.microseconds ? Timestamp(microseconds: ends) : nil)
    }

    func nextChange(after now: Int64) -> Int64? {
        switch shape {
        case .absent(let after):
            return (entries.last?.at ?? since).map { $0 + after.wholeMicroseconds }.flatMap { $0 > now ? $0 : nil }
        case .change(_, let within, let against):
            let (within, against) = (within.wholeMicroseconds, against.wholeMicroseconds)
            let instants = entries.flatMap { [$0.at + within, $0.at + against, $0.at + within + against] }
            return (instants + [(since ?? .min / 2) + within + against]).filter { $0 > now }.min()
        case .budget(let budget):
            let spans = budget.burnWindows.flatMap { [$0.long.wholeMicroseconds, $0.short.wholeMicroseconds] }
            let end = budget.period.bounds(at: Timestamp(microseconds: now)).upperBound.microseconds
            return (entries.flatMap { entry in spans.map { entry.at + $0 } } + [end]).filter { $0 > now }.min()
        case .firstSeen:
            return nil
        default:
            return entries.first.map { $0.at + span }
        }
    }

    func trend(at now: Int64, bars: Int) -> [Double] {
        switch shape {
        case .absent, .firstSeen: return []
        default: break
        }
        return (1...bars).map { bar in
            let edge = { (bar: Int) in now - span + Int64(Double(span) * Double(bar) / Double(bars)) }
            return measure(entries(after: edge(bar - 1), through: edge(bar))).value ?? 0
        }
    }

    mutating func shift(by step: Int64) {
        for index in entries.indices { entries[index].at += step }
        since = since.map { $0 + step }
    }

    func encode(into bytes: inout [UInt8], now: Int64) {
        bytes.appendSigned(since ?? .min)
        bytes.appendUnsigned(UInt64(entries.count))
        for entry in entries {
            bytes.appendSigned(entry.at)
            switch entry.input {
            case .one: bytes.append(0)
            case .part(let isMatch): bytes.append(isMatch ? 2 : 1)
            case .number(let number):
                bytes.append(3)
                bytes.appendNumber(number)
            case .text(let text):
                bytes.append(4)
                bytes.appendUnsigned(UInt64(text.utf8.count))
                bytes += Array(text.utf8)
            }
        }
    }

    init?(_ shape: WindowShape, reading reader: inout RowReader) {
        self.shape = shape
        guard let since = reader.signed(), let count = reader.count(ofSize: 2) else { return nil }
        self.since = since == .min ? nil : since
        for _ in 0..<count {
            guard let at = reader.signed(), let kind = reader.byte() else { return nil }
            var input = WindowInput.one
            switch kind {
            case 0: break
            case 1, 2: input = .part(isMatch: kind == 2)
            case 3:
                guard let number = reader.number() else { return nil }
                input = .number(number)
            default:
                guard let length = reader.count() else { return nil }
                input = .text(String(decoding: (0..<length).compactMap { _ in reader.byte() }, as: UTF8.self))
            }
            entries.append(Entry(at: at, input: input))
        }
    }

    var bytes: Int { entries.count * 64 }
}
