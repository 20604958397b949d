import Expressions
import Testing

/// Typical mistakes and the whole text that a user sees for them: `Fixtures/diagnostics/NAME.cel` and `NAME.txt`.
struct DiagnosticFixtures {
    @Test func everyMistakeIsExplainedAsRecorded() throws {
        let files = try Fixture.files(in: "diagnostics", ending: ".cel")
        #expect(files.count >= 40)
        for file in files {
            let text = String(try Fixture.text("diagnostics/" + file).dropLast())
            let rendered = Self.rendered(text) + "\n"
            let golden = "diagnostics/" + file.replacing(".cel", with: ".txt")
            if Fixture.isRecording { try Fixture.record(rendered, as: golden) }
            #expect(try Fixture.text(golden) == rendered, "\(file)")
        }
    }

    private static func rendered(_ text: String) -> String {
        do {
            let source = ExpressionSource(text: text, file: "rules.yaml")
            let program = try Program.compile(source, in: Environment(), for: .condition)
            return Diagnostics(program.warnings).rendered()
        } catch {
            return error.rendered()
        }
    }
}
