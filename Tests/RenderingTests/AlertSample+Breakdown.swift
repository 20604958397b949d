import Events
import Rules

/// Where the matches of the sample alerts come from.
extension AlertSample {
    private static func part(
        _ value: String?, _ count: Int, _ cost: Double, before: (Int, Double)? = nil
    ) -> Breakdown.Part {
        Breakdown.Part(
            value: value, amount: .init(count: count, cost: cost),
            before: before.map { Breakdown.Amount(count: $0.0, cost: $0.1) })
    }

    private static func cluster(
        _ signature: String, _ count: Int, from: Int64, event: Int64, sample: String?
    ) -> Breakdown.Cluster {
        Breakdown.Cluster(
            signature: signature, count: count, first: at(from), last: at(-count < -1 ? -60 : from), event: event,
            sample: sample)
    }

    /// Of a count of failed calls, with what was before.
    static let failures = Breakdown(
        isByCost: false, total: .init(count: 7, cost: 0.0049), span: .seconds(600), isPartial: false,
        rankings: [
            .init(
                fact: .customerIdentifier,
                parts: [
                    part("acme", 5, 0.0035, before: (2, 0.0014)), part("globex", 1, 0.0007, before: (1, 0.0007)),
                    part(nil, 1, 0.0007, before: (0, 0)),
                ]),
            .init(fact: .promptName, parts: [part("Release notes", 7, 0.0049, before: (3, 0.0021))]),
        ],
        clusters: [
            cluster(
                "rate limit reached for <id> in organization <id> on tokens per min", 6, from: -540, event: 1_042,
                sample: "Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, "
                    + "Used 29411, Requested 1234. Please try again in 1.29s."),
            cluster("upstream timed out after <n> s", 1, from: -200, event: 1_037, sample: nil),
        ])

    /// Of a sum of costs, with numbers of every size.
    static let spendings = Breakdown(
        isByCost: true, total: .init(count: 31, cost: 12.4), span: .seconds(3_600), isPartial: false,
        rankings: [
            .init(
                fact: .model,
                parts: [
                    part("claude-opus-4-20250514-with-a-very-long-name-behind-it", 3, 8.19, before: (1, 0.02)),
                    part("gpt-4o", 20, 4.2, before: (41, 7)), part("gpt-4o-mini", 8, 0.01, before: (8, 0.01)),
                ]),
            .init(
                fact: .promptName,
                parts: [part("Summarise tickets", 3, 8.19, before: (0, 0)), part(nil, 28, 4.21, before: (50, 7.03))]),
        ], clusters: [])

    /// Of a digest whose events were too many to look at them all.
    static let digested = Breakdown(
        isByCost: false, total: .init(count: 41, cost: 1.2231), span: .seconds(3_000), isPartial: true,
        rankings: [.init(fact: .model, parts: [part("gpt-4o", 30, 1.2), part("claude-3-5-haiku", 11, 0.0231)])],
        clusters: [
            cluster(
                "rate limit reached for <id> on tokens per min", 27, from: -3_000, event: 1_040,
                sample: "Rate limit reached for gpt-4o on tokens per min")
        ])

    /// One in which everything that can come from an event is `text`.
    static func broken(_ text: String) -> Breakdown {
        Breakdown(
            isByCost: false, total: .init(count: 7, cost: 1), span: .seconds(600), isPartial: false,
            rankings: [
                .init(fact: .model, parts: [part(text, 4, 1, before: (1, 1))]),
                .init(fact: .customerIdentifier, parts: [part(text, 7, 1, before: (2, 1))]),
            ],
            clusters: [cluster(text, 7, from: -400, event: 1_042, sample: "Once: \(text)")])
    }
}
