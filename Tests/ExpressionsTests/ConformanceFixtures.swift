import Events
import Expressions
import Testing

/// What the language says, in examples of our own: `Fixtures/conformance/SUBJECT.jsonl`, one case a line. They run
/// always; the suite of `CELConformance` runs where its file is at hand.
///
/// `is` is the value as an expression would write it, or `error` for one of the compiler or of the evaluation.
struct ConformanceFixtures {
    @Test func everyExampleGivesWhatItSays() throws {
        var count = 0
        for file in try Fixture.files(in: "conformance", ending: ".jsonl") {
            for (number, row) in try Fixture.lines("conformance/" + file).enumerated() {
                let json = try JSONValue.decode(Array(row.utf8))
                let text = try #require(json["expr"]?.string)
                let outcome = Self.outcome(of: text)
                #expect(outcome == json["is"]?.string, "\(file):\(number + 1): \(text)")
                count += 1
            }
        }
        #expect(count >= 140)
    }

    private static func outcome(of text: String) -> String {
        let environment = Environment(variables: [String](), isChecked: false)
        let source = ExpressionSource(text: text, file: "example")
        guard let program = try? Program.compile(source, in: environment),
            case .success(let value) = program.value(for: Activation())
        else { return "error" }
        return value.celText
    }
}
