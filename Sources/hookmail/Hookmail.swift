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
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, InitCommand.self, ServeCommand.self, CheckCommand.self, SignCommand.self,
            EvalCommand.self, EventsCommand.self, MailsCommand.self, SchemaCommand.self,
        ]
    )
}
