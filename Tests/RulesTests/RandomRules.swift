import TestSupport

/// Random rule sets in the keys of the file, valid ones, with every key that decides.
struct RandomRules {
    var random: SeededRandom

    private static let zones = ["UTC", "Europe/Berlin", "+02:00"]
    private static let texts = ["model", "customer_identifier", "error_signature", "metadata.team"]
    private static let numbers = ["cost", "latency", "prompt_tokens + completion_tokens", "cost * 1000.0"]

    init(_ random: SeededRandom) {
        self.random = random
    }

    mutating func text() -> String {
        var lines = ["recipients:"]
        for name in ["team", "lead"] {
            var keys = ["to: [\(name)@example.com]"]
            if chance(2) { keys.append("quiet: [\(span()), \(span())]") }
            if chance(2) { keys.append("at_most: \(throttle())") }
            lines.append("  \(name): {\(keys.joined(separator: ", "))}")
        }
        lines += ["let:", "  hard: status_code >= \(whole(400...599))", "  dear: cost > 0.\(whole(1...9)) or hard"]
        if chance(2) { lines.append("mail: {at_most: \(throttle())}") }
        lines.append("rules:")
        for number in 0..<whole(1...8) {
            let keys = ["name: r\(number)", "notify: [team, x@example.com]"] + rule()
            lines.append("  - {\(keys.joined(separator: ", "))}")
        }
        lines.append("  - {name: cause, per: [model], count: {at_least: 5, within: 10m}, notify: lead}")
        if chance(2) { lines.append("mute: [{rules: [r*, cause], during: sat,sun 00:00-24:00 \(pick(Self.zones))}]") }
        if chance(2) { lines.append("inhibit: {when: cause, mutes: [r*]\(chance(2) ? ", same: [model]" : "")}") }
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func rule() -> [String] {
        var keys: [String] = []
        let window = whole(0...12)
        if window == 7 || chance(2) { keys.append("when: \(pick(["failed", "hard", "dear and failed"]))") }
        if window != 9, chance(2) { keys.append("per: [model, metadata.team]") }
        let hasDigest = chance(4)
        if !hasDigest, chance(3) { keys.append("at_most: \(throttle())") }
        if chance(3) { keys.append("severity: urgent") }
        if chance(3) { keys.append("revisions: true") }
        if hasDigest { keys.append("digest: \(digest())") }
        guard window > 0 else { return keys }
        keys.append(self.window(window))
        if chance(3) { keys.append("clock: event") }
        guard window != 11 else { return keys }
        if chance(2) { keys.append("for: \(whole(1...60))s") }
        if chance(2) { keys.append("keep_firing_for: \(whole(1...60))m") }
        if chance(3) { keys.append("resolve: false") }
        if !hasDigest, chance(2) {
            keys.append("remind: \(whole(1...600))m")
            if chance(2) { keys.append("escalate: {after: \(whole(1...9)), notify: [lead, y@example.com]}") }
        } else if chance(2) {
            keys.append("remind: never")
        }
        guard [3, 4, 5, 6, 7, 10].contains(window) else { return keys }
        if chance(2) { keys.append("min_samples: \(whole(1...50))") }
        if chance(2) { keys.append("no_data: \(pick(["close", "keep", "fire"]))") }
        if chance(2) {
            keys.append("recover: {below: \(window == 7 ? "\(whole(1...19))%" : window == 10 ? "1.5x" : "0.001")}")
        }
        return keys
    }

    private mutating func window(_ number: Int) -> String {
        let within = "within: \(whole(1...90))m"
        let limit = "\(pick(["above", "at_least"])): \(whole(1...999)).\(whole(0...999))"
        switch number {
        case 1: return "count: {\(pick(["above", "at_least", "below", "at_most"])): \(whole(1...9_999)), \(within)}"
        case 2: return "sum: {of: \(pick(Self.numbers)), \(limit), \(within)}"
        case 3: return "avg: {of: \(pick(Self.numbers)), \(limit), \(within)}"
        case 4: return "min: {of: \(pick(Self.numbers)), \(limit), \(within)}"
        case 5: return "max: {of: \(pick(Self.numbers)), \(limit), \(within)}"
        case 6: return "percentile: {of: latency, p: \(whole(1...99)).\(whole(0...9)), \(limit), \(within)}"
        case 7:
            let share = chance(2) ? "\(whole(20...99)).\(whole(0...9))%" : "0.\(whole(20...99))"
            return "ratio: {above: \(share), \(within)\(chance(2) ? ", of: environment == \"prod\"" : "")}"
        case 8: return "distinct: {of: \(pick(Self.texts)), at_least: \(whole(1...900)), \(within)}"
        case 9: return "absent: {for: \(whole(1...90))m\(chance(2) ? ", armed: at_start" : "")}"
        case 10:
            let measure = pick(["count()", "sum(cost)", "avg(latency)", "sum( cost * 2.0 )"])
            let limit = "above: \(whole(2...9)).\(whole(0...9))x"
            return "change: {of: \(measure), \(limit), within: 1h, against: \(whole(1...16))d}"
        case 11: return "first_seen: {of: \(pick(Self.texts))\(chance(2) ? ", forget_after: \(whole(1...99))d" : "")}"
        default:
            let burn = chance(2) ? ", burn: [\(whole(1...3)), 14.4, 0.5]" : ""
            return "budget: {of: cost, limit: \(whole(1...999)), period: \(pick(["day", "week", "month"]))\(burn)}"
        }
    }

    private mutating func throttle() -> String { "\(whole(1...50)) per \(whole(1...90))m" }

    private mutating func span() -> String {
        let hour = whole(10...12)
        return "\(chance(2) ? "mon-fri " : "")\(hour):00-\(hour + 1):30 \(pick(Self.zones))"
    }

    private mutating func digest() -> String {
        switch whole(0...3) {
        case 0: "every \(whole(1...90))m"
        case 1: "daily at 9:0\(whole(0...9)) \(pick(Self.zones))"
        case 2: "weekly on mon,thu at 09:00 \(pick(Self.zones))"
        default: "'cron \"*/5 9 * * 1-5\" \(pick(Self.zones))'"
        }
    }

    private mutating func whole(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    /// One in so many.
    private mutating func chance(_ count: Int) -> Bool { whole(1...count) == 1 }
    private mutating func pick(_ texts: [String]) -> String { texts[whole(0...texts.count - 1)] }
}
