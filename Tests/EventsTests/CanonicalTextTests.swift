import Events
import Foundation
import TestSupport
import Testing

/// Canonical texts of random bodies, whole and damaged; the oracle is the machine's own `python3`.
@Suite(.enabled(if: Python.path != nil, "python3 is not installed"))
struct CanonicalTextTests {
    private static let bodies = 6_000

    private static let program = """
        import json, sys
        for line in sys.stdin.buffer:
            try:
                text = json.dumps(json.loads(line[:-1].decode("utf-8")))
            except (ValueError, RecursionError):
                text = "refused"
            sys.stdout.write(text + "\\n")
        """

    @Test(.timeLimit(.minutes(2)))
    func randomBodiesReadAsInPython() throws {
        var generator = SeededRandom.announced(for: "randomBodiesReadAsInPython")
        let bodies = (0..<Self.bodies).map { index -> [UInt8] in
            var body = RandomBody.make(using: &generator)
            if index % 2 == 1 { RandomBody.damage(&body, using: &generator) }
            return body
        }
        let input = Array(bodies.map { $0 + [0x0A] }.joined())
        let answers = try Python.run(Self.program, input: input).split(
            separator: 0x0A, omittingEmptySubsequences: false)
        try #require(answers.count == bodies.count + 1)
        var refused = 0
        for (body, answer) in zip(bodies, answers) {
            let text = (try? CanonicalText.of(body)) ?? Array("refused".utf8)
            if text == Array("refused".utf8) { refused += 1 }
            guard text != Array(answer) else { continue }
            Issue.record("\(String(decoding: body, as: UTF8.self)) became \(String(decoding: text, as: UTF8.self))")
            return
        }
        #expect(refused > Self.bodies / 20 && refused < Self.bodies / 2)
    }

    @Test func textsLongerThanAPieceAreWhole() throws {
        let units: [(body: String, canonical: String)] = [
            ("[[[[[[[[]]]]]]]]", "[[[[[[[[]]]]]]]]"), ("-0", "0"), ("\"\"", "\"\""), ("{}", "{}"), ("1e300", "1e+300"),
            ("\"\u{1F680}\"", "\"\\ud83d\\ude80\""), ("\"\\n\\u0041\u{7F}\"", "\"\\nA\\u007f\""),
            ("{\"\":\"\"}", "{\"\": \"\"}"), ("-2.2250738585072014e-308", "-2.2250738585072014e-308"),
            ("\"" + String(repeating: "x", count: 5_000) + "\"", "\"" + String(repeating: "x", count: 5_000) + "\""),
        ]
        for unit in units {
            let count = 40_000 / unit.body.utf8.count + 100
            let body = "[" + Array(repeating: unit.body, count: count).joined(separator: ",") + "]"
            let canonical = "[" + Array(repeating: unit.canonical, count: count).joined(separator: ", ") + "]"
            #expect(try CanonicalText.of(Array(body.utf8)) == Array(canonical.utf8), "\(unit.body.prefix(20))")
        }
    }
}
