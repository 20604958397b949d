import ArgumentParser

/// The command line: `hookmail <command>`.
@main
struct Hookmail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hookmail",
        abstract: "Turns signed webhook events into e-mail people are glad to get.",
        discussion: """
            Start with `hookmail demo` to see the whole job on this machine, or with `hookmail init` and \
            `hookmail serve` to use it.

            Results go to standard output and what is about them to standard error; with --json the result is one JSON \
            value. Colour is used on a terminal, and never with NO_COLOR set. Exit codes: 0 fine, 1 found something \
            wrong, 64 usage, 65 bad input, 69 unavailable, 74 output not written, 75 try again, 78 configuration.

            Examples:
              hookmail demo --once
              hookmail init && hookmail check && hookmail serve
              hookmail explain 17
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, InitCommand.self, ServeCommand.self, CheckCommand.self, ReloadCommand.self,
            TestCommand.self, BacktestCommand.self, SignCommand.self, VerifyCommand.self, EvalCommand.self,
            ExplainCommand.self, PreviewCommand.self, RulesCommand.self, EventsCommand.self, MailsCommand.self,
            SuppressedCommand.self, SilencesCommand.self, SendTestCommand.self, DKIMCommand.self,
            ImportFiltersCommand.self, SchemaCommand.self, CompletionsCommand.self,
        ]
    )

    /// Runs the command of the command line, and says so when its result could not be written.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            _ = Terminal.complaintOfLostOutput()
            if exitCode(for: error) == .validationFailure, let unknown = UnknownCommand(CommandLine.arguments) {
                Terminal.err("\(unknown.message)\nhint: \(unknown.hint)")
                exit(withError: ExitCode.usage)
            }
            exit(withError: error)
        }
        if let lost = Terminal.complaintOfLostOutput() { exit(withError: lost) }
    }
}
