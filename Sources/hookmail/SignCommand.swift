import ArgumentParser
import Bridge
import Events

/// `hookmail sign`: what a sender would do, for trying things out.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Signs a body with a source's secret and prints the curl line that posts it.",
        discussion: """
            Where the sender signs the time, it is the time of this call: the line is good for five minutes.

            Examples:
              hookmail sign event.json | sh
              hookmail sign event.json --source production --header
              hookmail sign issue.json --source repositories --event-type issues | sh
              hookmail sign event.json --json | jq .headers
            """)

    @OptionGroup var file: ConfigurationOption
    @Argument(help: "A file with the body, or - for standard input.", completion: .file()) var body: String
    @Option(help: "The source whose path and first valid secret are used. (default: the only one)") var source: String?
    @OptionGroup var eventType: EventTypeOption
    @Flag(help: "Only the header lines, for another client.") var header = false
    @Flag(help: "JSON for programs: source, URL, and names and values of the headers.") var json = false

    func run() throws {
        let configuration = try file.load()
        let source = try SourceChoice.one(source, of: configuration)
        guard body != "-" || header || json else {
            Terminal.err(
                "A curl line cannot post what came on standard input: name a file, or ask for --header or --json.")
            throw ExitCode.usage
        }
        let words = try headerWords(source)
        let url = "http://\(configuration.listen)\(source.path)"
        if json {
            var object = JSONObject([("source", .string(source.name)), ("url", .string(url))])
            object["headers"] = .object(JSONObject(words.map { ($0.name, .string($0.value)) }))
            Terminal.out(JSONValue.object(object).text)
            return
        }
        if header {
            for word in words { Terminal.out(word.plain) }
            return
        }
        let headers = words.map { " -H \($0.shell)" }.joined()
        Terminal.out(
            "curl -sS -w '\\n' \(url) -H 'Content-Type: application/json'"
                + "\(headers) --data-binary \(Self.quoted("@" + body))")
    }

    /// A header, and its line as a word for a shell.
    private struct HeaderWord {
        let name: String
        let value: String
        let shell: String

        var plain: String { "\(name): \(value)" }
    }

    private func headerWords(_ source: SourceConfiguration) throws -> [HeaderWord] {
        let now = SystemClock().now()
        let type = try eventType.name(of: source.name, under: source.scheme)
        if case .none = source.scheme { return [] }
        let valid = source.secrets.filter { now <= $0.until ?? now }
        guard let first = valid.first else {
            Terminal.err("Every secret of the source \(source.name) has ended (`until`).")
            throw ExitCode.badConfiguration
        }
        if case .token(let scheme) = source.scheme { return [try tokenWord(scheme, first)] }
        let bytes = try InputFile.read(body)
        let id = "msg_" + Hex.encode((0..<12).map { _ in UInt8.random(in: .min ... .max) })
        let signed = valid.lazy.compactMap { source.scheme.sign(bytes, with: $0, at: now, id: id, eventType: type) }
        guard let fields = signed.first else {
            Terminal.err("The source \(source.name) has only keys that check (`whpk_…`): the sender alone can sign.")
            throw ExitCode.badConfiguration
        }
        return fields.map { field in
            HeaderWord(name: field.name, value: field.value, shell: Self.quoted("\(field.name): \(field.value)"))
        }
    }

    /// A token is the secret itself and is not printed: the shell fetches it from where it is.
    private func tokenWord(_ scheme: TokenScheme, _ secret: Secret) throws -> HeaderWord {
        let start = "\(scheme.header): " + (scheme.isBearer ? "Bearer " : "")
        let parts = secret.label.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, !header, !json else {
            Terminal.err(
                "The header would be the secret itself, and secrets are not printed; the curl line fetches it.")
            throw ExitCode.usage
        }
        let fetched = parts[0] == "env" ? "\"$\(parts[1])\"" : "\"$(cat \(Self.quoted(parts[1])))\""
        return HeaderWord(name: scheme.header, value: "", shell: Self.quoted(start) + fetched)
    }

    /// A word for a POSIX shell: in single quotes, each of its own written as `'\''`.
    static func quoted(_ word: String) -> String {
        let parts = word.split(separator: "'", omittingEmptySubsequences: false)
        return "'" + parts.joined(separator: "'\\''") + "'"
    }
}
