import ArgumentParser
import Bridge
import Events
import Expressions
import Foundation
import Rules
import Store

extension SilencesCommand {
    /// `hookmail silences add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Holds mails back for a while.",
            discussion: """
                The condition sees `rule`, `severity` (urgent, high, medium or low), `group` with the values of a \
                rule's `per`, and the facts of the event. Where there is no event, as for a reminder or a recovery, \
                the values of the group stand for its facts. Names under `let:` are not known.

                Examples:
                  hookmail silences add 'rule == "failed-calls"' --for 2h --reason "the provider is being repaired"
                  hookmail silences add 'severity == "low" && model == "gpt-4o"' --for 1d
                  hookmail silences add 'rule == "slow"' --recipient ann@example.com --for 30d
                  hookmail silences add 'rule.startsWith("slow") && group.provider_id == "openai"' --until 2026-12-31
                """)

        @OptionGroup var store: StoreOption
        @Argument(help: "What to hold back: a condition.") var condition: String
        @Option(
            name: .customLong("for"),
            help: "How long, such as 30m, 2h or 7d; at most \(Silence.spanMax.written).")
        var span: String?
        @Option(help: "Until when: an instant such as 2026-12-31T18:00:00+01:00, or through a day (UTC).")
        var until: String?
        @Option(help: "Only mails to this address; the others still get theirs. For as long as 100 years.")
        var recipient: String?
        @Option(help: "Why, for those who look at the list.") var reason = ""
        @Option(help: "Who. (default: the login name)") var author: String?
        @Flag(help: "JSON for programs.") var json = false

        func validate() throws {
            guard (span == nil) != (until == nil) else {
                throw ValidationError("Say how long: --for 2h, or --until 2026-12-31.")
            }
        }

        func run() async throws {
            let now = SystemClock().now()
            let ruleSet = try await store.knownRules()
            let rules = ruleSet.rules
            let address = try recipient.map { try SilencedRecipient($0, of: ruleSet).address }
            let wanted = SilenceRequest(
                condition: condition, until: try end(from: now), author: author ?? Self.loginName, reason: reason,
                recipient: address)
            try check(wanted, at: now, among: rules)
            let reach = SilenceReach(of: condition, over: rules)
            guard !reach.isEmpty else { throw complainOfNothing(rules) }
            let report: SilenceReport
            do {
                report = SilenceReport(silence: try await store.add(wanted), reach: reach)
            } catch StoreError.notAllowed(let reason) {
                Terminal.err("This cannot be silenced: \(reason).")
                throw ExitCode.foundFault
            }
            if json { Terminal.out(report.json.text) } else { report.lines.forEach(Terminal.out) }
        }

        private func end(from now: Timestamp) throws -> Timestamp {
            if let span {
                guard let span = Duration(written: span) else {
                    Terminal.err("--for is no span of time.\nhint: write a whole number and a unit: 30m, 2h or 7d.")
                    throw ExitCode.usage
                }
                return Timestamp(seconds: now.advanced(by: span).wholeSeconds)
            }
            guard let until = Self.instant(until ?? "") else {
                Terminal.err("--until is no time.\nhint: write 2026-12-31, or 2026-12-31T18:00:00+01:00.")
                throw ExitCode.usage
            }
            return until
        }

        /// An instant of RFC 3339, or the end of a day in UTC.
        private static func instant(_ text: String) -> Timestamp? {
            let parts = text.split(separator: "-").compactMap { Int($0) }
            guard text.utf8.count == 10, parts.count == 3 else { return Timestamp(rfc3339: text) }
            return Timestamp.endOfDay(utcYear: parts[0], month: parts[1], day: parts[2])
        }

        private func check(_ wanted: SilenceRequest, at now: Timestamp, among rules: [Rule]) throws {
            guard !rules.contains(where: { $0.name == condition }) else {
                Terminal.err(
                    "'\(condition)' is the name of a rule, not a condition.\nhint: write 'rule == \"\(condition)\"'.")
                throw ExitCode.badInput
            }
            do throws(SilenceFault) {
                _ = try wanted.silence(at: now)
            } catch {
                switch error {
                case .condition(let found):
                    Terminal.err(found.rendered(color: Terminal.colours))
                    throw ExitCode.badInput
                case .malformed(let reason):
                    Terminal.err("This cannot be silenced: \(reason).")
                    throw ExitCode.usage
                }
            }
        }

        private func complainOfNothing(_ rules: [Rule]) -> ExitCode {
            let names = rules.map { FactTable.plain($0.name, scalarsMax: 60) }
            let more = names.count > 8 ? " and \(names.count - 8) more" : ""
            let hint =
                if let (text, rule) = SilenceReach.misspelt(in: condition, among: rules) {
                    "no rule is called '\(FactTable.plain(text))'; did you mean '\(rule)'?"
                } else {
                    "the rules are \(names.prefix(8).joined(separator: ", "))\(more); severities are "
                        + Severity.allCases.map(\.rawValue).joined(separator: ", ") + "."
                }
            Terminal.err("This would hold nothing back: the condition is false for every rule.\nhint: \(hint)")
            return .badInput
        }

        private static var loginName: String {
            let name = NSUserName()
            return name.isEmpty ? "unknown" : name
        }
    }
}

/// A silence with the rules it covers, as commands show it.
struct SilenceReport {
    let silence: Silence
    let reach: SilenceReach

    /// The silence's own members and the rules it covers.
    var json: JSONValue {
        var object = silence.json.object ?? JSONObject()
        object["mutes"] = .array(reach.always.map { .string($0) })
        object["may_mute"] = .array(reach.sometimes.map { .string($0) })
        return .object(object)
    }

    /// The same for people.
    var lines: [String] {
        var rows = [
            ["silence", silence.id], ["condition", FactTable.plain(silence.condition, scalarsMax: 4_000)],
            ["until", FactTable.time(silence.until) + " UTC"],
            ["added", "\(FactTable.time(silence.addedAt)) UTC by \(FactTable.plain(silence.author))"],
        ]
        if let recipient = silence.recipient { rows.append(["only to", FactTable.plain(recipient)]) }
        if !silence.reason.isEmpty { rows.append(["reason", FactTable.plain(silence.reason, scalarsMax: 1_000)]) }
        if !reach.always.isEmpty { rows.append(["holds back", Self.list(reach.always)]) }
        if !reach.sometimes.isEmpty {
            rows.append(["may hold back", Self.list(reach.sometimes) + " (the event or the group decides)"])
        }
        if reach.isEmpty { rows.append(["holds back", "no rule of this configuration"]) }
        return FactTable.columns(rows)
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(20).map { FactTable.plain($0, scalarsMax: 60) }.joined(separator: ", ")
        return shown + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }
}
