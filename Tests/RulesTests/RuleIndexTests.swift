import Events
import Rules
import TestSupport
import Testing

/// The index of rules says what holding every rule against every event says.
@Suite(.timeLimit(.minutes(60))) struct RuleIndexTests {
    /// How many events; many more by hand.
    private static let events = Seed.count("HOOKMAIL_INDEX_EVENTS", standard: 8_000)
    /// After so many events other rules are drawn.
    private static let eventsPerRuleSet = 1_000

    @Test func withAndWithoutTheIndexTheSameIsDecided() throws {
        var random = seededRandom()
        var decisions = 0
        for first in stride(from: 0, to: Self.events, by: Self.eventsPerRuleSet) {
            decisions += try Self.decisions(min(Self.eventsPerRuleSet, Self.events - first), &random)
        }
        #expect(decisions > Self.events)
    }

    /// Compares both ways on `events` random events under 40 random rules; the number of decisions.
    private static func decisions(_ events: Int, _ random: inout SeededRandom) throws -> Int {
        let rules = (0..<40).map { "  - {name: r\($0), when: '\(condition(&random))', notify: a@example.com}" }
        let ruleSet = try EngineRun.ruleSet(
            """
            let: {hard: status_code >= 500 or status_code == 429, teamed: metadata.team == "x" and failed}
            rules:
            \(rules.joined(separator: "\n"))
            """)
        var indexed = Engine(ruleSet: ruleSet, rows: [])
        var plain = Engine(ruleSet: ruleSet, rows: [])
        plain.usesIndex = false
        var decisions = 0
        for number in 1...Int64(events) {
            let facts = try Facts(log: Array(event(&random).utf8))
            let at = EngineRun.time(Double(number))
            let event = LoggedEvent(
                id: number, key: EventKey(source: "s", type: "t", id: "\(number)", origin: .id), receivedAt: at,
                isRevision: false, facts: facts)
            let entry = LogEntry(position: number, at: at, change: .event(event))
            let one = indexed.process(entry)
            let other = plain.process(entry)
            #expect(one.decisions == other.decisions && one.matchedRules == other.matchedRules)
            decisions += one.decisions.count
        }
        return decisions
    }

    /// A condition of one to three terms over facts of every type, some of which fail on some events.
    private static func condition(_ random: inout SeededRandom) -> String {
        let terms = (0..<Int.random(in: 1...3, using: &random)).map { _ in term(&random) }
        return terms.joined(separator: Bool.random(using: &random) ? " and " : " && ")
    }

    private static func term(_ random: inout SeededRandom) -> String {
        let number = Int.random(in: 0...6, using: &random)
        let words = ["gpt-4o", "claude", "é", "x"]
        let word = words.randomElement(using: &random) ?? "x"
        let terms = [
            "status_code == \([200, 429, 500, 503][number % 4])", "status_code >= \(400 + number * 20)",
            "status_code < \(300 + number * 50)", "cost > 0.\(number)", "cost <= \(number)", "model == \"\(word)\"",
            "model in [\"\(word)\", \"o3\"]", "status_code in [500, 502, \(number)]", "failed", "not failed",
            "failed == true", "failed == false", "hard", "teamed", "latency > \(number).5",
            "model.startsWith(\"\(word)\")", "metadata.team == \"\(word)\"", "metadata.n > \(number)",
            "metadata.n == \(number).0", "int(metadata.n) > \(number)", "cost == 0.\(number)", "model != \"\(word)\"",
            "(failed or cost > 1.0)", "10 / status_code > \(number)", "\(number) < cost", "500 == status_code",
            "has(event.cost)", "metadata.team in [\"x\", \"y\"]", "total_tokens >= 9007199254740993",
            "total_tokens > \(number)",
        ]
        return terms.randomElement(using: &random) ?? "failed"
    }

    private static func event(_ random: inout SeededRandom) -> String {
        let members = [
            ("status_code", ["200", "429", "500", "503", "0", "null", "\"500\""]),
            ("cost", ["0", "0.1", "0.3", "2", "1e3", "null", "\"x\""]),
            ("model", ["\"gpt-4o\"", "\"claude\"", "\"é\"", "\"e\\u0301\"", "\"\"", "null"]),
            ("latency", ["0.5", "3", "null"]), ("failed", ["true", "false", "null"]),
            ("metadata", ["{\"team\":\"x\",\"n\":3}", "{\"n\":\"3\"}", "{\"team\":7,\"n\":2.0}", "null", "[]"]),
            ("prompt_tokens", ["1", "9007199254740992", "9007199254740993", "null"]),
        ]
        let chosen = members.filter { _ in Int.random(in: 0..<5, using: &random) > 0 }
        let texts = chosen.map { "\"\($0.0)\":\($0.1.randomElement(using: &random) ?? "null")" }
        return "{\"unique_id\":\"u\"\(texts.map { "," + $0 }.joined())}"
    }
}
