import Events
import TestSupport
import Testing

@testable import Rules

/// Which events' matches a summary has gathered.
struct GatheredEventsTests {
    private let line = SummaryFigures.Line(
        rule: "r", group: nil, reason: .matched, severity: .low, count: 1, first: Timestamp(seconds: 10),
        last: Timestamp(seconds: 10), event: 3, signature: nil, cost: 0)

    private var empty: SummaryFigures { SummaryFigures(from: Timestamp(seconds: 1), recipient: nil) }

    @Test func theFirstAndTheLastAreNoted() {
        var summary = empty
        for event: Int64 in [3, 9, 5] {
            summary.note(event: event)
            summary.gather(line)
        }
        #expect(summary.events == 3...9)
        var all = empty
        all.merge(summary)
        #expect(all.events == 3...9)
    }

    /// What a version before has gathered must not look as if it were not in the summary.
    @Test func noneAreNotedWhereEarlierOnesAreMissing() {
        var old = empty
        old.gather(line)
        var summary = old
        summary.note(event: 9)
        summary.gather(line)
        #expect(summary.events == nil && summary.count == 2)
        var new = empty
        new.note(event: 9)
        new.gather(line)
        new.merge(old)
        #expect(new.events == nil)
    }
}
