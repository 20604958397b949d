package import Events

/// Where the matches behind a mail come from: the foremost models, customers and prompts, with what they came to
/// before, and failures by the form of their error. Found after the decision and before its commit, as content is: no
/// decision depends on it.
package struct Breakdown: Sendable, Equatable {
    /// One value of a fact and what came of it.
    package struct Part: Sendable, Equatable {
        /// From the event, at most `valueScalarsMax` of it; `nil` for events without one.
        package let value: String?
        package let amount: Amount
        /// The same in the span before, or `nil` where that is not known.
        package let before: Amount?

        package init(value: String?, amount: Amount, before: Amount?) {
            self.value = value
            self.amount = amount
            self.before = before
        }
    }

    /// How many matches, and what they cost together in US dollars.
    package struct Amount: Sendable, Equatable {
        package var count = 0
        package var cost = 0.0

        package init(count: Int = 0, cost: Double = 0) {
            self.count = count
            self.cost = cost
        }
    }

    /// The foremost values of one fact, the greatest first.
    package struct Ranking: Sendable, Equatable {
        package let fact: Fact
        package let parts: [Part]

        package init(fact: Fact, parts: [Part]) {
            self.fact = fact
            self.parts = parts
        }
    }

    /// Failures whose error texts have one form (`error_signature`).
    package struct Cluster: Sendable, Equatable {
        /// At most `SummaryFigures.signatureScalarsMax` of it.
        package let signature: String
        package let count: Int
        package let first: Timestamp
        package let last: Timestamp
        /// The store's number of the newest of them.
        package let event: Int64
        /// The error text of the newest of them, redacted and cut; `nil` where it has none.
        package let sample: String?

        package init(
            signature: String, count: Int, first: Timestamp, last: Timestamp, event: Int64, sample: String?
        ) {
            self.signature = signature
            self.count = count
            self.first = first
            self.last = last
            self.event = event
            self.sample = sample
        }
    }

    /// The most values of a fact.
    package static let partsMax = 3
    /// The most clusters.
    package static let clustersMax = 5
    /// The longest value in Unicode scalars; longer ones are cut.
    package static let valueScalarsMax = 80
    /// The longest sample in Unicode scalars; longer ones are cut.
    package static let sampleScalarsMax = 300
    /// The most bytes of the stored form.
    package static let bytesMax = 12 << 10
    /// The facts that are ranked, in their order.
    package static let facts: [Fact] = [.model, .customerIdentifier, .promptName]

    /// Whether values are ranked by what they cost, and not by how many they are.
    package let isByCost: Bool
    /// All matches looked at.
    package let total: Amount
    /// How far back it looks; the span before is as long.
    package let span: Duration
    /// Whether there were more events than are looked at, so that only the newest are in it.
    package let isPartial: Bool
    package let rankings: [Ranking]
    /// The most frequent first.
    package let clusters: [Cluster]

    package init(
        isByCost: Bool, total: Amount, span: Duration, isPartial: Bool, rankings: [Ranking], clusters: [Cluster]
    ) {
        self.isByCost = isByCost
        self.total = total
        self.span = span
        self.isPartial = isPartial
        self.rankings = rankings
        self.clusters = clusters
    }

    /// The same with other texts of events.
    func mappingTexts(_ change: (String) -> String) -> Breakdown {
        Breakdown(
            isByCost: isByCost, total: total, span: span, isPartial: isPartial,
            rankings: rankings.map { ranking in
                Ranking(
                    fact: ranking.fact,
                    parts: ranking.parts.map {
                        Part(value: $0.value.map(change), amount: $0.amount, before: $0.before)
                    })
            },
            clusters: clusters.map { cluster in
                Cluster(
                    signature: change(cluster.signature), count: cluster.count, first: cluster.first,
                    last: cluster.last, event: cluster.event, sample: cluster.sample.map(change))
            })
    }
}

extension Notification {
    /// The same notification with its breakdown, or as it is where that would make it too long.
    package func showing(_ breakdown: Breakdown) -> Notification {
        let bytes = breakdown.json.encoded().count
        guard bytes <= Breakdown.bytesMax, encoded().count + bytes + Self.breakdownRestBytesMin <= Self.encodedBytesMax
        else { return self }
        var copy = self
        copy.figures.breakdown = breakdown
        return copy
    }

    /// What a breakdown leaves free for content.
    private static let breakdownRestBytesMin = 12 << 10
}
