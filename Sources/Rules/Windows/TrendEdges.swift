/// The edges of the equal parts that a window is cut into for a trend. A part is half open like the window.
struct TrendEdges {
    /// The most parts a window is cut into.
    static let barsMax = 1_000

    private let start: Int64
    private let span: Int64
    private let bars: Int64

    /// - Parameters:
    ///   - now: The end of the last part.
    ///   - span: The length of all parts in microseconds.
    ///   - bars: How many parts, from 1 to `barsMax`.
    init(now: Int64, span: Int64, bars: Int) {
        start = now - span
        self.span = span
        self.bars = Int64(bars)
    }

    /// The last instant of a part; the first part is 1.
    func end(of bar: Int) -> Int64 { start + span * Int64(bar) / bars }

    /// The index of the part, from 0, that an instant inside the window lies in.
    func index(of instant: Int64) -> Int {
        // The first bar whose end is not before the instant, which integer division may miss by one.
        var bar = Int(max(0, min(bars - 1, (instant - start) * bars / span)))
        while bar > 0, end(of: bar) >= instant { bar -= 1 }
        while bar + 1 < Int(bars), end(of: bar + 1) < instant { bar += 1 }
        return bar
    }
}
