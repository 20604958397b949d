import Expressions
import Testing

struct DiagnosticTests {
    @Test func theCaretStandsUnderTheFaultAlsoBehindTabs() {
        let diagnostic = Diagnostic(
            file: "a.yaml", position: SourcePosition(line: 3, column: 4), length: 2, message: "no", hint: "do",
            sourceLine: "\tx\tyz")
        #expect(diagnostic.rendered() == "a.yaml:3:4: error: no\n\tx\tyz\n\t \t^^\nhint: do")
    }

    @Test func longLinesAreCutAroundTheFault() throws {
        let line = String(repeating: "a", count: 300) + "HERE" + String(repeating: "b", count: 300)
        let diagnostic = Diagnostic(
            file: "a", position: SourcePosition(line: 1, column: 301), length: 4, message: "no", sourceLine: line)
        let rows = diagnostic.rendered().split(separator: "\n").map { Array($0.unicodeScalars) }
        #expect(rows[1].count <= 170)
        let caret = try #require(rows[2].firstIndex(of: "^"))
        #expect(rows[1][caret..<caret + 4].elementsEqual("HERE".unicodeScalars))
    }

    @Test func controlCharactersOfAFileNeverReachTheTerminal() {
        let diagnostic = Diagnostic(
            file: "a", position: SourcePosition(line: 1, column: 1), message: "m\u{1B}[31m",
            sourceLine: "\u{1B}]0;\u{202E}x")
        let text = diagnostic.rendered()
        #expect(!text.unicodeScalars.contains("\u{1B}"))
        #expect(!text.unicodeScalars.contains("\u{202E}"))
    }

    @Test func findingsAreSortedByPlaceAndNotRepeated() {
        func finding(_ line: Int, _ message: String, _ severity: Diagnostic.Severity = .error) -> Diagnostic {
            Diagnostic(severity: severity, file: "f", position: SourcePosition(line: line, column: 1), message: message)
        }
        let all = Diagnostics([
            finding(3, "c"), finding(1, "a"), finding(3, "c"), finding(1, "b"), finding(2, "w", .warning),
        ])
        #expect(all.all.map(\.message) == ["a", "b", "w", "c"])
        #expect(all.hasErrors)
        #expect(!Diagnostics([finding(1, "w", .warning)]).hasErrors)
    }

    @Test(arguments: [
        ("cots", "cost"), ("Cost", "cost"), ("statusCode", "status_code"), ("latncy", "latency"), ("modle", "model"),
        ("xyz", nil), ("abc", nil), ("", nil),
    ])
    func theNearestNameIsFound(_ wrong: String, _ right: String?) {
        let known = ["cost", "status_code", "latency", "model", "metadata"]
        #expect(Suggestion.nearest(to: wrong, among: known) == right)
    }

    @Test(arguments: [
        (0, 1, 1, "ab"), (2, 1, 3, "ab"), (3, 2, 1, "cd"), (6, 3, 1, "é"), (7, 3, 2, "é"), (99, 3, 2, "é"),
    ])
    func offsetsBecomeLinesAndColumns(_ offset: Int, _ line: Int, _ column: Int, _ text: String) {
        let source = ExpressionSource(text: "ab\ncd\né", file: "f")
        let location = source.location(ofScalar: offset)
        #expect(location.position == SourcePosition(line: line, column: column))
        #expect(location.line == text)
    }

    @Test func carriageReturnsEndALineOnce() {
        let location = ExpressionSource(text: "ab\r\ncd", file: "f").location(ofScalar: 4)
        #expect(location.position == SourcePosition(line: 2, column: 1))
        #expect(location.line == "cd")
    }
}
