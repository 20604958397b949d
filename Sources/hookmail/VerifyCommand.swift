import ArgumentParser
import Bridge
import Events

/// `hookmail verify`: the signature doctor.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Says why a delivery verifies or does not, and what to change.",
        discussion: """
            Tries every secret of the configuration on every text and scheme that senders have been seen to use, and \
            says which fits. No secret and no right signature is ever printed. Exit code 0 when the delivery verifies, \
            1 when it does not.

            Examples:
              hookmail verify body.json --header 'X-Hub-Signature-256: sha256=…'
              hookmail verify --request captured.http --at 2026-11-26T09:30:00Z
              hookmail verify --refused
              hookmail verify --refused 3 --json | jq .diagnosis.changes
            """)

    @OptionGroup var file: ConfigurationOption
    @Argument(
        help: "A file with the body, or - for standard input; behind --refused the delivery's number.",
        completion: .file())
    var body: String?
    @Option(name: [.long, .customShort("H")], help: "A header of the delivery, as in 'NAME: VALUE'; may be repeated.")
    var header: [String] = []
    @Option(help: "A file with a raw HTTP request instead of body and headers, or - for standard input.")
    var request: String?
    @Option(help: "The source it was sent to. (default: the one of the request's path, or whose headers it has)")
    var source: String?
    @Option(help: "When it was received, as in 2026-11-26T09:30:00Z. (default: now)") var at: String?
    @Option(help: "The address it came from, for `allow`.") var from: String?
    @Flag(help: "Look at the deliveries that a running server keeps.") var refused = false
    @Flag(help: "JSON for programs.") var json = false

    func validate() throws {
        if refused {
            guard request == nil, header.isEmpty, source == nil, at == nil, from == nil else {
                throw ValidationError("--refused takes nothing but the delivery's number: the server knows the rest.")
            }
            guard body == nil || Int(body ?? "") != nil else {
                throw ValidationError("--refused takes a number; `hookmail verify --refused` lists them.")
            }
        } else {
            guard (body == nil) != (request == nil) else {
                throw ValidationError("Name a file with the body, or --request FILE, or --refused.")
            }
        }
        if let at, Timestamp(rfc3339: at) == nil {
            throw ValidationError("--at takes a time such as 2026-11-26T09:30:00Z.")
        }
        if let from, IPAddress(from) == nil { throw ValidationError("--from takes an address such as 203.0.113.7.") }
    }

    func run() async throws {
        if refused { return try await askTheServer() }
        let configuration = try file.load()
        let captured = try capture()
        let verifiers = configuration.sources.map(\.verifier)
        let inbound = InboundRequest(
            source: try sourceName(configuration, captured), headers: captured.headers, body: captured.body,
            receivedAt: at.flatMap { Timestamp(rfc3339: $0) } ?? SystemClock().now(),
            sender: from.flatMap { IPAddress($0) })
        for remark in captured.remarks { Terminal.err(remark) }
        let diagnosis = SignatureDoctor(verifiers).examine(inbound, knowsSender: from != nil)
        if json {
            Terminal.out(diagnosis.json.text)
        } else {
            for line in diagnosis.lines { Terminal.out(FactTable.plain(line, scalarsMax: 1_000)) }
        }
        if !diagnosis.verifies { throw ExitCode.foundFault }
    }

    // MARK: What is examined

    /// Headers and body, wherever they are.
    private struct Capture {
        var path: String?
        var headers: [HeaderField]
        var body: [UInt8]
        var remarks: [String] = []
    }

    private func capture() throws -> Capture {
        let given = try header.map { line -> HeaderField in
            guard let field = CapturedRequest.field(line.utf8) else {
                Terminal.err("--header takes a name, a colon and a value, as in 'X-Signature: 0a1b…'.")
                throw ExitCode.usage
            }
            return field
        }
        guard let request else { return Capture(headers: given, body: try InputFile.read(body ?? "-")) }
        let bytes = try InputFile.read(request)
        do throws(CapturedRequest.Fault) {
            let captured = try CapturedRequest(bytes)
            return Capture(
                path: captured.path, headers: captured.headers + given, body: captured.body, remarks: captured.remarks)
        } catch {
            let words =
                switch error {
                case .noEndOfHeaders: "has no empty line between headers and body"
                case .badLine(let line): "has no header in line \(line)"
                case .badChunks: "says `Transfer-Encoding: chunked`, and the body is not in whole chunks"
                }
            Terminal.err(
                "\(request) is no raw HTTP request: it \(words).\n"
                    + "hint: it begins with lines such as `X-Signature: …`, then an empty line, then the body.")
            throw ExitCode.badInput
        }
    }

    /// The source that is meant: the named one, that of the request's path, the only one, or the first one whose
    /// headers the request has.
    private func sourceName(_ configuration: Configuration, _ capture: Capture) throws -> String {
        if let source { return try SourceChoice.one(source, of: configuration).name }
        let path = capture.path.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        if let named = configuration.sources.first(where: { $0.path == path }) { return named.name }
        if configuration.sources.count == 1 { return configuration.sources[0].name }
        let names = Set(capture.headers.map { $0.name.lowercased() })
        let fitting = configuration.sources.first { source in
            source.scheme.headers.contains { names.contains($0.lowercased()) }
        }
        return try fitting?.name ?? SourceChoice.one(nil, of: configuration).name
    }

    // MARK: What the server keeps

    private func askTheServer() async throws {
        let client = AdminClient(try file.loadAccess(remark: "The server has what it refused all the same."))
        guard let id = body.flatMap({ Int($0) }) else { return try await list(client) }
        var answer = try await client.refused(id)
        if json {
            if case .object(var object) = answer {
                object["lines"] = nil
                answer = .object(object)
            }
            Terminal.out(answer.text)
        } else {
            let (source, time) = (Self.text(answer, "source"), Self.text(answer, "received_at"))
            Terminal.out(
                "Delivery \(id) to the source \(source), received \(time) from \(Self.text(answer, "sender"))\n")
            for line in answer["lines"]?.array?.compactMap(\.string) ?? [] {
                Terminal.out(FactTable.plain(line, scalarsMax: 1_000))
            }
        }
        if answer["diagnosis"]?["verifies"]?.bool != true { throw ExitCode.foundFault }
    }

    private func list(_ client: AdminClient) async throws {
        let answer = try await client.refused()
        if json { return Terminal.out(answer.text) }
        let rows = (answer.array ?? []).map { kept in
            ["id", "received_at", "source", "sender", "bytes"].map { Self.text(kept, $0) }
        }
        guard !rows.isEmpty else {
            Terminal.err("Nothing was refused in the last ten minutes.")
            return
        }
        FactTable.columns([["ID", "RECEIVED (UTC)", "SOURCE", "SENDER", "BYTES"]] + rows).forEach(Terminal.out)
        Terminal.err("`hookmail verify --refused ID` says why.")
    }

    private static func text(_ value: JSONValue, _ name: String) -> String {
        if let number = value[name]?.int { return "\(number)" }
        return FactTable.plain(value[name]?.string ?? "an unknown address")
    }
}
