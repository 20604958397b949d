import Events
import Testing

@testable import Expressions

/// What `hookmail explain` shows of a condition: the value of every part, from the evaluation that decides.
struct TraceTests {
    private static let event = """
        {"status_code": 500, "costs": 0.75, "model": "gpt-4o", "error_message": "quota", \
        "metadata": {"team": "red", "tags": ["a", "b", "c"], "deep": {"plan": "pro"}}}
        """

    private func environment() throws -> Environment {
        var environment = Environment()
        try environment.define([
            ("hard", ExpressionSource(text: "status_code >= 500 or status_code == 429", file: "let")),
            ("ours", ExpressionSource(text: "hard and metadata.team == \"red\"", file: "let")),
        ])
        return environment
    }

    private func traced(_ text: String) throws -> [String] {
        let program = try Program.compile(ExpressionSource(text: text, file: "rule"), in: environment())
        let activation = try Fixture.activation(Fixture.event(Self.event))
        let trace = program.trace(for: activation)
        #expect(trace.verdict == program.verdict(for: activation))
        return Self.lines(trace.root, depth: 0)
    }

    private static func lines(_ part: Trace.Part, depth: Int) -> [String] {
        var line = String(repeating: ". ", count: depth) + "\(part.text) -> \(words(part.outcome))"
        if let definition = part.definition { line += " [\(definition)]" }
        if let hint = part.hint { line += " (\(hint))" }
        return [line] + part.parts.flatMap { lines($0, depth: depth + 1) }
    }

    private static func words(_ outcome: Trace.Outcome) -> String {
        switch outcome {
        case .value(let value): value.celText
        case .absent(let name): "absent: \(name ?? "?")"
        case .fault(let fault): "fault \(fault.kind.rawValue)"
        case .notEvaluated: "not evaluated"
        case .each(let outcomes, let count): "\(count)x " + outcomes.map(words).joined(separator: ", ")
        }
    }

    @Test func everyPartHasItsValueAndWhatWasNotReachedSaysSo() throws {
        #expect(
            try traced("status_code < 500 and model == \"gpt-4o\" or not failed or error_message.size() > 1 + 1") == [
                "status_code < 500 and model == \"gpt-4o\" or not failed or error_message.size() > 1 + 1 -> true",
                ". status_code < 500 and model == \"gpt-4o\" -> false",
                ". . status_code < 500 -> false",
                ". . . status_code -> 500",
                ". . model == \"gpt-4o\" -> not evaluated",
                ". . . model -> not evaluated",
                ". not failed -> false",
                ". . failed -> true",
                ". error_message.size() > 1 + 1 -> true",
                ". . error_message.size() -> 5",
                ". . . error_message -> \"quota\"",
                ". . 1 + 1 -> 2",
            ])
    }

    @Test func anAbsentPartNamesTheFieldAndTheNearestOneThereIs() throws {
        #expect(
            try traced("cost * 2.0 > 1.0") == [
                "cost * 2.0 > 1.0 -> absent: cost", ". cost * 2.0 -> absent: cost",
                ". . cost -> absent: cost (the event has \"costs\")",
            ])
        #expect(
            try traced("metadata.taem == \"red\" or event.metadata.deep.plna == \"pro\"") == [
                "metadata.taem == \"red\" or event.metadata.deep.plna == \"pro\" -> false",
                ". metadata.taem == \"red\" -> false",
                ". . metadata.taem -> absent: metadata.taem (metadata has \"team\")",
                ". event.metadata.deep.plna == \"pro\" -> false",
                ". . event.metadata.deep.plna -> absent: metadata.deep.plna (metadata.deep has \"plan\")",
            ])
        #expect(
            try traced("latency > 3 and status_code == 500") == [
                "latency > 3 and status_code == 500 -> absent: latency", ". latency > 3 -> absent: latency",
                ". . latency -> absent: latency", ". status_code == 500 -> true", ". . status_code -> 500",
            ])
    }

    @Test func aTestOfAFactsTextShowsTheText() throws {
        #expect(
            try traced("model.startsWith(\"gpt\") and prompt_name.contains(\"x\")") == [
                "model.startsWith(\"gpt\") and prompt_name.contains(\"x\") -> absent: prompt_name",
                ". model.startsWith(\"gpt\") -> true", ". . model -> \"gpt-4o\"",
                ". prompt_name.contains(\"x\") -> absent: prompt_name", ". . prompt_name -> absent: prompt_name",
            ])
    }

    @Test func namedConditionsAreOpenedWhereTheyStandFirst() throws {
        #expect(
            try traced("hard and ours") == [
                "hard and ours -> true",
                ". hard -> true [status_code >= 500 or status_code == 429]",
                ". . status_code >= 500 or status_code == 429 -> true",
                ". . . status_code >= 500 -> true",
                ". . . . status_code -> 500",
                ". . . status_code == 429 -> not evaluated",
                ". . . . status_code -> not evaluated",
                ". ours -> true [hard and metadata.team == \"red\"]",
                ". . hard and metadata.team == \"red\" -> true",
                ". . . hard -> true [status_code >= 500 or status_code == 429]",
                ". . . metadata.team == \"red\" -> true",
                ". . . . metadata.team -> \"red\"",
            ])
    }

    @Test func macrosShowWhatTheyMadeOfEveryElement() throws {
        #expect(
            try traced("metadata.tags.exists(t, t == \"b\") and model in [\"gpt-4o\", \"o1\"]") == [
                "metadata.tags.exists(t, t == \"b\") and model in [\"gpt-4o\", \"o1\"] -> true",
                ". metadata.tags.exists(t, t == \"b\") -> true",
                ". . metadata.tags -> [\"a\", \"b\", \"c\"]",
                ". . t == \"b\" -> 2x false, true",
                ". . . t -> 2x \"a\", \"b\"",
                ". model in [\"gpt-4o\", \"o1\"] -> true",
                ". . model -> \"gpt-4o\"",
            ])
    }

    @Test func aFaultStandsWhereItHappened() throws {
        #expect(
            try traced("metadata.team > 3 or failed and false") == [
                "metadata.team > 3 or failed and false -> fault type", ". metadata.team > 3 -> fault type",
                ". . metadata.team -> \"red\"", ". failed and false -> false", ". . failed -> true",
            ])
    }

    /// The trace is a recording of the evaluation that decides; it must never tell another story than the verdict.
    @Test(.timeLimit(.minutes(2))) func theTracedVerdictIsTheVerdict() throws {
        let seed = Fixture.seed
        print("HOOKMAIL_TEST_SEED=\(seed)")
        var generator = SeededGenerator(seed: seed)
        let environment = try environment()
        var seen: Set<String> = []
        for _ in 0..<1_000 {
            let text = RandomCondition.text(depth: 3, &generator)
            let event = RandomCondition.event(&generator)
            let program = try Program.compile(
                ExpressionSource(text: text, file: "random"), in: environment, for: .condition)
            let activation = try Fixture.activation(Fixture.event(event))
            let (verdict, trace) = (program.verdict(for: activation), program.trace(for: activation))
            #expect(trace.verdict == verdict, "\(text) over \(event)")
            switch (verdict, trace.root.outcome) {
            case (.yes, .value(.bool(true))), (.no, .value(.bool(false))), (.absent, .absent), (.fault, .fault): break
            default: Issue.record("\(text) over \(event): \(verdict) is shown as \(trace.root.outcome)")
            }
            seen.insert("\(verdict)".prefix(5).description)
        }
        #expect(seen.isSuperset(of: ["yes", "no", "absen", "fault"]), "the random conditions are too tame: \(seen)")
    }

    @Test func anEvaluationWithoutARecorderCarriesNothingOfIt() {
        #expect(MemoryLayout<NoRecording>.size == 0)
        #expect(!NoRecording.isRecording && EvaluationRecord.isRecording)
        #expect(MemoryLayout<Evaluation<NoRecording>>.size < MemoryLayout<Evaluation<EvaluationRecord>>.size)
    }
}

/// Random conditions that compile, over random events.
enum RandomCondition {
    static func text(depth: Int, _ generator: inout SeededGenerator) -> String {
        guard depth > 0 else { return atoms.randomElement(using: &generator) ?? "failed" }
        let (left, right) = (text(depth: depth - 1, &generator), text(depth: depth - 1, &generator))
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: return "(\(left) and \(right))"
        case 1: return "(\(left) || \(right))"
        case 2: return "!(\(left))"
        case 3: return "(\(left) ? \(right) : \(text(depth: depth - 1, &generator)))"
        // Its body is an atom: macros may not stand in more than one other.
        case 4: return "metadata.tags.exists(t, t == \"a\" or \(text(depth: 0, &generator)))"
        case 5: return "cel.bind(x, \(left), x and \(right))"
        default: return atoms.randomElement(using: &generator) ?? "failed"
        }
    }

    private static let atoms = [
        "failed", "hard", "ours", "cost > 0.5", "0.5 < cost", "status_code == 500", "model != \"a\"", "latency >= cost",
        "has(cost)", "has(metadata.team)", "metadata.team == \"red\"", "metadata.n > 3", "metadata.n / 0 == 1",
        "metadata.tags.all(t, t < \"c\")", "metadata.tags.map(t, t + t).size() > 1", "model in [\"a\", \"b\"]",
        "model.matches(\"^a\")", "error_message.contains(\"q\")", "1 + 1 == 2", "[1, 2][metadata.n] == 2", "true",
        "metadata.tags.exists_one(t, t == \"a\")", "metadata.tags.filter(t, t != \"a\") == [\"b\"]",
        "\"a\" in metadata.tags", "metadata.flag", "event.other.x == null", "total_tokens % 0 == 1",
    ]

    static func event(_ generator: inout SeededGenerator) -> String {
        let members = [
            "\"status_code\": 500", "\"status_code\": 200", "\"cost\": 0.75", "\"cost\": null", "\"model\": \"a\"",
            "\"latency\": 1.5", "\"error_message\": \"quota\"", "\"prompt_tokens\": 3", "\"completion_tokens\": 4",
            "\"metadata\": {\"team\": \"red\", \"n\": 1, \"tags\": [\"a\", \"b\"], \"flag\": true}",
            "\"metadata\": {\"n\": \"x\", \"tags\": \"none\", \"flag\": 1}", "\"metadata\": {\"tags\": [1, \"a\"]}",
        ]
        let chosen = members.filter { _ in Bool.random(using: &generator) }
        return "{\(chosen.joined(separator: ", "))}"
    }
}
