import ArgumentParser
import Bridge
import Events
import Rules
import Store

/// `hookmail events`: looks at stored events, also while a server runs.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Lists and shows stored events.",
        discussion: """
            Examples:
              hookmail events
              hookmail events show 17
            """,
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    /// `hookmail events list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists events, newest first.",
            discussion: """
                Examples:
                  hookmail events list --limit 100
                  hookmail events list --json | jq -r '.[] | select(.facts.failed) | .key'
                """)

        @OptionGroup var store: StoreOption
        @OptionGroup var page: PageOption
        @Flag(help: "JSON for programs.") var json = false

        func run() async throws {
            try await store.reading { reader in
                let records = try await reader.events(before: page.before, limit: page.limit)
                if json {
                    Terminal.out(JSONValue.array(records.map { EventReport(record: $0).json }).text)
                    return
                }
                guard !records.isEmpty else {
                    Terminal.err("No events yet. `hookmail sign FILE` prints a curl line that sends one.")
                    return
                }
                // Only senders other than the platform name types.
                let hasTypes = records.contains { $0.facts[.eventType] != .absent }
                let header = ["STATUS", "MODEL", "COST", "LATENCY", "CUSTOMER"]
                let start = ["ID", "RECEIVED (UTC)", "SOURCE"] + (hasTypes ? ["TYPE"] : [])
                FactTable.columns([start + header] + records.map { row($0, withType: hasTypes) }).forEach(Terminal.out)
            }
        }

        private func row(_ record: EventRecord, withType: Bool) -> [String] {
            let facts: [Fact] =
                (withType ? [.eventType] : []) + [.statusCode, .model, .cost, .latency, .customerIdentifier]
            let cells = facts.map { FactTable.text(record.facts[$0]) ?? "-" }
            let mark = record.isRevision ? "\(record.id)*" : "\(record.id)"
            return [mark, FactTable.time(record.receivedAt), record.key.source]
                + cells.map { FactTable.plain($0, scalarsMax: 40) }
        }
    }

    /// `hookmail events show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows an event's facts and what each rule made of it.",
            discussion: """
                `hookmail explain` shows why: every rule's condition with the value of every part.

                Examples:
                  hookmail events show 17
                  hookmail events show 17 --body | jq .
                """)

        @OptionGroup var store: StoreOption
        @Argument(help: "The event's number.") var id: Int64
        @Flag(help: "The stored body, credentials replaced, instead of the facts.") var body = false
        @Flag(help: "JSON for programs.") var json = false

        func run() async throws {
            try await store.reading { reader in
                guard let record = try await reader.event(id) else {
                    Terminal.err("There is no event \(id). `hookmail events list` shows which there are.")
                    throw ExitCode.foundFault
                }
                let decisions = try await reader.decisions(aboutEvent: id)
                if body {
                    guard let bytes = try await reader.body(ofEvent: id) else {
                        Terminal.err("The body of event \(id) was not stored or has been pruned (`keep: bodies`).")
                        throw ExitCode.foundFault
                    }
                    Terminal.out(bytes: bytes)
                } else if json {
                    Terminal.out(EventReport(record: record, decisions: decisions).json.text)
                } else {
                    try await show(record, decisions, reader)
                }
            }
        }

        private func show(_ record: EventRecord, _ decisions: [Decision], _ reader: any StoreReading) async throws {
            let revision = record.isRevision ? ", a revision of an earlier event" : ""
            Terminal.out(
                "Event \(record.id) from \(record.key.source), received \(record.receivedAt.rfc3339)\(revision)")
            Terminal.out("Key \(FactTable.plain(record.key.id)) (\(record.key.origin.rawValue))")
            Terminal.out("")
            let rows = Fact.allCases.compactMap { fact -> [String]? in
                FactTable.text(record.facts[fact]).map { ["  " + fact.name, $0] }
            }
            FactTable.columns(rows + otherRows(record.facts)).forEach(Terminal.out)
            Terminal.out("")
            if record.position == nil {
                Terminal.out("Not evaluated yet: is `hookmail serve` running?")
            } else if record.isRevision {
                Terminal.out("Not evaluated: a revision of an event that the rules have seen.")
            } else if decisions.isEmpty {
                Terminal.out("No rule matched. `hookmail explain \(record.id)` shows why.")
            }
            let told = try await SummaryLookup(store: reader).mails(tellingOf: decisions)
            for (place, decision) in decisions.enumerated() {
                let words = try await words(for: decision.outcome, reader)
                Terminal.out("\(decision.rule): \(words)\(ExplanationText.told(by: told[place] ?? []))")
            }
        }

        /// What is kept of the event and is no fact of a name of its own, under the name that rules call it by.
        private func otherRows(_ facts: Facts) -> [[String]] {
            let known = Set(Fact.allCases.map(\.name))
            let others = (facts.event.object?.members ?? []).filter { !known.contains($0.key) }
            return others.map { key, value in
                let shown = if case .string(let text) = value { text } else { value.text }
                return ["  event.\(FactTable.plain(key, scalarsMax: 60))", FactTable.plain(shown)]
            }
        }

        private func words(for outcome: Decision.Outcome, _ reader: any StoreReading) async throws -> String {
            switch outcome {
            case .suppressed(let reason): return "matched; held back because \(reason.words)"
            case .faulted(let reason): return "could not be evaluated: \(reason)"
            case .notified(let notification):
                let mails = try await reader.deliveries(ofNotification: notification)
                return "matched; "
                    + mails.map { "mail \($0.id) to \($0.recipient) is \($0.state.rawValue)" }.joined(separator: ", ")
            }
        }
    }
}
