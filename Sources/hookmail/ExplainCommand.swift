import ArgumentParser
import Bridge
import Events
import Rules
import Store

/// `hookmail explain`: why a mail was, or was not, sent.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains what each rule makes of an event, or why a mail was sent.",
        discussion: """
            For a stored event (its number) it shows what was decided when the event was evaluated, beside what the \
            rules of the file say now. For a file, or - for standard input, it shows what the rules would say; nothing \
            is stored and nothing is sent. A file whose name is a number is written ./17.

            Every condition is shown as a tree: each part with its value, named conditions (`let`) opened, parts that \
            did not matter any more as "not evaluated", and fields that are not in the event by their name.

            Examples:
              hookmail explain 17
              hookmail explain event.json --rule expensive-call
              hookmail explain --mail 4
              hookmail explain 17 --json | jq '.rules[] | {rule, verdict}'
            """)

    @OptionGroup var store: StoreOption
    @Argument(
        help: "The number of a stored event, a file with an event's JSON, or - for standard input.",
        completion: .file())
    var event: String?
    @Option(help: "The number of a mail, to see why it was sent.") var mail: Int64?
    @Option(
        name: .customLong("rule"), help: "Only this rule; may be given several times.",
        completion: RuleNames.completion)
    var rules: [String] = []
    @Option(help: "The source that an event of a file is taken to come from. (default: the only one)")
    var source: String?
    @OptionGroup var eventType: EventTypeOption
    @Flag(help: "JSON for programs.") var json = false

    func validate() throws {
        guard (event == nil) != (mail == nil) else {
            throw ValidationError("Name an event (a number, a file or -), or a mail with --mail.")
        }
        if mail != nil, !rules.isEmpty || source != nil {
            throw ValidationError("--rule and --source go with an event, not with --mail.")
        }
        if eventType.name != nil, event.flatMap({ Int64($0) }) != nil || mail != nil {
            throw ValidationError("--event-type goes with a file: a stored event has its type.")
        }
    }

    func run() async throws {
        if let mail {
            try await explain(mail: mail)
        } else if let event, let number = Int64(event) {
            try await explain(stored: number)
        } else if let event {
            try explain(file: event)
        }
    }

    private func explain(mail: Int64) async throws {
        try await store.reading { reader in
            guard let detail = try await reader.delivery(mail) else {
                Terminal.err("There is no mail \(mail). `hookmail mails list` shows which there are.")
                throw ExitCode.foundFault
            }
            let explanation = MailExplanation(detail)
            if json {
                Terminal.out(explanation.json.text)
            } else {
                ExplanationText(palette: Terminal.palette).lines(explanation).forEach(Terminal.out)
            }
        }
    }

    private func explain(stored number: Int64) async throws {
        try await store.reading { reader in
            let ruleSet = try await store.ruleSet(in: reader)
            try RuleNames.check(rules, in: ruleSet)
            guard let record = try await reader.event(number) else {
                Terminal.err("There is no event \(number). `hookmail events list` shows which there are.")
                throw ExitCode.foundFault
            }
            show([
                try await EventExplanation(
                    record, in: reader, ruleSet: ruleSet, rules: rules, now: SystemClock().now())
            ])
        }
    }

    private func explain(file: String) throws {
        let configuration = try store.file.loadWithoutSecrets()
        try RuleNames.check(rules, in: configuration.ruleSet)
        let source = try SourceChoice.one(source, of: configuration)
        let delivery = try UnsignedEvent.deliver(
            try InputFile.read(file), source: source.name, scheme: source.scheme,
            eventType: eventType.name(of: source.name, under: source.scheme))
        show(delivery.events.map { EventExplanation($0, ruleSet: configuration.ruleSet, rules: rules) })
    }

    private func show(_ explanations: [EventExplanation]) {
        if json {
            // One event is one object; a body with several events is an array of them.
            let shown = explanations.map(\.json)
            Terminal.out((shown.count == 1 ? shown[0] : JSONValue.array(shown)).text)
            return
        }
        let text = ExplanationText(palette: Terminal.palette)
        for (index, explanation) in explanations.enumerated() {
            if index > 0 { Terminal.out("") }
            text.lines(explanation).forEach(Terminal.out)
        }
    }
}
