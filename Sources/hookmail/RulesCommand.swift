import ArgumentParser
import Bridge
import Events
import Expressions
import Rules
import Store

/// `hookmail rules`: the rules of the file, with what the store knows of them.
struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Lists and shows the rules of the configuration.",
        discussion: """
            Examples:
              hookmail rules
              hookmail rules show failed-calls
            """,
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    /// `hookmail rules list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the rules with how often they matched.",
            discussion: """
                USED is how many mails count against `at_most` now. MAILED and HELD BACK count matches of events that \
                are still kept (`keep: events`). The last line says about how much memory the rules take for what they \
                remember; `rules show` says it of one rule.

                Examples:
                  hookmail rules list
                  hookmail rules list --json | jq '.[] | select(.counts.faulted > 0) | .rule'
                """)

        @OptionGroup var store: StoreOption
        @Flag(help: "JSON for programs.") var json = false

        func run() async throws {
            let reports = try await store.ruleReports()
            if json {
                Terminal.out(JSONValue.array(reports.map(\.json)).text)
                return
            }
            let header = [
                "RULE", "SEVERITY", "AT MOST", "USED", "MAILED", "HELD BACK", "FAULTS", "LAST MATCH (UTC)", "TO",
                "WHEN",
            ]
            FactTable.columns([header] + reports.map(row)).forEach(Terminal.out)
            let memory = reports.compactMap(\.memory)
            let groups = memory.reduce(0) { $0 + $1.groups }
            guard groups > 0 else { return }
            Terminal.out("")
            Terminal.out(
                "\(MemoryText.words(groups: groups, bytes: memory.reduce(0) { $0 + $1.bytes })) are remembered in all.")
        }

        private func row(_ report: RuleReport) -> [String] {
            let count = report.count
            return [
                report.rule.name, report.rule.severity.rawValue, report.rule.throttle?.text ?? "-",
                report.throttle.map { "\($0.used)" } ?? "-",
                "\(count?.notified ?? 0)", "\(count?.suppressed ?? 0)", "\(count?.faulted ?? 0)",
                report.lastMatch.map { FactTable.time($0) } ?? "-",
                FactTable.plain(report.rule.recipients.joined(separator: ", "), scalarsMax: 40),
                report.rule.condition.map { FactTable.plain($0.text, scalarsMax: 60) } ?? "every event",
            ]
        }
    }

    /// `hookmail rules show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows a rule: condition, recipients, throttle and what came of it.",
            discussion: """
                Examples:
                  hookmail rules show failed-calls
                  hookmail rules show failed-calls --json | jq .throttle
                """)

        @OptionGroup var store: StoreOption
        @Argument(help: "The rule's name.", completion: RuleNames.completion) var name: String
        @Flag(help: "JSON for programs.") var json = false

        func run() async throws {
            let reports = try await store.ruleReports()
            guard let report = reports.first(where: { $0.rule.name == name }) else {
                throw RuleNames.complain(of: name, among: reports.map(\.rule.name))
            }
            if json {
                Terminal.out(report.json.text)
            } else {
                lines(report).forEach(Terminal.out)
                if let standing = report.standing { self.lines(standing).forEach(Terminal.out) }
            }
        }

        /// The groups that fire or were touched last.
        private func lines(_ standing: RuleStanding) -> [String] {
            let text = ExplanationText(palette: Terminal.palette)
            var lines: [String] = []
            for group in standing.groups where group.window != nil { lines += [""] + text.standing(group) }
            if standing.groupCount > standing.groups.count {
                lines.append("")
                lines.append("\(standing.groupCount - standing.groups.count) more groups are remembered.")
            }
            if let digest = standing.digest, let due = standing.digestAt {
                lines.append("")
                lines.append("\(digest.count) matches wait for the digest at \(due.rfc3339).")
            }
            return lines
        }

        private func lines(_ report: RuleReport) -> [String] {
            let rule = report.rule
            var rows = [
                ["rule", rule.name],
                ["when", FactTable.plain(rule.condition?.text ?? "every event", scalarsMax: 2_000)],
            ]
            rows.append(["notify", rule.recipients.joined(separator: ", ")])
            rows.append(["severity", rule.severity.rawValue])
            rows.append(["at most", report.pace])
            if let throttle = report.throttle {
                rows.append(["used now", "\(throttle.used) of \(throttle.throttle.mails)"])
                let since = throttle.heldBackSince.map { " since \($0.rfc3339)" } ?? ""
                rows.append(["held back now", "\(throttle.heldBack)\(since)"])
                if let next = throttle.nextMailAt { rows.append(["next mail at", next.rfc3339]) }
            }
            if !rule.groupFields.isEmpty { rows.append(["per", rule.groupFields.map(\.name).joined(separator: ", ")]) }
            if let window = rule.window { rows.append(["window", window.text]) }
            if let digest = rule.digest { rows.append(["digest", digest.text]) }
            if let template = rule.template { rows.append(["template", template]) }
            if let subject = rule.subject { rows.append(["subject", subject]) }
            rows.append(["matches mailed", "\(report.count?.notified ?? 0)"])
            rows.append(["matches held back", "\(report.count?.suppressed ?? 0)"])
            rows.append(["faults", "\(report.count?.faulted ?? 0)"])
            rows.append(["last match", report.lastMatch?.rfc3339 ?? "none yet"])
            if let memory = report.memory {
                rows.append(["remembered", MemoryText.words(groups: memory.groups, bytes: memory.bytes)])
            }
            return FactTable.columns(rows)
        }
    }
}

extension StoreOption {
    /// The rules of the file (while it has faults, those in force), with what the store knows of them where there is
    /// one yet.
    fileprivate func ruleReports() async throws -> [RuleReport] {
        let now = SystemClock().now()
        var reports: [RuleReport] = []
        guard OutputFile.exists(try file.loadAccess(remark: nil).storePath) else {
            return try await RuleReport.all(try file.loadWithoutSecrets().ruleSet, in: nil, now: now)
        }
        try await reading { reader in
            reports = try await RuleReport.all(try await ruleSet(in: reader), in: reader, now: now)
        }
        return reports
    }
}
