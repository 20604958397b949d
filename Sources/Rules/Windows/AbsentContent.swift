/// A window that waits for an input.
struct AbsentContent: WindowContent {
    private let after: Int64
    /// The latest input.
    private var last: Int64?
    /// When the waiting began without an input.
    private var armed: Int64?

    /// Waits for `after` microseconds, once something has begun the waiting.
    init(after: Int64) {
        self.after = after
    }

    /// Begins to wait, unless it has begun.
    mutating func arm(at now: Int64) {
        guard last == nil else { return }
        armed = armed ?? now
    }

    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool {
        guard at > now - after else { return false }
        last = max(last ?? at, at)
        return true
    }

    mutating func advance(to now: Int64) {}

    func measure(at now: Int64) -> WindowMeasure {
        WindowMeasure(
            value: (last ?? armed).map { Double(now - $0) / 1_000_000 },
            samples: last.map { $0 > now - after ? 1 : 0 } ?? 0
        )
    }

    func nextChange(after now: Int64) -> Int64? {
        (last ?? armed).map { $0 + after }.flatMap { $0 > now ? $0 : nil }
    }

    func trend(at now: Int64, bars: Int) -> [Double] { [] }

    mutating func shift(by step: Int64) {
        last = last.map { max(WindowContents.instants.lowerBound, $0 + step) }
        armed = armed.map { max(WindowContents.instants.lowerBound, $0 + step) }
    }

    func encode(into bytes: inout [UInt8], now: Int64) {
        bytes.appendAge(last, now: now)
        bytes.appendAge(armed, now: now)
    }

    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool {
        guard let last = reader.age(now: now), let armed = reader.age(now: now) else { return false }
        self.last = last
        self.armed = armed
        return true
    }

    var bytes: Int { MemoryLayout<Self>.size + 16 }
}
