/// The keys of a rule that give it a window; a rule has at most one of them.
package enum WindowKind: String, Sendable, CaseIterable {
    case count
    case sum
    case average = "avg"
    case minimum = "min"
    case maximum = "max"
    case percentile
    case ratio
    case distinct
    case absent
    case change
    case firstSeen = "first_seen"
    case budget

    /// How the key is written, for hints.
    package var example: String {
        switch self {
        case .count: "count: {at_least: 5, within: 10m}"
        case .sum: "sum: {of: cost, above: 10, within: 1h}"
        case .average: "avg: {of: latency, above: 3, within: 15m}"
        case .minimum: "min: {of: tokens_per_second, below: 5, within: 15m}"
        case .maximum: "max: {of: latency, above: 30, within: 15m}"
        case .percentile: "percentile: {of: latency, p: 95, above: 8, within: 15m}"
        case .ratio: "ratio: {above: 5%, within: 10m}"
        case .distinct: "distinct: {of: customer_identifier, at_least: 20, within: 1h}"
        case .absent: "absent: {for: 30m}"
        case .change: "change: {of: sum(cost), above: 3x, within: 1h, against: 1d}"
        case .firstSeen: "first_seen: {of: error_signature, forget_after: 30d}"
        case .budget: "budget: {of: cost, limit: 300, period: month}"
        }
    }

    /// How the limit of the measure is written.
    var unit: ThresholdUnit {
        switch self {
        case .count, .distinct: .count
        case .ratio: .share
        case .change: .factor
        case .sum, .average, .minimum, .maximum, .percentile, .absent, .firstSeen, .budget: .number
        }
    }

    /// What `min_samples` is where the file does not say: a share of few is chance, so it needs ten; of anything else
    /// one sample is a value.
    package var samplesMinStandard: Int { self == .ratio ? 10 : 1 }

    /// Why a key of the rule would have no effect beside this window, or `nil` where it has one.
    func refusal(of key: String) -> String? {
        switch (self, key) {
        case (.firstSeen, "clock"): nil
        case (.firstSeen, _): "a value is new once and does not last"
        case (.budget, "min_samples"), (.absent, "min_samples"): "it needs no samples"
        case (.budget, "recover"): "a budget's alert ends when its burn rates do"
        case (.absent, "recover"): "an absence ends with the next event"
        case (.count, "no_data"), (.distinct, "no_data"): "without events the count is 0"
        case (.sum, "no_data"): "without events the sum is 0"
        case (.budget, "no_data"): "without events nothing is spent"
        case (.absent, "no_data"): "it is about having no data"
        default: nil
        }
    }
}
