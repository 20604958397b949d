import Expressions
import Foundation
import Rules
import TestSupport
import Testing

/// Random and damaged configurations: whatever comes in, a set of rules or findings come out, and soon.
///
/// `HOOKMAIL_FUZZ_SECONDS` says for how long (3).
struct RuleSetFuzz {
    @Test(.timeLimit(.minutes(60))) func noTextCrashesOrHangsTheReader() throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["HOOKMAIL_TEST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
        print("HOOKMAIL_TEST_SEED=\(seed)")
        var generator = SeededRandom(seed: seed)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(environment["HOOKMAIL_FUZZ_SECONDS"].flatMap { Int($0) } ?? 3)
        var (read, refused) = (0, 0)
        var longest = Duration.zero
        while clock.now < end {
            let text = Self.text(&generator)
            let start = clock.now
            do {
                let found = try RuleSet.read(text, file: "fuzz.yaml", addresses: { .success($0) })
                read += found.ruleSet.rules.count >= 0 ? 1 : 0
            } catch {
                #expect(!error.rendered().isEmpty, "a refusal says why: \(text)")
                refused += 1
            }
            longest = max(longest, clock.now - start)
        }
        print("fuzz: \(read) rule sets read, \(refused) refused, the longest took \(longest)")
        #expect(read > 0)
        #expect(refused > 0)
    }

    private static let seeds = [
        """
        recipients:
          team: {to: [a@example.com, b@example.com], at_most: 20 per 1d}
        let: {hard: status_code >= 500, bad: hard or failed}
        rules:
          - name: one
            when: |
              bad and
                cost > 0.5   // dear
            notify: [team, x@example.com]
            at_most: 1 per 15m
        """,
        "rules:\n  - {name: two, when: failed, notify: a@example.com, severity: low, subject: '{{rule}} \"now\"'}\n",
        "rules:\n- name: w\n  per: [model]\n  when: 'model != \"a\"'\n  count: {at_least: 5, within: 10m}\n"
            + "  notify: &a x@y.de\n- name: v\n  when: failed\n  notify: *a\n",
    ]

    private static let pieces = [
        "\n", "  ", "\t", ": ", "- ", "{", "}", "[", "]", "|\n", ">-\n", "'", "\"", "\\", "&a ", "*a", "<<: ", "!!str ",
        "---\n", "...\n", "%YAML 1.1\n", "# ", "? ", "rules:", "when:", "name:", "notify:", "let:", "~", "null", "yes",
        "0x1F", "1e400", "\u{0}", "\u{FEFF}", "é", "\u{1F600}", "\u{85}", "\u{2028}", "&&", "||", "failed", "5m", "@",
    ]

    private static func text(_ generator: inout SeededRandom) -> String {
        var bytes = Array((seeds.randomElement(using: &generator) ?? "").utf8)
        for _ in 0..<Int.random(in: 0..<6, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1 where place < bytes.count:
                bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &generator)))
            case 2:
                let other = Array((seeds.randomElement(using: &generator) ?? "").utf8)
                bytes.insert(contentsOf: other[Int.random(in: 0..<other.count, using: &generator)...], at: place)
            case 3:
                let piece = pieces.randomElement(using: &generator) ?? ""
                let count = Int.random(in: 1...300, using: &generator)
                bytes.insert(contentsOf: String(repeating: piece, count: count).utf8, at: place)
            default: bytes.insert(contentsOf: (pieces.randomElement(using: &generator) ?? "").utf8, at: place)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
