import Foundation
import TestSupport
import Testing

@testable import Events

/// Canonical texts of random bodies, whole and damaged; the oracle is the machine's own `python3`.
@Suite(.enabled(if: Python.path != nil, "python3 is not installed"))
struct CanonicalTextTests {
    private static let bodies = 6_000

    /// What stands in the text as it would be written is found to, and nothing that differs from it by one byte.
    @Test(.timeLimit(.minutes(2)))
    func whatPythonWroteIsCanonical() throws {
        var generator = SeededRandom.announced(for: "whatPythonWroteIsCanonical")
        let bodies = (0..<Self.bodies).map { _ in RandomBody.make(using: &generator) }
        let written = try Self.python(bodies)
        #expect(written.count { Self.isCanonical($0) } > written.count / 3)
        for text in written where Self.isCanonical(text) {
            #expect(try CanonicalText.of(text) == text)
        }
        let damaged = written.map { text in
            var text = text
            RandomBody.damage(&text, using: &generator)
            return text
        }
        var unchanged = 0
        for (body, answer) in zip(damaged, try Self.python(damaged)) where Self.isCanonical(body) {
            unchanged += 1
            guard body != answer else { continue }
            Issue.record("\(String(decoding: body, as: UTF8.self)) is taken for canonical")
            return
        }
        #expect(unchanged > 0)
    }

    private static func isCanonical(_ body: [UInt8]) -> Bool {
        guard let document = try? JSONDocument(body) else { return false }
        return document.bytes.withUnsafeBufferPointer { text in
            document.nodes.withUnsafeBufferPointer { nodes in
                var check = CanonicalCheck(text: text, nodes: nodes)
                return check.range(of: 0) == 0..<body.count
            }
        }
    }

    private static func python(_ bodies: [[UInt8]]) throws -> [[UInt8]] {
        let answers = try Python.run(program, input: Array(bodies.map { $0 + [0x0A] }.joined())).split(
            separator: 0x0A, omittingEmptySubsequences: false)
        try #require(answers.count == bodies.count + 1)
        return answers.dropLast().map { Array($0) }
    }

    @Test(arguments: [
        ("{\"a\": [1, 2.5, {}, []], \"b\": {\"c\": \"\\n\\u00e9\\\"\"}}", true), ("[0.0001, 1.0, -0.0, 0.5]", true),
        ("[1,2]", false), ("[1 ,2]", false), ("[ 1]", false), ("[1 ]", false), ("[1,  2]", false), ("[1,\n2]", false),
        ("[]", true), ("[ ]", false), ("{}", true), ("{ }", false), ("{\"a\":1}", false), ("{\"a\" : 1}", false),
        ("{\"a\": 1, \"a\": 2}", false), ("{\"a\": {}, \"b\": [[]]}", true), ("-0", false), ("0", true),
        ("1.50", false), ("1.0", true), ("10.00", false), ("0.00001", false), ("1e5", false), ("NaN", true),
        ("\"\\/\"", false), ("\"\\u00E9\"", false), ("\"\\u00e9\"", true), ("\"\\u0041\"", false),
        ("\"é\"", false), ("\"\u{7F}\"", false), ("\"\\u007f\"", true), ("\"\\u000a\"", false),
        (" 1", false), ("1 ", false), ("\"a\"", true), ("[\"a\", \"b\"]", true), ("[[1, 2], [3]]", true),
    ])
    func aValueIsCanonicalOrNot(body: String, isCanonical: Bool) {
        #expect(Self.isCanonical(Array(body.utf8)) == isCanonical)
    }

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
