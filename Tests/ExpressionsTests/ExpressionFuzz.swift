import Events
import Expressions
import Testing

/// Random and damaged expressions: whatever comes in, an answer comes out, and soon.
///
/// `HOOKMAIL_FUZZ_SECONDS` says for how long (4).
struct ExpressionFuzz {
    @Test(.timeLimit(.minutes(60)))
    func noTextCrashesOrHangsTheCompilerOrAProgram() throws {
        let seed = Fixture.seed
        print("HOOKMAIL_TEST_SEED=\(seed)")
        var generator = SeededGenerator(seed: seed)
        let corpus = try Fixture.lines("evaluations.jsonl").compactMap { line in
            try JSONValue.decode(Array(line.utf8))["expr"]?.string
        }
        let event = "{\"status_code\": 500, \"cost\": 0.75, \"metadata\": {\"tags\": [\"a\", \"b\"], \"n\": 7}}"
        let activation = try Fixture.activation(try Fixture.event(event))
        var environment = Environment()
        try environment.define("hard", as: ExpressionSource(text: "status_code >= 500 or failed", file: "let"))
        let clock = ContinuousClock()
        let end = clock.now + .seconds(Fixture.fuzzSeconds)
        var longest = Duration.zero
        var (compiled, refused) = (0, 0)
        while clock.now < end {
            let text = Self.text(from: corpus, &generator)
            let start = clock.now
            do {
                let program = try Program.compile(ExpressionSource(text: text, file: "fuzz"), in: environment)
                let verdict = program.verdict(for: activation)
                #expect(program.trace(for: activation).verdict == verdict, "\(text)")
                if case .success(let value) = program.value(for: activation) { _ = value.encodedJSON() }
                compiled += 1
            } catch {
                #expect(!error.rendered(color: true).isEmpty)
                refused += 1
            }
            longest = max(longest, clock.now - start)
        }
        print("fuzz: \(compiled) compiled, \(refused) refused, the longest took \(longest)")
        #expect(compiled > 0)
        #expect(refused > 0)
    }

    private static let pieces = [
        "(", ")", "[", "]", "{", "}", "&&", "||", "!", "-", "==", "!=", "<", "in", "not", "and", "or", "?", ":", ",",
        ".", "cost", "model", "metadata", "event", "hard", "1", "0x", "9223372036854775808", "1e400", "\"", "'''",
        "r\"",
        "b'", "\\", "\\u", "`", "has(", ".exists(x,", ".map(x,", "cel.bind(x,", "matches(\"(\")", "//", "\n", "\u{0}",
        "é", "\u{1F600}", "%", "%.9f", ".format([", "null", "true",
    ]

    /// A text that may or may not be an expression: random, or a damaged one of the corpus.
    static func text(from corpus: [String], _ generator: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            let bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            return String(decoding: bytes, as: UTF8.self)
        case 1:
            let count = Int.random(in: 1..<40, using: &generator)
            return (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined(separator: " ")
        default:
            var bytes = Array((corpus.randomElement(using: &generator) ?? "").utf8)
            for _ in 0..<Int.random(in: 1..<5, using: &generator) { mutate(&bytes, corpus, &generator) }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ corpus: [String], _ generator: inout SeededGenerator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &generator)
        case 1 where place < bytes.count: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: (pieces.randomElement(using: &generator) ?? "").utf8, at: place)
        case 3: bytes.insert(contentsOf: (corpus.randomElement(using: &generator) ?? "").utf8, at: place)
        default: bytes = Array("(".utf8) + bytes + Array(") && (".utf8) + bytes + Array(")".utf8)
        }
    }
}
