import ArgumentParser
import Bridge
import Events
import Expressions
import Rules

/// `hookmail import-filters`: a filter or condition of the platform as a condition or rule of ours.
struct ImportFiltersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-filters",
        abstract: "Turns a filter or condition of Keywords AI or Respan into a condition or a rule.",
        discussion: """
            Reads the JSON of a log filter, of a saved view or of an automation's condition, such as \
            {"status_code": {"operator": "gte", "value": [500]}} or \
            {"connector": "OR", "rules": [{"field": "cost", "operator": "greater_than", "value": 1}]}, and prints the \
            condition as it stands behind `when:`; with --rule, a rule for the list under `rules:`. What the condition \
            does not say exactly as the filter did is said on standard error. Nothing is printed, and the exit code is \
            65, where a part cannot be carried over at all.

            Examples:
              hookmail import-filters filter.json
              hookmail import-filters - --rule costly-calls --notify llm-team < condition.json >> rules/imported.yaml
              hookmail import-filters view.json --json | jq -r '.warnings[]'
            """)

    @Argument(help: "The file with the JSON, or - for standard input.") var file: String
    @Option(help: ArgumentHelp("Print a rule of this name instead of the bare condition.", valueName: "name"))
    var rule: String?
    @Option(
        help: ArgumentHelp(
            "Whom the rule tells: an address, or a name under `recipients:`. (default: you@example.com)",
            valueName: "recipient"))
    var notify: String?
    @Flag(help: "JSON for programs: an object with the condition, the rule and the warnings.") var json = false

    func validate() throws {
        guard notify == nil || rule != nil else {
            throw ValidationError("--notify belongs to a rule: add --rule NAME.")
        }
        guard rule?.isEmpty != true else { throw ValidationError("--rule takes the name of the rule.") }
    }

    func run() throws {
        let imported = try read()
        for warning in imported.warnings { Terminal.err("warning: \(warning).") }
        let text = rule.map { imported.rule(named: $0, notify: notify ?? "you@example.com") }
        if rule != nil, notify == nil { Terminal.err("Put your own address in the place of you@example.com.") }
        guard json else {
            Terminal.out(bytes: Array((text ?? imported.condition + "\n").utf8))
            return
        }
        var object = JSONObject()
        object["when"] = .string(imported.condition)
        object["rule"] = text.map { .string($0) } ?? .null
        object["warnings"] = .array(imported.warnings.map { .string($0) })
        Terminal.out(JSONValue.object(object).text)
    }

    /// The imported filter. Says what is wrong with the file and throws an exit code.
    private func read() throws -> ImportedFilter {
        let bytes = try InputFile.read(file)
        do {
            return try ImportedFilter(try JSONValue.decode(bytes))
        } catch let fault as FilterImportFault {
            Terminal.err("\(file) was not imported: \(fault.message).")
            if let hint = fault.hint { Terminal.err("hint: \(hint)") }
            if let found = fault.diagnostics { Terminal.err(found.rendered(color: Terminal.colours)) }
        } catch let fault as JSONFault {
            Terminal.err("\(file) was not imported: it is not JSON. \(fault)")
        }
        throw ExitCode.badInput
    }
}
