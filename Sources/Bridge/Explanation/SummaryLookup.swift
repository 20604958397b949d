package import Rules
package import Store

/// Finds the mails that told later of matches whose own mail was held back: digests, and summaries of quiet hours and
/// of `at_most`. A decision does not say which it will be, but those mails say whose matches of which time they hold.
package struct SummaryLookup: Sendable {
    /// How many mails are looked at, the newest: behind more of them nothing is found.
    package static let mailsMax = 10_000

    private let store: any StoreReading

    package init(store: any StoreReading) {
        self.store = store
    }

    /// The mails that told of each decision, by the number of its place, the oldest mail first; none where a decision
    /// held nothing back for later, where its mail is still to come, and where it is not kept any more.
    package func mails(tellingOf decisions: [Decision]) async throws(StoreError) -> [Int: [DeliveryRecord]] {
        let wanted = decisions.enumerated().filter { $0.element.isToldLater }
        guard let oldest = wanted.map(\.element.at).min() else { return [:] }
        var found: [Int: [DeliveryRecord]] = [:]
        var before: Int64?
        var seen = 0
        while seen < Self.mailsMax {
            let page = try await store.deliveries(state: nil, before: before, limit: pageRowsMax)
            for record in page {
                for (place, decision) in wanted where record.notification.tells(of: decision) {
                    found[place, default: []].insert(record, at: 0)
                }
            }
            guard let last = page.last, last.notification.at >= oldest else { break }
            before = last.id
            seen += page.count
        }
        return found
    }
}
