import ArgumentParser

/// Hookmail's parts alone, for runs beside other programs: each command does one job and prints one number last.
@main
struct HookmailBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hookmail-bench",
        abstract: "Runs one part of Hookmail as fast as it goes and prints one number.",
        discussion: "Build it with `swift build -c release --product hookmail-bench`.",
        subcommands: [
            SMTPBench.self, VerifyBench.self, JSONBench.self, CodeBench.self, AppendBench.self, RulesBench.self,
            WindowBench.self,
        ])
}
