import Events
import Rules
import TestSupport
import Testing

/// What a mail says of the values that decided, through the engine.
@Suite struct DecidingValueTests {
    private static let body =
        #"{"id":"1","status_code":429,"custom":{"x":7,"note":"CANARY1"},"metadata":{"team":"red","free":"CANARY2","#
        + #""a b":"spaced","deep":{"in":true,"other":"CANARY3"},"list":["one","CANARY4"],"empty":""}}"#

    private func deciding(_ condition: String, lets: String = "") throws -> [String] {
        let facts = try EventMaker.events(Self.body)[0].facts
        let indented = condition.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
        var run = try EngineRun(
            EngineRun.ruleSet("\(lets)rules:\n  - name: r\n    when: |\n\(indented)\n    notify: a@example.com\n"),
            facts: facts)
        let output = run.event(at: 0)
        let figures = try #require(output.notifications.first?.figures, "\(condition): \(output.words)")
        for value in figures.deciding {
            #expect(!value.name.contains("CANARY") && !value.value.contains("CANARY"))
        }
        return figures.deciding.map { "\($0.name) \($0.value)" }
    }

    @Test(
        arguments: [
            (#"metadata.team == "red""#, [#"metadata.team "red""#]),
            (#"metadata["team"] == "red""#, [#"metadata.team "red""#]),
            (#"metadata['a b'] == "spaced""#, [#"metadata["a b"] "spaced""#]),
            ("metadata\n .deep . in", ["metadata.deep.in true"]),
            (
                #"event.metadata.team.startsWith("r") and status_code == 429"#,
                [#"metadata.team "red""#, "status_code 429"]
            ),
            ("metadata.list[0] == 'one'", [#"metadata.list[0] "one""#]),
            ("metadata.size() > 1", ["metadata {6 members}"]),
            ("'CANARY4' in metadata.list", ["metadata.list [2 items]"]),
            ("metadata.exists(k, metadata[k] == 'red')", ["metadata {6 members}"]),
            ("not has(metadata.gone) and not has(metadata.empty)", ["metadata.gone absent", "metadata.empty absent"]),
            ("status_code == 429 // metadata.free", ["status_code 429"]),
            (#"metadata.team != "metadata.free" and metadata.team != '\' metadata.free'"#, [#"metadata.team "red""#]),
            (#"metadata.team != r"\"" and metadata.team != ''' metadata.free'''"#, [#"metadata.team "red""#]),
            ("event.custom.x == 7", ["event.custom.x 7"]),
            ("event['custom']['x'] == 7 and status_code > 1", ["status_code 429", "event.custom.x 7"]),
        ] as [(String, [String])])
    func theSelectedMemberIsNamedAndNoOtherTextShown(condition: String, values: [String]) throws {
        #expect(try deciding(condition) == values)
    }

    @Test func membersSelectedInNamedConditionsAreNamedToo() throws {
        let lets = "let: {red: 'metadata.team == \"red\"', deep: 'red and metadata.deep.in'}\n"
        #expect(try deciding("red", lets: lets) == [#"metadata.team "red""#])
        #expect(
            try deciding("deep and metadata.list[0] == 'one'", lets: lets)
                == [#"metadata.team "red""#, "metadata.deep.in true", #"metadata.list[0] "one""#])
    }

    @Test func theListOfValuesIsBounded() throws {
        let condition = (0..<90).map { "not has(metadata.k\($0))" }.joined(separator: " and ")
        #expect(try deciding(condition).count == Notification.valuesMax)
    }
}
