import Expressions

/// What a rule says of how often it sends, and over which time: window, throttle and digest.
struct RulePace {
    var window: Window?
    var throttle: Throttle?
    var digest: Schedule?
    /// Whether the file has any of the three, be it faulty.
    var isBounded: Bool
}

extension RuleSetReader {
    /// Reads the window with what stands beside it, `at_most` and `digest`.
    func pace(
        _ rule: MappingReader, hasCondition: Bool, _ conditions: NamedConditions, _ recipients: RecipientBook
    ) -> RulePace {
        let throttleEntry = rule.entry("at_most")
        let throttle = throttleEntry.flatMap { values.throttle($0.value, "'at_most'") }
        let digestEntry = rule.entry("digest")
        let digest = digestEntry.flatMap { values.schedule($0.value, "'digest'") }
        let windows = windowEntries(rule)
        var window = window(windows, hasCondition: hasCondition, conditions)
        let keys = alertKeys(
            rule, windows.first?.kind, window, hasDigest: digestEntry != nil, from: recipients)
        window = window.map { keys.applied(to: $0) }
        if case .absent(isArmedAtStart: true) = window?.measure, let per = rule.entry("per") {
            sink.error(
                at: per.keyRange, "no groups are known at the start, so 'armed: at_start' cannot wait for them",
                hint: "remove 'per', or 'armed': then each group waits from its first event on")
        }
        if let throttle, let digest, let throttleEntry {
            refuse(throttle, at: throttleEntry.value.range, on: digest)
        }
        return RulePace(
            window: window, throttle: throttle, digest: digest,
            isBounded: throttleEntry != nil || digestEntry != nil || !windows.isEmpty)
    }
}
