import BuiltinTemplates
import Rendering
import Testing

struct BuiltinTemplatesTests {
    @Test func everyBuiltinTemplatePassesTheChecksOfTheOperatorsOwn() throws {
        // Overriding a template with itself makes every built-in file pass through the scanner, the checker and the
        // engine.
        let texts = BuiltinTemplates.files.mapValues { String(decoding: $0, as: UTF8.self) }
            .filter { !$0.key.hasPrefix("plain.") }
        let set = try TemplateSet.load(overrides: texts)
        #expect(set.names == ["digest", "failed", "first_seen", "plain", "recovered", "single", "window"])
    }
}
