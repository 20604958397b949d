import Events
import Rules

/// How the measure ran over the window, as bars that survive every mail program: rows of `#` in the text, cells with a
/// background in the HTML, and the figures in words below.
struct TrendStory {
    /// One part of the window.
    struct Bar {
        /// When the part began.
        let time: String
        let value: String
        /// The bar's height, from 0 to `levelMax`; what is above zero has at least 1.
        let level: Int
    }

    /// The highest bar. Few heights: what came with events decides no more of a mail's form than which of these.
    static let levelMax = 20

    /// The oldest first.
    let bars: [Bar]
    /// The sentence above the bars.
    let line: String
    /// The figures in one line, for whoever cannot see the bars.
    let words: String
    let from: String
    let to: String

    /// `nil` where there is nothing to see.
    init?(_ figures: WindowFigures, _ measured: Measured, at end: Timestamp) {
        let values = figures.trend.map { $0.isFinite ? $0 : 0 }
        guard let top = values.max(), top > 0, values.count > 1 else { return nil }
        let span = figures.within.wholeMicroseconds.addingReportingOverflow(figures.against?.wholeMicroseconds ?? 0)
        guard !span.overflow, span.partialValue > 0 else { return nil }
        let part = span.partialValue / Int64(values.count)
        let start = end.advanced(by: .microseconds(-span.partialValue))
        let showsSeconds = part % 60_000_000 != 0
        bars = values.enumerated().map { index, value in
            let time = start.advanced(by: .microseconds(part * Int64(index)))
            let level = value > 0 ? max(1, Int((value / top * Double(Self.levelMax)).rounded())) : 0
            return Bar(
                time: TimeText.clock(time, near: end, showsSeconds: showsSeconds), value: measured.text(ofBar: value),
                level: min(level, Self.levelMax))
        }
        let length = SpanText.long(.microseconds(span.partialValue))
        let step = SpanText.long(.microseconds(part))
        let what = measured.kind == .count ? "When they came" : "The trend"
        line = "\(what), over \(length) in steps of \(step):"
        words = "Oldest first: \(bars.map(\.value).joined(separator: ", "))."
        from = TimeText.clock(start, near: end, showsSeconds: showsSeconds)
        to = "\(TimeText.clock(end, near: end, showsSeconds: showsSeconds)) UTC"
    }
}
