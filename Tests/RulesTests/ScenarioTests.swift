import Foundation
import Rules
import Testing

/// Every file of `Scenarios` is a set of rules with tests beside them, which all must pass: the behaviour of windows
/// and policies, written as a user would.
@Suite(.timeLimit(.minutes(10))) struct ScenarioTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scenarios")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    @Test func thereAreScenarios() {
        #expect(Self.names.count >= 10)
    }

    @Test(arguments: names) func everyTestOfTheFilePasses(name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let ruleSet = try RuleSet.read(text, file: name, addresses: { .success($0) }).ruleSet
        #expect(!ruleSet.tests.isEmpty)
        for test in ruleSet.tests {
            let run = RuleTestRun(test, in: ruleSet, subject: \.rule)
            let happened = run.happenings.map { "\($0.at) \($0.decision.outcome) \($0.decision.group ?? "")" }
            #expect(run.failures == [], "\(test.rule): \(test.name): \(happened.prefix(20))")
        }
    }
}
