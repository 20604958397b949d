import Expressions
import Rules

/// The results of rule tests in the XML that continuous integration servers read: a suite for each rule.
struct JUnitReport {
    private let runs: [RuleTestRun]

    init(_ runs: [RuleTestRun]) {
        self.runs = runs
    }

    /// The report, ending with a line end.
    var text: String {
        var rules: [String] = []
        for run in runs where !rules.contains(run.test.rule) { rules.append(run.test.rule) }
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append("<testsuites name=\"hookmail\" \(Self.counts(runs))>")
        for rule in rules {
            let own = runs.filter { $0.test.rule == rule }
            lines.append("  <testsuite name=\"\(Self.escaped(rule))\" \(Self.counts(own))>")
            for run in own { lines += Self.lines(run) }
            lines.append("  </testsuite>")
        }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func counts(_ runs: [RuleTestRun]) -> String {
        "tests=\"\(runs.count)\" failures=\"\(runs.count { !$0.isPassed })\""
    }

    private static func lines(_ run: RuleTestRun) -> [String] {
        let head = "    <testcase classname=\"\(escaped(run.test.rule))\" name=\"\(escaped(run.test.name))\""
        guard !run.isPassed else { return ["\(head)/>"] }
        let message = run.failures.joined(separator: "; ")
        return [
            "\(head)>", "      <failure message=\"\(escaped(message))\">\(escaped(run.test.place))</failure>",
            "    </testcase>",
        ]
    }

    /// The text as an attribute's value; what XML 1.0 cannot hold at all becomes a question mark.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result += " "
            default:
                let isFit = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                result.unicodeScalars.append(isFit ? scalar : "?")
            }
        }
        return result
    }
}
