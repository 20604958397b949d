import ArgumentParser
import Bridge
import Events
import Expressions
import Rules
import Store

/// `hookmail eval`: an expression against an event.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Evaluates an expression against an event and prints the result as JSON.",
        discussion: """
            The event is a JSON file, `-` for standard input, the number of a stored event, or nothing for an event \
            without facts. A file whose name is a number is written ./17. An absent result prints `null` and is said \
            on standard error.

            An expression that begins with a minus goes behind --. To see the value of every part of a rule's \
            condition, use `hookmail explain`.

            Examples:
              hookmail eval 'failed and cost > 0.5' --event event.json
              hookmail eval 'metadata.team' --event - < event.json
              hookmail eval 'cost / total_tokens' --event 17
              hookmail eval 'event_type == "issues"' --event issue.json --source repositories --event-type issues
              hookmail eval --json 'cost * 1000' --event event.json
              hookmail eval -- '-1 + 2'
            """)

    @Argument(help: "The expression, as in a rule's `when`.") var expression: String
    @Option(
        help: "A file with the event's JSON, - for standard input, or the number of a stored event.",
        completion: .file())
    var event: String?
    @Option(help: "The source that the event is taken to come from. (default: the only one of the configuration)")
    var source: String?
    @OptionGroup var eventType: EventTypeOption
    @Flag(help: "JSON for programs: an object with the value and its type, or why there is none.") var json = false
    @OptionGroup var store: StoreOption

    /// The number of a stored event; `nil` where the event is another one.
    private var number: Int64? { event.flatMap { Int64($0) } }

    func validate() throws {
        guard number == nil || source == nil && eventType.name == nil else {
            throw ValidationError("--source and --event-type go with a file: a stored event has its own.")
        }
    }

    func run() async throws {
        guard let number else {
            let configuration = try known()
            let program = try program(knowing: configuration?.ruleSet)
            try tell(program.value(for: activation(of: event, configuration)))
            return
        }
        try await store.reading { reader in
            let program = try program(knowing: try await store.ruleSet(in: reader))
            guard let record = try await reader.event(number) else {
                Terminal.err("There is no event \(number). `hookmail events list` shows which there are.")
                throw ExitCode.foundFault
            }
            let activation = Activation(
                facts: record.facts, source: record.key.source, receivedAt: record.receivedAt)
            try tell(program.value(for: activation))
        }
    }
}

extension EvalCommand {
    /// The expression, compiled with the named conditions of the configuration.
    private func program(knowing ruleSet: RuleSet?) throws -> Program {
        do throws(Diagnostics) {
            let program = try Program.compile(
                ExpressionSource(text: expression, file: "expression"),
                in: ruleSet?.environment ?? Environment())
            for warning in program.warnings { Terminal.err(warning.rendered(color: Terminal.colours)) }
            return program
        } catch {
            Terminal.err(error.rendered(color: Terminal.colours))
            throw ExitCode.badInput
        }
    }

    /// The facts of the event in a file, or of one without any.
    private func activation(of file: String?, _ configuration: Configuration?) throws -> Activation {
        let body = try file.map(InputFile.read) ?? Array("{}".utf8)
        let (name, scheme) = try sender(configuration)
        let delivery = try UnsignedEvent.deliver(
            body, source: name, scheme: scheme, eventType: eventType.name(of: name, under: scheme))
        guard let verified = delivery.events.first else { throw ExitCode.badInput }
        return Activation(facts: verified.facts, source: name, receivedAt: verified.receivedAt)
    }

    /// Prints what the expression came to.
    private func tell(_ result: Result<Value, EvaluationFault>) throws {
        if json {
            try show(result)
            return
        }
        switch result {
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

    /// Whom the event is taken to come from, and how it proves that. Where no configuration says which sources there
    /// are, every name is one.
    private func sender(_ configuration: Configuration?) throws -> (name: String, scheme: SignatureScheme) {
        guard let configuration else { return (source ?? "eval", .keywordsai) }
        // An expression can be tried without a word on where its event comes from, unless that decides something.
        guard source != nil || eventType.name != nil || configuration.sources.count == 1 else {
            return ("eval", .keywordsai)
        }
        let one = try SourceChoice.one(source, of: configuration)
        return (one.name, one.scheme)
    }

    /// Prints `value`, `type` and `fault`. An absent value is null of the type `absent`.
    private func show(_ result: Result<Value, EvaluationFault>) throws {
        var object = JSONObject()
        var fault: EvaluationFault?
        switch result {
        case .success(let value) where !value.isAbsent:
            object["value"] = value.json
            object["type"] = .string(value.type.rawValue)
        case .failure(let found) where found.kind != .absent:
            object["value"] = .null
            object["type"] = .null
            fault = found
        default:
            object["value"] = .null
            object["type"] = .string("absent")
        }
        object["fault"] = fault.map { .string($0.message) } ?? .null
        Terminal.out(JSONValue.object(object).text)
        if fault != nil { throw ExitCode.foundFault }
    }

    /// The configuration, for its named conditions (`let`) and sources: the one that `--config` names, or the one
    /// found, when it is right; else none.
    private func known() throws -> Configuration? {
        if store.file.config != nil { return try store.file.loadWithoutSecrets() }
        guard let found = ConfigurationOption.defaultPaths.first(where: OutputFile.exists) else { return nil }
        do {
            return try Configuration.loadWithoutSecrets(path: found).configuration
        } catch {
            Terminal.err("\(found) has faults, so its named conditions are not known here; see `hookmail check`.")
            return nil
        }
    }
}
