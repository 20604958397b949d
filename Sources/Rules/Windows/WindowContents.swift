package import Events

/// The contents of one window of one group: what came in within the span that a rule looks back over.
///
/// A value without clock. Copies share their storage, and a copy that is written to takes only what it touches for its
/// own; so an engine can be copied before a batch. `now` never falls: an earlier one counts as the latest seen.
package struct WindowContents: Sendable {
    /// Instants are kept within ±146,000 years of the epoch, so that spans can be added to any of them.
    static let instants: ClosedRange<Int64> = (-1 << 62)...(1 << 62)
    /// The first byte of the encoded form.
    private static let version: UInt8 = 1

    private var content: any WindowContent
    /// The latest instant it was told.
    private var now: Int64
    private let kind: UInt8

    /// An empty window.
    package init(_ shape: WindowShape) {
        content = shape.emptyContent
        kind = shape.kindByte
        now = Self.instants.lowerBound
    }

    /// Takes an input that happened `at`, which may be earlier than others before it; one after `now` counts as at
    /// `now`.
    ///
    /// - Returns: Whether it was counted. It is not when `at` has left the window already, when a number is not finite
    ///   or greater than `WindowShape.magnitudeMax`, or when the window's shape takes another kind of input.
    @discardableResult
    package mutating func add(_ input: WindowInput, at: Timestamp, now instant: Timestamp) -> Bool {
        advance(to: instant)
        if case .number(let number) = input {
            guard number.magnitude <= WindowShape.magnitudeMax else { return false }
            // A negative zero becomes a zero.
            return content.add(.number(number + 0), at: min(Self.clamped(at), now), now: now)
        }
        return content.add(input, at: min(Self.clamped(at), now), now: now)
    }

    /// Lets time pass: drops what has left the window at `instant`.
    package mutating func advance(to instant: Timestamp) {
        now = max(now, Self.clamped(instant))
        content.advance(to: now)
    }

    /// The measure at `instant`. Cheapest right after `advance(to:)` or `add` with the same instant.
    package func measure(at instant: Timestamp) -> WindowMeasure {
        let content = content(at: instant)
        return content.measure(at: max(now, Self.clamped(instant)))
    }

    /// The next instant at which time alone changes the measure: something leaves the window, or a span is long
    /// enough. `nil` when nothing is left to change.
    package var nextChange: Timestamp? {
        content.nextChange(after: now).map { Timestamp(microseconds: $0) }
    }

    /// The window cut into `bars` equal parts, the oldest first, and the measure of each: 0 where it is unknown. Of a
    /// distinct count each part has the texts seen last in it. Of a change the parts span both periods, of a budget
    /// its longest window; absent and first_seen have none.
    package func trend(at instant: Timestamp, bars: Int) -> [Double] {
        guard bars > 0 else { return [] }
        return content(at: instant).trend(
            at: max(now, Self.clamped(instant)), bars: min(bars, TrendEdges.barsMax))
    }

    /// Moves everything by `step`, so that it keeps its distance from a clock that was set.
    package mutating func shift(by step: Duration) {
        let step = max(Self.instants.lowerBound, min(Self.instants.upperBound, step.wholeMicroseconds))
        guard now > Self.instants.lowerBound else { return }
        // Windows are far shorter than the distance of any real instant from the ends of the range; a step that would
        // leave the range is none.
        guard Self.instants.contains(now &+ step) else { return }
        now += step
        content.shift(by: step)
        content.advance(to: now)
    }

    /// Begins to wait for the first input of an absent window at `instant`; of no effect once there was one.
    package mutating func arm(at instant: Timestamp) {
        advance(to: instant)
        guard var absent = content as? AbsentContent else { return }
        absent.arm(at: now)
        content = absent
    }

    /// How a budget stands at `instant`; `nil` for any other shape.
    package func budget(at instant: Timestamp) -> BudgetStanding? {
        (content(at: instant) as? BudgetContent)?.standing(at: max(now, Self.clamped(instant)))
    }

    /// The contents as bytes, for a row of state. Texts are in them as hashes only.
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = [Self.version, kind]
        bytes.appendSigned(now)
        content.encode(into: &bytes, now: now)
        return bytes
    }

    /// Reads what `encoded()` gave for the same shape, and goes on exactly as those contents would have; `nil` for what
    /// cannot be read, is of another version, or was written for a shape of another kind or for longer spans.
    package init?(decoding bytes: [UInt8], shape: WindowShape) {
        self.init(shape)
        var reader = RowReader(bytes[...])
        guard reader.byte() == Self.version, reader.byte() == kind, let now = reader.signed(),
            Self.instants.contains(now), content.decode(&reader, now: now), reader.isAtEnd
        else { return nil }
        self.now = now
    }

    /// About how many bytes of memory the window takes, storage that copies share included.
    package var bytes: Int { MemoryLayout<Self>.size + content.bytes }

    private static func clamped(_ instant: Timestamp) -> Int64 {
        max(instants.lowerBound, min(instants.upperBound, instant.microseconds))
    }

    /// The content as it is when time has gone on to `instant`.
    private func content(at instant: Timestamp) -> any WindowContent {
        let later = Self.clamped(instant)
        guard later > now else { return content }
        var content = content
        content.advance(to: later)
        return content
    }
}
