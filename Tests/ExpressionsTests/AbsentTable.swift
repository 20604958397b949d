import Events
import Expressions
import Testing

/// What conditions say about fields that are missing, null, empty or of another type, as one table:
/// `Fixtures/absent-table.md`. The first rows are those of the language's definition of *absent*, the rest is every
/// operator on every kind of field, alone and inside `!`, `&&` and `||`.
struct AbsentTable {
    @Test func theTableIsAsRecorded() throws {
        let table = try Self.table()
        #expect(table.split(separator: "\n").count > 200)
        if Fixture.isRecording { try Fixture.record(table, as: "absent-table.md") }
        #expect(try Fixture.text("absent-table.md") == table)
    }

    private static let defined = [
        "cost > 0.5", "!(cost > 0.5)", "cost > 0.5 || status_code >= 500", "cost > 0.5 && status_code >= 600",
        "cost != 0.5", "has(event.cost)", "has(event.cost) && event.cost > 0.5", "event.metadata.team == \"x\"",
        "event.status_code * 0.5 == 250.0",
    ]

    private static let operations = [
        "F == \"x\"", "F != \"x\"", "F < \"x\"", "F >= \"x\"", "F in [\"x\"]", "F in [\"\"]", "F == \"\"", "F != \"\"",
        "F == null", "F != null", "F.contains(\"x\")", "F.startsWith(\"\")", "F + \"y\" == \"xy\"", "size(F) == 1",
        "has(F)", "F.part == \"x\"", "has(F.part)", "F[\"part\"] == null", "type(F) == null_type", "[F] == [null]",
        "F ? true : false", "F.exists(p, p == \"x\")", "F.all(p, p == \"x\")", "F in metadata", "\"x\" in F",
        "F.matches(\"x\")", "F.size() > 0", "F.lowerAscii() == \"x\"", "F > 3", "F * 2 == 14", "-F == -7",
        "{\"k\": F}.k == null", "cel.bind(f, F, f == \"x\")", "[\"x\"].exists(p, p == F)", "string(F) == \"7\"",
    ]

    private static let contexts = ["E", "!(E)", "(E) && true", "(E) && false", "(E) || true", "(E) || false"]

    private static let states = [
        ("missing", "{\"status_code\": 500}"),
        ("null", "{\"status_code\": 500, \"cost\": null, \"metadata\": {\"f\": null}}"),
        ("\"\"", "{\"status_code\": 500, \"metadata\": {\"f\": \"\"}}"),
        ("\"x\"", "{\"status_code\": 500, \"cost\": 0.75, \"metadata\": {\"f\": \"x\"}}"),
        ("7", "{\"status_code\": 500, \"cost\": 7, \"metadata\": {\"f\": 7}}"),
    ]

    private static func table() throws -> String {
        let header = "| expression | " + states.map { "f is \($0.0)" }.joined(separator: " | ") + " |\n"
        var text = "In the first rows `cost` has the state of `f`, and is a number where it is present.\n\n" + header
        text += "|" + String(repeating: "---|", count: states.count + 1) + "\n"
        let generated = operations.flatMap { operation in
            contexts.map { $0.replacing("E", with: operation.replacing("F", with: "metadata.f")) }
        }
        for expression in defined + generated {
            let cells = try states.map { try verdict(expression, $0.1) }
            text += "| `\(expression.replacing("|", with: "\\|"))` | " + cells.joined(separator: " | ") + " |\n"
        }
        return text
    }

    private static func verdict(_ expression: String, _ event: String) throws -> String {
        let program = try Program.compile(ExpressionSource(text: expression, file: "rule"), in: Environment())
        switch program.verdict(for: try Fixture.activation(try Fixture.event(event))) {
        case .yes: return "true"
        case .no: return "false"
        case .absent: return "absent"
        case .fault(let fault): return "fault: \(fault.kind.rawValue)"
        }
    }
}
