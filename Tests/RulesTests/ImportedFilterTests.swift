import Events
import Expressions
import Foundation
import Rules
import Testing

/// Filters and conditions of the platform and what becomes of them: `ImportFixtures/NAME.json` and `NAME.txt`, the rule
/// with its warnings, or why there is none. `HOOKMAIL_RECORD_FIXTURES=1` writes the texts anew.
struct ImportedFilterTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("ImportFixtures")

    static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
        .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(".json".count)) }.sorted() ?? []

    private static func json(_ name: String) throws -> JSONValue {
        try JSONValue.decode(Array(try Data(contentsOf: folder.appendingPathComponent(name + ".json"))))
    }

    private static func told(_ name: String) throws -> String {
        let filter = try json(name)
        do throws(FilterImportFault) {
            let imported = try ImportedFilter(filter)
            return imported.rule(named: name, notify: "llm-team")
                + imported.warnings.map { "warning: \($0)\n" }.joined()
        } catch {
            return ([error.message, error.hint.map { "hint: \($0)" }, error.diagnostics?.rendered()] as [String?])
                .compactMap { $0 }.joined(separator: "\n") + "\n"
        }
    }

    @Test(arguments: names) func everyFilterBecomesWhatWasRead(_ name: String) throws {
        let file = Self.folder.appendingPathComponent(name + ".txt")
        let told = try Self.told(name)
        if ProcessInfo.processInfo.environment["HOOKMAIL_RECORD_FIXTURES"] != nil {
            try told.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == told)
    }

    @Test func thereAreFixtures() {
        #expect(Self.names.count >= 20)
    }

    /// Every import that works is a rule that the reader of rules takes.
    @Test func everyImportedRuleIsARule() throws {
        for name in Self.names {
            guard let imported = try? ImportedFilter(try Self.json(name)) else { continue }
            let rule = imported.rule(named: name, notify: "llm@example.com")
            let text = "rules:\n" + rule.split(separator: "\n").map { "  \($0)\n" }.joined()
            let read = try RuleSet.read(text, file: "rules.yaml", addresses: { .success($0) }).ruleSet
            #expect(read.rules.map(\.name) == [name])
            #expect(read.rules.first?.condition?.text == imported.condition, "\(name)")
        }
    }

    @Test(arguments: [
        ("mixed-connectors", #"{"status_code": 200, "cost": 2.0, "environment": "prod"}"#, true),
        ("mixed-connectors", #"{"status_code": 500, "environment": "test"}"#, false),
        ("bare-values", #"{"status_code": 503, "environment": "prod"}"#, true),
        ("patterns", #"{"error_message": "the QUOTA_exceeded now", "model": "mü.X"}"#, true),
        ("patterns", #"{"error_message": "507 x", "model": "müax"}"#, false),
        ("metadata-and-scores", #"{"metadata": {"x-team": "core"}, "scores": {"6e2c": {"score_value": 2.5}}}"#, true),
        ("hostile-texts", #"{"model": "a", "metadata": {"a\"]": "x"}}"#, false),
    ])
    func theConditionHoldsWhereTheFilterDid(_ name: String, _ event: String, _ holds: Bool) throws {
        let imported = try ImportedFilter(try Self.json(name))
        let source = ExpressionSource(text: imported.condition, file: "when")
        let program = try Program.compile(source, in: Environment(), for: .condition)
        let facts = try Facts(log: Array(event.utf8))
        let activation = Activation(facts: facts, source: "production", receivedAt: Timestamp(seconds: 1_770_796_908))
        #expect(program.verdict(for: activation) == (holds ? .yes : .no), "\(imported.condition)")
    }

    @Test func noFilterMakesTheReaderTrap() throws {
        let deep = (0..<100).reduce("{}") { text, _ in #"{"rules": [\#(text)]}"# }
        let wide = "[" + (0..<300).map { _ in #"{"field": "cost", "value": 1}"# }.joined(separator: ",") + "]"
        for text in [
            deep, wide, "1", "null", "[]", "[1]", #"{"": 1}"#, #"{"cost": {"operator": "in", "value": [[1]]}}"#,
            #"{"connector": "XOR", "rules": []}"#,
        ] {
            #expect(throws: FilterImportFault.self, "\(text.prefix(60))") {
                _ = try ImportedFilter(try JSONValue.decode(Array("[\(text)]".utf8)).array?.first ?? .null)
            }
        }
    }
}
