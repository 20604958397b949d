import Events
import Testing

@testable import Expressions

/// A fact's text tested for a literal is one step of a plan; it says what the call says that it stands for.
struct TextTestTests {
    private static let literals = ["", "g", "gpt", "gpt-4o", "4o", "o", "gpt-4o-mini-and-more", "é", "e\u{301}", "x"]
    private static let models = [
        "{}", "{\"model\": \"\"}", "{\"model\": null}", "{\"model\": \"gpt-4o\"}", "{\"model\": \"e\u{301}4o\"}",
        "{\"model\": \"a name that is longer than what a text holds in itself: gpt-4o\"}",
    ]

    private static func root(of program: Program) -> PlanNode.Operation {
        program.plan.nodes[program.plan.root].operation
    }

    private static func words(_ result: Result<Value, EvaluationFault>) -> String {
        switch result {
        case .success(let value): value.celText
        case .failure(let fault): "\(fault.kind) \(fault.message)"
        }
    }

    @Test(arguments: TextTest.allCases) func oneStepSaysWhatTheCallSays(test: TextTest) throws {
        var said: Set<String> = []
        for literal in Self.literals {
            let texts = ["model", "dyn(model)"].map { "\($0).\(test.name)(\"\(literal)\")" }
            let programs = try texts.map {
                try Program.compile(ExpressionSource(text: $0, file: "rule"), in: Environment())
            }
            #expect(Self.root(of: programs[0]) == .testHost)
            #expect(Self.root(of: programs[1]) == .callTwo)
            for event in Self.models {
                let activation = try Fixture.activation(Fixture.event(event))
                let values = programs.map { Self.words($0.value(for: activation)) }
                #expect(values[0] == values[1], "\(texts[0]) over \(event)")
                #expect(programs[0].verdict(for: activation) == programs[1].verdict(for: activation))
                said.insert(values[0])
            }
        }
        #expect(said.count == 3, "true, false and absent: \(said)")
    }

    @Test(arguments: TextTest.allCases) func whatIsNoTextIsAFault(test: TextTest) {
        var budget = StepBudget()
        let fault = #expect(throws: EvaluationFault.self) { try test.holds(.int(1), .string("1"), &budget) }
        #expect(fault?.kind == .type)
        #expect(fault?.message.contains(test.name) == true)
    }

    @Test func otherCallsStayCalls() throws {
        for text in [
            "\"gpt-4o\".startsWith(model)", "metadata.team.contains(\"x\")", "model.startsWith(model)",
            "model.contains(\"a\" + model)", "model.indexOf(\"x\")",
        ] {
            let program = try Program.compile(ExpressionSource(text: text, file: "rule"), in: Environment())
            #expect(Self.root(of: program) == .callTwo, "\(text)")
        }
    }

    @Test func aLiteralThatIsComputedBeforehandCounts() throws {
        let program = try Program.compile(
            ExpressionSource(text: "model.startsWith(\"g\" + \"pt\")", file: "rule"), in: Environment())
        #expect(Self.root(of: program) == .testHost)
    }

    @Test func textsAreEqualByCodePointsAlone() throws {
        for (text, model, verdict) in [
            ("model == \"é\"", "é", Verdict.yes), ("model == \"é\"", "e\u{301}", .no),
            ("model != \"é\"", "e\u{301}", .yes), ("model == \"\"", "", .yes), ("model == \"a\"", "", .no),
        ] {
            let program = try Program.compile(ExpressionSource(text: text, file: "rule"), in: Environment())
            let activation = try Fixture.activation(Fixture.event("{\"model\": \"\(model)\"}"))
            #expect(Self.root(of: program) == .compareHost)
            #expect(program.verdict(for: activation) == verdict, "\(text) over \(model)")
        }
    }
}
