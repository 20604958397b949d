import Events
import Expressions
import Rules

/// The results of rule tests as people read them.
struct RuleTestText {
    let palette: Palette
    let isVerbose: Bool

    /// The most happenings that are shown of a test.
    private static let happeningsMax = 12

    func lines(_ runs: [RuleTestRun]) -> [String] {
        var lines: [String] = []
        var rule: String?
        for run in runs {
            if rule != run.test.rule {
                if rule != nil { lines.append("") }
                lines.append(palette.paint(FactTable.plain(run.test.rule), .strong))
                rule = run.test.rule
            }
            lines += self.lines(run)
        }
        guard !runs.isEmpty else { return lines }
        let failed = runs.count { !$0.isPassed }
        let passed = runs.count - failed
        lines.append("")
        lines.append(
            failed == 0
                ? palette.paint("\(passed) of \(runs.count) passed.", .good)
                : palette.paint("\(failed) of \(runs.count) failed.", .bad))
        return lines
    }

    private func lines(_ run: RuleTestRun) -> [String] {
        let sign = run.isPassed ? palette.paint("✔", .good) : palette.paint("✘", .bad)
        let place = run.isPassed ? "" : palette.paint("  \(FactTable.plain(run.test.place))", .faint)
        var lines = ["  \(sign) \(FactTable.plain(run.test.name))\(place)"]
        for failure in run.failures { lines.append("      \(FactTable.plain(failure, scalarsMax: 400))") }
        guard isVerbose || !run.isPassed else { return lines }
        let events = run.eventCount == 1 ? "1 event" : "\(run.eventCount) events"
        if run.happenings.isEmpty {
            lines.append("      \(events) came in, and the rule did nothing.")
            return lines
        }
        lines.append("      \(events) came in, and this happened:")
        for happening in run.happenings.prefix(Self.happeningsMax) { lines.append("        \(words(happening))") }
        let more = run.happeningCount - Self.happeningsMax
        if more > 0 { lines.append("        … and \(more) more") }
        return lines
    }

    private func words(_ happening: RuleTestRun.Happening) -> String {
        let at = happening.at.written
        let time = String(repeating: " ", count: max(0, 8 - at.count)) + at
        let group = happening.decision.group.map { " for \(FactTable.plain($0))" } ?? ""
        switch happening.decision.outcome {
        case .notified:
            let reason = happening.notification?.reason.rawValue ?? "matched"
            let value = happening.notification?.figures.window?.value.map { ", value \(number($0))" } ?? ""
            return "\(time)  mail (\(reason))\(group)\(value)"
        case .suppressed(let reason): return "\(time)  held back (\(reason.rawValue))\(group)"
        case .faulted(let text): return "\(time)  could not be evaluated: \(FactTable.plain(text))"
        }
    }

    private func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return String((value * 10_000).rounded() / 10_000)
    }
}
