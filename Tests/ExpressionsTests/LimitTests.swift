import Events
import Expressions
import Testing

struct LimitTests {
    private func messages(_ text: String) -> [String] {
        do {
            _ = try Program.compile(ExpressionSource(text: text, file: "rule"), in: Environment())
            return []
        } catch {
            return error.all.map(\.message)
        }
    }

    private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test func longNestedAndLargeExpressionsAreRefusedWithAReason() {
        #expect(messages(repeated(" ", 10_001)).first?.contains("10000") == true)
        #expect(messages(repeated("(", 65) + "1" + repeated(")", 65)).first?.contains("nested") == true)
        #expect(messages(repeated("(", 9_000)).first?.contains("nested") == true)
        #expect(messages(repeated("!", 9_000) + "true").first?.contains("nested") == true)
        #expect(messages(repeated("not ", 2_000) + "true").first?.contains("nested") == true)
        #expect(messages("1" + repeated(" + 1", 400)).first?.contains("250") == true)
        #expect(messages("metadata" + repeated(".a", 400)).first?.contains("250") == true)
        #expect(messages("[" + repeated("1,", 2_500) + "]").first?.contains("2000") == true)
        #expect(messages("'x'.matches('" + repeated("a", 1_001) + "')").first?.contains("1000") == true)
        #expect(messages("[1].map(a, [1].map(b, [1].map(c, c)))").first?.contains("inside") == true)
    }

    @Test func whatTheSpecificationDemandsFits() {
        #expect(messages("failed" + repeated(" || failed", 500)).isEmpty)
        #expect(messages(repeated("failed ? 1 : ", 24) + "2").isEmpty)
        #expect(messages(repeated("[", 12) + "1" + repeated("]", 12)).isEmpty)
        #expect(messages(repeated("!", 32) + "failed").isEmpty)
        #expect(messages("'x'.matches('" + repeated("a", 1_000) + "')").isEmpty)
    }

    @Test func runningOutOfStepsIsAFaultAndNotAHang() throws {
        let list = "[" + repeated("1,", 900) + "]"
        let text = "\(list).all(a, \(list).all(b, a + b < 10))"
        let outcome = try Fixture.outcome(of: text, event: .object(JSONObject()))
        #expect(outcome == "fault budget")
    }

    @Test func resultsBeyondOneMebibyteAreAFault() throws {
        let doubled = (0..<30).reduce("s") { text, _ in "cel.bind(s, s + s, \(text))" }
        let outcome = try Fixture.outcome(
            of: "cel.bind(s, model, \(doubled))", event: Fixture.event("{\"model\": \"abcdefgh\"}"))
        #expect(outcome == "fault budget")
    }

    @Test func aHostilePatternAndTextTakeLinearTime() throws {
        let text = "metadata.t.matches('^(a+)+$')"
        let event = try Fixture.event("{\"metadata\": {\"t\": \"\(repeated("a", 400))!\"}}")
        #expect(try Fixture.outcome(of: text, event: event) == "false")
    }
}
