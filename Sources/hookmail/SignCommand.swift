import ArgumentParser
import Bridge
import Events

/// `hookmail sign`: what a sender would do, for trying things out.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Signs a body with a source's secret and prints the curl line that posts it.",
        discussion: """
            Example: hookmail sign event.json | sh
            """)

    @OptionGroup var file: ConfigurationOption
    @Argument(help: "A file with the body, or - for standard input.", completion: .file()) var body: String
    @Option(help: "The source whose path and first valid secret are used. (default: the only one)") var source: String?
    @Flag(help: "Only the header line, for another client.") var header = false

    func run() throws {
        let configuration = try file.load()
        let source = try chosen(configuration)
        let now = SystemClock().now()
        guard let secret = source.secrets.first(where: { now <= $0.until ?? now }) else {
            Terminal.err("Every secret of the source \(source.name) has ended (`until`).")
            throw ExitCode.badConfiguration
        }
        guard body != "-" || header else {
            Terminal.err("A curl line cannot post what came on standard input: name a file, or ask for --header only.")
            throw ExitCode.usage
        }
        let signature = source.scheme.sign(try InputFile.read(body), with: secret)
        let line = "\(signature.name): \(signature.value)"
        if header {
            Terminal.out(line)
            return
        }
        Terminal.out(
            "curl -sS -w '\\n' http://\(configuration.listen)\(source.path) -H 'Content-Type: application/json' "
                + "-H '\(line)' --data-binary \(Self.quoted("@" + body))")
    }

    private func chosen(_ configuration: Configuration) throws -> SourceConfiguration {
        let names = configuration.sources.map(\.name).joined(separator: ", ")
        if let source {
            guard let found = configuration.sources.first(where: { $0.name == source }) else {
                Terminal.err("There is no source \(source). The file has: \(names).")
                throw ExitCode.usage
            }
            return found
        }
        guard let only = configuration.sources.first, configuration.sources.count == 1 else {
            Terminal.err("The file has several sources: say which with --source. It has: \(names).")
            throw ExitCode.usage
        }
        return only
    }

    /// A word for a POSIX shell: in single quotes, each of its own written as `'\''`.
    static func quoted(_ word: String) -> String {
        let parts = word.split(separator: "'", omittingEmptySubsequences: false)
        return "'" + parts.joined(separator: "'\\''") + "'"
    }
}
