import ArgumentParser
import Bridge
import Events
import Expressions

/// `hookmail reload`: has the running server take its changed configuration into force.
struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Brings the changed configuration into force in the running server.",
        discussion: """
            Everything is checked first: while the file has faults, the server keeps what is in force. Rules that did \
            not change keep their state. `listen`, `admin`, `store` and `keep: {bodies: never}` need a restart; the \
            answer names them.

            Exit code 0 when the file is in force, 78 when it has faults, 69 when no server answers, 75 when the \
            server could not take it now.

            Examples:
              hookmail reload
              hookmail reload --json | jq .needs_restart
            """)

    @OptionGroup var file: ConfigurationOption
    @Flag(help: "The server's answer as JSON.") var json = false

    func run() async throws {
        // The address to call is in the file. Faults that keep it from being read are those the server would find.
        let configuration: Configuration
        do {
            configuration = try file.loadWithoutSecrets()
        } catch {
            Terminal.err("No server was asked: one that runs keeps what is in force.")
            throw error
        }
        let answer = try await AdminClient(StoreAccess(configuration)).reload()
        guard case .object(let object)? = try? JSONValue.decode(answer.body) else {
            Terminal.err("The server at \(configuration.admin) answered \(answer.status) and no JSON.")
            throw ExitCode.unavailable
        }
        if json { Terminal.out(JSONValue.object(object).text) } else { tell(object, configuration) }
        switch answer.status {
        case 200: return
        case 422: throw ExitCode.badConfiguration
        case 503: throw ExitCode.tryAgain
        default: throw ExitCode.unavailable
        }
    }

    private func tell(_ answer: JSONObject, _ configuration: Configuration) {
        for report in (answer["diagnostics"]?.array ?? []).compactMap(DiagnosticReport.init(json:)) {
            Terminal.err(report.diagnostic.rendered(color: Terminal.colours) + "\n")
        }
        let waiting = words(answer["needs_restart"])
        switch answer["status"]?.string {
        case "reloaded":
            Terminal.out("In force. Changed: \(words(answer["changed"])).")
        case "unchanged":
            Terminal.out(
                waiting.isEmpty
                    ? "Nothing changed: the file says what is in force." : "Nothing changed without a restart.")
        case "faulty":
            Terminal.err("The configuration has faults; the server keeps what was in force.")
        default:
            Terminal.err(
                "The server at \(configuration.admin) did not reload: "
                    + "\(answer["error"]?.string ?? "it gave no reason").")
        }
        if !waiting.isEmpty { Terminal.err("These settings need a restart of the server: \(waiting).") }
    }

    private func words(_ list: JSONValue?) -> String {
        (list?.array ?? []).compactMap(\.string).joined(separator: ", ")
    }
}
