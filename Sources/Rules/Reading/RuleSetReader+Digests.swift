import Events
import Expressions

/// `digest`: when what matched is told together.
extension RuleSetReader {
    /// A Monday, from which schedules are looked at that have to fit something else.
    private static let monday = Timestamp(seconds: 1_767_571_200)
    /// The most mails of a throttle whose digests are counted.
    private static let digestsMax = 100

    /// Refuses an `at_most` that would hold back the digests themselves.
    func refuse(_ throttle: Throttle, at range: SourceRange, on digest: Schedule) {
        guard throttle.mails <= Self.digestsMax, let first = digest.next(after: Self.monday) else { return }
        var last = first
        for _ in 0..<throttle.mails {
            guard let next = digest.next(after: last) else { return }
            last = next
        }
        guard last - first < throttle.window else { return }
        sink.error(
            at: range, "'at_most' would hold back digests, which come \(digest.text)",
            hint: "remove 'at_most': a digest is one mail however much it tells")
    }

    /// Whether quiet hours have no end.
    static func coversAlways(_ spans: TimeSpans) -> Bool {
        spans.contains(monday) && spans.nextBoundary(after: monday) == nil
    }
}
