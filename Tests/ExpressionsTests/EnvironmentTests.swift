import Events
import Expressions
import Testing

struct EnvironmentTests {
    private func source(_ text: String) -> ExpressionSource { ExpressionSource(text: text, file: "hookmail.yaml") }

    private func messages(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch let error as Diagnostics {
            return error.all.map(\.message)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func namedConditionsMayReferToEachOtherInAnyOrder() throws {
        var environment = Environment()
        try environment.define([
            ("both", source("hard and costly")), ("hard", source("status_code >= 500")), ("costly", source("cost > 1")),
        ])
        let program = try Program.compile(source("both and both or model == \"x\""), in: environment)
        let event = try Fixture.event("{\"status_code\": 502, \"cost\": 3}")
        #expect(program.verdict(for: try Fixture.activation(event)) == .yes)
        #expect(program.facts == ["status_code", "cost", "model"])
    }

    @Test func circlesAreRefusedWithTheirChain() {
        var environment = Environment()
        let found = messages {
            try environment.define([("a", source("b")), ("b", source("c or failed")), ("c", source("a"))])
        }
        #expect(found == ["conditions refer to each other in a circle: a → b → c → a"])
        #expect(
            messages { try environment.define("a", as: source("a and failed")) } == [
                "the condition \"a\" refers to itself"
            ])
    }

    @Test func aNamedConditionCannotTakeANameThatIsTaken() {
        var environment = Environment()
        #expect(messages { try environment.define("cost", as: source("failed")) }.count == 1)
        #expect(messages { try environment.define("ttft", as: source("failed")) }.count == 1)
        #expect(messages { try environment.define("event", as: source("failed")) }.count == 1)
        #expect(messages { try environment.define("and", as: source("failed")) }.count == 1)
        #expect(messages { try environment.define("two words", as: source("failed")) }.count == 1)
        #expect(messages { try environment.define("mine", as: source("failed")) }.isEmpty)
        #expect(messages { try environment.define("mine", as: source("failed")) }.count == 1)
    }

    @Test func faultsInANamedConditionStandInItsOwnText() throws {
        var environment = Environment()
        try environment.define(
            "odd",
            as: ExpressionSource(text: "metadata.x % 2 == 1", file: "hookmail.yaml") { offset in
                (SourcePosition(line: 7, column: 3 + offset), "  odd: metadata.x % 2 == 1")
            })
        let program = try Program.compile(source("failed and odd"), in: environment)
        let event = try Fixture.event("{\"status_code\": 500, \"metadata\": {\"x\": \"text\"}}")
        guard case .fault(let fault) = program.verdict(for: try Fixture.activation(event)) else {
            Issue.record("no fault")
            return
        }
        #expect(fault.kind == .type)
        #expect(fault.position == SourcePosition(line: 7, column: 3))
    }

    @Test func factsAreListedInTheOrderTheyAppearWithAliasesResolved() throws {
        let program = try Program.compile(
            source("has(event.cost) && generation_time > 1 && metadata.x == 1 && model in [\"a\"]"), in: Environment())
        #expect(program.facts == ["cost", "latency", "metadata", "model"])
    }

    @Test func purposesAreChecked() throws {
        #expect(messages { _ = try Program.compile(source("cost"), in: Environment(), for: .condition) }.count == 1)
        #expect(messages { _ = try Program.compile(source("model"), in: Environment(), for: .number) }.count == 1)
        #expect(messages { _ = try Program.compile(source("cost * 2"), in: Environment(), for: .number) }.isEmpty)
        #expect(messages { _ = try Program.compile(source("metadata.x"), in: Environment(), for: .condition) }.isEmpty)
    }
}
