import ArgumentParser
import Bridge
import Events
import Expressions

/// `hookmail check`: all faults of a configuration at once.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks the configuration, its expressions and templates, and shows all faults at once.",
        discussion: """
            Exit code 0 when nothing is wrong (warnings are shown), 78 otherwise.

            Examples:
              hookmail check
              hookmail check --config /etc/hookmail/hookmail.yaml
              hookmail check --json | jq -r '.[] | "\\(.file):\\(.line): \\(.message)"'
            """)

    @OptionGroup var file: ConfigurationOption
    @Flag(help: "JSON for programs: an array of what was found.") var json = false

    func run() throws {
        let path = try file.path()
        let found: [Diagnostic]
        var notes: [String] = []
        let isRight: Bool
        switch try file.read(path) {
        case .success(let loaded):
            found = loaded.warnings.all
            notes = loaded.configuration.notesOnSMTPUTF8
            isRight = true
        case .failure(let diagnostics):
            found = diagnostics.all
            isRight = false
        }
        if json {
            Terminal.out(JSONValue.array(found.map { DiagnosticReport($0).json }).text)
        } else {
            for diagnostic in found { Terminal.err(diagnostic.rendered(color: Terminal.colours) + "\n") }
            let errors = found.count { $0.severity == .error }
            if isRight {
                Terminal.out("\(path) is right\(found.isEmpty ? "" : ", with \(Self.count(found.count, "warning"))").")
                for note in notes { Terminal.out("note: \(note)") }
            } else {
                Terminal.out("\(path) has \(Self.count(errors, "fault")).")
            }
        }
        if !isRight { throw ExitCode.badConfiguration }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
