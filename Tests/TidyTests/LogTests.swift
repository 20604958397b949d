import Foundation
import Testing

/// A log message is a constant text, so that it can be counted and searched for; what varies is metadata.
struct LogTests {
    /// A call of a logger in the house's spelling: the logger is named `log`.
    private static let call = #"\b(log|logger)\.(trace|debug|info|notice|warning|error|critical)\("#

    @Test func messagesAreConstantTexts() throws {
        var count = 0
        for file in House.sources where file.path.hasSuffix(".swift") {
            for fault in Self.faults(in: file.text, count: &count) { Issue.record("\(file.path): \(fault)") }
        }
        #expect(count > 15, "the log calls were not found")
    }

    @Test(arguments: [
        #"log.info("sent \(count) mails")"#, "log.info(\n    \"sent \\(count)\")", "log.error(message)",
        #"logger.error(Message("a"))"#,
    ])
    func aMessageThatVariesIsFound(text: String) {
        var count = 0
        #expect(Self.faults(in: text, count: &count).count == 1)
    }

    private static func faults(in text: String, count: inout Int) -> [String] {
        var faults: [String] = []
        var rest = text[...]
        while let range = rest.range(of: call, options: .regularExpression) {
            rest = rest[range.upperBound...]
            count += 1
            let argument = rest.drop(while: \.isWhitespace)
            guard argument.first == "\"" else {
                faults.append("a log message must be a text in its place, not `\(argument.prefix(40))`")
                continue
            }
            let literal = argument.dropFirst().prefix { $0 != "\"" }
            if literal.contains("\\(") { faults.append("\"\(literal)\" varies: put what varies into the metadata") }
        }
        return faults
    }
}
