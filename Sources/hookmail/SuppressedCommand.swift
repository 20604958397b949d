import ArgumentParser
import Bridge
import Events
import Mail
import Store
import Transports

/// `hookmail suppressed`: addresses that the mail server refused for good, and that get no mail therefore.
struct SuppressedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppressed",
        abstract: "Lists addresses that get no mail because the server refused them for good.",
        discussion: """
            Examples:
              hookmail suppressed
              hookmail suppressed remove lead@example.com
            """,
        subcommands: [List.self, Remove.self], defaultSubcommand: List.self)

    /// `hookmail suppressed list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the addresses with the server's last reply, and how many mails were not tried since.",
            discussion: """
                An address is listed from its first refused mail until it takes one or is removed. Mails to it are \
                made and given up untried; `hookmail mails list --state dead` shows them.

                Examples:
                  hookmail suppressed list
                  hookmail suppressed list --json | jq -r '.[].recipient'
                """)

        @OptionGroup var store: StoreOption
        @Option(help: "How many addresses, at most \(pageRowsMax).") var limit = 100
        @Flag(help: "JSON for programs.") var json = false

        func validate() throws {
            guard (1...pageRowsMax).contains(limit) else {
                throw ValidationError("--limit takes a number from 1 to \(pageRowsMax).")
            }
        }

        func run() async throws {
            try await store.reading { reader in
                let refused = try await reader.refusedRecipients(limit: limit)
                if json {
                    Terminal.out(JSONValue.array(refused.map(\.json)).text)
                    return
                }
                guard !refused.isEmpty else {
                    Terminal.err("No address is suppressed.")
                    return
                }
                let header = [
                    "ADDRESS", "SINCE (UTC)", "LAST (UTC)", "REFUSED", "NOT TRIED", "LAST MAIL", "LAST REPLY",
                ]
                let rows = refused.map { one in
                    [
                        one.address, FactTable.time(one.since), FactTable.time(one.last), "\(one.mails)",
                        "\(one.suppressed)", "\(one.lastMail)", FactTable.plain(one.reply.text, scalarsMax: 100),
                    ]
                }
                FactTable.columns([header] + rows).forEach(Terminal.out)
            }
        }
    }

    /// `hookmail suppressed remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes addresses off the list: their next mail is tried again.",
            discussion: """
                Mails that were given up stay so; `hookmail mails retry` sends them. Exit code 1 when one of the \
                addresses is not on the list; the others are removed.

                Examples:
                  hookmail suppressed remove lead@example.com
                """)

        @OptionGroup var store: StoreOption
        @Argument(help: "The addresses, as the list shows them.") var addresses: [String]
        @Flag(help: "JSON for programs: for every address whether it was removed.") var json = false

        func run() async throws {
            var report: [JSONValue] = []
            var failed = false
            for written in addresses {
                let address = InternationalAddress.wireForm(ofAddress: written)
                let isRemoved = try await store.liftSuppression(of: address)
                failed = failed || !isRemoved
                report.append(.object(JSONObject([("recipient", .string(address)), ("removed", .bool(isRemoved))])))
                guard !json else { continue }
                if isRemoved {
                    Terminal.out("\(address) is off the list.")
                } else {
                    Terminal.err("\(address) is not on the list. `hookmail suppressed list` shows it.")
                }
            }
            if json { Terminal.out(JSONValue.array(report).text) }
            if failed { throw ExitCode.foundFault }
        }
    }
}
