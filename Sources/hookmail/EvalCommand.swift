import ArgumentParser
import Bridge
import Events
import Expressions
import Rules

/// `hookmail eval`: an expression against an event.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Evaluates an expression against an event and prints the result as JSON.",
        discussion: """
            The event is a JSON file, `-` for standard input, or nothing for an event without facts. An absent result \
            prints `null` and is said on standard error.

            Example: hookmail eval 'failed and cost > 0.5' --event event.json
            An expression that begins with a minus goes behind --, as in: hookmail eval -- '-1 + 2'
            """)

    @Argument(help: "The expression, as in a rule's `when`.") var expression: String
    @Option(help: "A file with the event's JSON, or - for standard input.") var event: String?
    @Option(help: "The source's name that the fact `source` reads.") var source = "eval"
    @OptionGroup var file: ConfigurationOption

    func run() async throws {
        let known = try environment()
        let program: Program
        do throws(Diagnostics) {
            program = try Program.compile(
                ExpressionSource(text: expression, file: "expression"), in: known)
        } catch {
            Terminal.err(error.rendered(color: Terminal.colours))
            throw ExitCode.badInput
        }
        for warning in program.warnings { Terminal.err(warning.rendered(color: Terminal.colours)) }
        let body = try event.map(InputFile.read) ?? Array("{}".utf8)
        let delivery = try UnsignedEvent.deliver(body, source: source)
        guard let verified = delivery.events.first else { throw ExitCode.badInput }
        let activation = Activation(facts: verified.facts, source: source, receivedAt: verified.receivedAt)
        switch program.value(for: activation) {
        case .success(let value) where !value.isAbsent:
            Terminal.out(value.json.text)
        case .failure(let fault) where fault.kind != .absent:
            Terminal.err("The expression has no value for this event: \(fault.message)")
            throw ExitCode.foundFault
        default:
            Terminal.err("The result is absent: a rule with this condition stays quiet.")
            Terminal.out("null")
        }
    }
}

extension EvalCommand {
    /// The named conditions (`let`) of the configuration: of the one that `--config` names, or of the one found, when
    /// it is right; else none.
    private func environment() throws -> Environment {
        if file.config != nil { return try file.loadWithoutSecrets().ruleSet.environment }
        guard let found = ConfigurationOption.defaultPaths.first(where: OutputFile.exists) else { return Environment() }
        do {
            return try Configuration.loadWithoutSecrets(path: found).configuration.ruleSet.environment
        } catch {
            Terminal.err("\(found) has faults, so its named conditions are not known here; see `hookmail check`.")
            return Environment()
        }
    }
}
