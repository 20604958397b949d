import ArgumentParser
import Bridge
import Events
import Expressions
import Rendering
import Rules

/// `hookmail test`: the tests beside the rules, on a virtual clock.
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs the tests beside the rules: windows, throttles and digests on a virtual clock.",
        discussion: """
            A test feeds events to all rules of the file and says which mails of its rule are expected. Nothing is \
            stored and nothing is sent, hours pass in a moment, and mails count as accepted at once.

              tests:
                - name: eleven dollars make one mail
                  events: {repeat: 11, every: 1m, with: {customer_identifier: acme, cost: 1}}
                  expect: {mails: 1, at: 10m, group: acme}

            `events` is one batch or a list: `repeat`, `every`, `after` (the pause before it), `with` (facts) or \
            `file` (a JSON text a line). `wait` lets the clock go on at the end, `starts` sets it. `expect` is one or \
            a list: `mails`, `none: true`, `at`, `group`, `subject`, `recipients`, `reason`, `suppressed` with `times`.

            Exit code 0 when all tests pass, 1 when one fails, 78 when the file has faults.

            Examples:
              hookmail test
              hookmail test --rule spend
              hookmail test --junit report.xml
              hookmail test --json | jq '.[] | select(.passed | not)'
            """)

    @OptionGroup var file: ConfigurationOption
    @Option(
        name: .customLong("rule"), help: "Only the tests of this rule; may be given several times.",
        completion: RuleNames.completion)
    var rules: [String] = []
    @Option(help: "Writes a JUnit XML report for continuous integration into this file.", completion: .file())
    var junit: String?
    @Flag(help: "JSON for programs.") var json = false
    @Flag(name: .shortAndLong, help: "Also shows what happened in tests that passed.") var verbose = false

    func run() throws {
        let configuration = try file.loadWithoutSecrets()
        let ruleSet = configuration.ruleSet
        try RuleNames.check(rules, in: ruleSet)
        let tests = ruleSet.tests.filter { rules.isEmpty || rules.contains($0.rule) }
        if tests.isEmpty, !json {
            Terminal.err(
                "There are no tests. Write some under `tests:` beside a rule; `hookmail test --help` shows how.")
        }
        let composer = configuration.makeComposer()
        let runs = try tests.map { test in
            RuleTestRun(test, in: ruleSet, files: try facts(of: test)) { notification in
                composer.render(notification).subject
            }
        }
        if let junit { try OutputFile.replace(junit, Array(JUnitReport(runs).text.utf8), mode: 0o644) }
        if json {
            Terminal.out(JSONValue.array(runs.map(\.json)).text)
        } else {
            let text = RuleTestText(palette: Terminal.palette, isVerbose: verbose)
            text.lines(runs).forEach(Terminal.out)
        }
        if runs.contains(where: { !$0.isPassed }) { throw ExitCode.foundFault }
    }

    /// The events of the files that a test names; paths are relative to the configuration's folder.
    private func facts(of test: RuleTest) throws -> [String: [Facts]] {
        var files: [String: [Facts]] = [:]
        let folder = try file.path().split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        for path in test.batches.compactMap(\.file) where files[path] == nil {
            let full = path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
            files[path] = try EventLines(path: full).all().map(\.facts)
        }
        return files
    }
}

extension RuleTestRun {
    /// The run as JSON.
    var json: JSONValue {
        var object = JSONObject([("rule", .string(test.rule)), ("test", .string(test.name))])
        object["passed"] = .bool(isPassed)
        object["file"] = .string(test.file)
        object["line"] = .int(Int64(test.range.position.line))
        object["events"] = .int(Int64(eventCount))
        object["failures"] = .array(failures.map { .string($0) })
        object["happened"] = .array(
            happenings.map { happening in
                var object = JSONObject([("at", .string(happening.at.written))])
                object["group"] = happening.decision.group.map { .string($0) } ?? .null
                switch happening.decision.outcome {
                case .notified: object["mail"] = .string(happening.notification?.reason.rawValue ?? "matched")
                case .suppressed(let reason): object["suppressed"] = .string(reason.rawValue)
                case .faulted(let text): object["faulted"] = .string(text)
                }
                return .object(object)
            })
        return .object(object)
    }
}
