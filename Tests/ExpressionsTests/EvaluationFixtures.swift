import Events
import Expressions
import Testing

/// Expressions with the event they meet and what they give: `Fixtures/evaluations.jsonl`, one case a line.
///
/// `is` is the value as an expression would write it, `absent`, or `fault` and the class of the fault.
struct EvaluationFixtures {
    @Test func everyRowGivesWhatItSays() throws {
        let rows = try Fixture.lines("evaluations.jsonl")
        #expect(rows.count >= 60)
        for (number, row) in rows.enumerated() {
            let json = try JSONValue.decode(Array(row.utf8))
            let text = try #require(json["expr"]?.string)
            let expected = try #require(json["is"]?.string)
            let outcome = try Fixture.outcome(of: text, event: json["event"] ?? .object(JSONObject()))
            #expect(outcome == expected, "line \(number + 1): \(text)")
        }
    }
}

/// Reading and recording of fixture files, and the shortest way from an event to a result.
enum Fixture {
    static let received = Timestamp(seconds: 1_770_796_908)

    static func outcome(of text: String, event: JSONValue, in environment: Environment = Environment()) throws -> String
    {
        let program = try Program.compile(ExpressionSource(text: text, file: "rule"), in: environment)
        switch program.value(for: try activation(event)) {
        case .success(let value): return value.celText
        case .failure(let fault): return "fault \(fault.kind.rawValue)"
        }
    }

    static func activation(_ event: JSONValue) throws -> Activation {
        Activation(facts: try Facts(log: event.encoded()), source: "production", receivedAt: received)
    }

    static func event(_ text: String) throws -> JSONValue { try JSONValue.decode(Array(text.utf8)) }
}
