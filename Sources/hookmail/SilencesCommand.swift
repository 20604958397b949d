import ArgumentParser
import Bridge
import Events
import Expressions
import Rules
import Store

/// `hookmail silences`: holds mails back for a while.
struct SilencesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silences",
        abstract: "Lists, shows, adds and removes silences, which hold mails back for a while.",
        discussion: """
            Matches are still decided and shown; their mails are held back. A silence ends by itself.

            Examples:
              hookmail silences add 'rule == "failed-calls"' --for 2h --reason "the provider is being repaired"
              hookmail silences
              hookmail silences remove k3x9ab
            """,
        subcommands: [List.self, Show.self, Add.self, Remove.self], defaultSubcommand: List.self)

    /// `hookmail silences list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the silences in force, oldest first.",
            discussion: """
                Examples:
                  hookmail silences list
                  hookmail silences list --json | jq -r '.[] | [.id, .until, .author] | @tsv'
                """)

        @OptionGroup var store: StoreOption
        @Flag(help: "JSON for programs.") var json = false

        func run() async throws {
            let silences = try await store.silences()
            if json {
                Terminal.out(JSONValue.array(silences.map(\.json)).text)
                return
            }
            guard !silences.isEmpty else {
                Terminal.err("Nothing is silenced.")
                return
            }
            let header = ["ID", "UNTIL (UTC)", "AUTHOR", "ONLY TO", "CONDITION", "REASON"]
            let rows = silences.map { silence in
                [
                    silence.id, FactTable.time(silence.until), FactTable.plain(silence.author, scalarsMax: 20),
                    silence.recipient.map { FactTable.plain($0) } ?? "-",
                    FactTable.plain(silence.condition, scalarsMax: 80),
                    silence.reason.isEmpty ? "-" : FactTable.plain(silence.reason, scalarsMax: 60),
                ]
            }
            FactTable.columns([header] + rows).forEach(Terminal.out)
        }
    }

    /// `hookmail silences show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows a silence, and which rules of the configuration it holds back.",
            discussion: """
                Examples:
                  hookmail silences show k3x9ab
                """)

        @OptionGroup var store: StoreOption
        @Argument(help: "The silence's id.") var id: String
        @Flag(help: "JSON for programs.") var json = false

        func run() async throws {
            let silences = try await store.silences()
            guard let silence = silences.first(where: { $0.id == id }) else {
                throw SilencesCommand.complain(of: id, among: silences)
            }
            let rules = try await store.knownRules().rules
            let report = SilenceReport(silence: silence, reach: SilenceReach(of: silence.condition, over: rules))
            if json { Terminal.out(report.json.text) } else { report.lines.forEach(Terminal.out) }
        }
    }

    /// `hookmail silences remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends silences now.",
            discussion: """
                What they held back meanwhile is not sent afterwards. Exit code 1 when one of them is not in force; \
                the others are ended.

                Examples:
                  hookmail silences remove k3x9ab
                  hookmail silences remove $(hookmail silences list --json | jq -r '.[].id')
                """)

        @OptionGroup var store: StoreOption
        @Argument(help: "The ids of the silences.") var ids: [String]
        @Flag(help: "JSON for programs: the silences that were ended.") var json = false

        func run() async throws {
            var ended: [JSONValue] = []
            var failed = false
            for id in ids {
                do {
                    let silence = try await store.endSilence(id)
                    ended.append(silence.json)
                    if !json { Terminal.out("Silence \(id) is ended.") }
                } catch StoreError.notFound {
                    failed = true
                    _ = SilencesCommand.complain(of: id, among: try await store.silences())
                } catch let error as ExitCode where json && !ended.isEmpty {
                    // What was done before must not be lost; standard error has said why it ends here.
                    Terminal.out(JSONValue.array(ended).text)
                    throw error
                }
            }
            if json { Terminal.out(JSONValue.array(ended).text) }
            if failed { throw ExitCode.foundFault }
        }
    }

    /// Says that no silence of this id is in force.
    fileprivate static func complain(of id: String, among silences: [Silence]) -> ExitCode {
        let hint =
            Suggestion.nearest(to: id, among: silences.map(\.id)).map { "did you mean \($0)?" }
            ?? "`hookmail silences list` shows which are."
        Terminal.err("No silence \(FactTable.plain(id, scalarsMax: 40)) is in force.\nhint: \(hint)")
        return .foundFault
    }
}

extension StoreOption {
    /// The silences in force; none where there is no store yet.
    fileprivate func silences() async throws -> [Silence] {
        guard OutputFile.exists(try file.loadAccess().storePath) else { return [] }
        var found: [Silence] = []
        try await reading { found = try await $0.silences(at: SystemClock().now()).all }
        return found
    }
}
