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

            A stored event can be named as its sender names it, too: by the log id (unique_id) that the platform \
            shows, or the id of the delivery. All events that are called so are explained.

            Every condition is shown as a tree: each part with its value, named conditions (`let`) opened, parts that \
            did not matter any more as "not evaluated", and fields that are not in the event by their name.

            Examples:
              hookmail explain 17
              hookmail explain 3f0c2b7e-5d1a-4c1b-9d53-6f2d6d4b8e11
              hookmail explain event.json --rule expensive-call
              hookmail explain --mail 4
              hookmail explain 17 --json | jq '.rules[] | {rule, verdict}'
            """)

    @OptionGroup var store: StoreOption
    @Argument(
        help: "A stored event by its number or its sender's id, a file with an event's JSON, or - for standard input.",
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
        if eventType.name != nil, event.map({ Int64($0) != nil || Self.isID($0) }) ?? false || mail != nil {
            throw ValidationError("--event-type goes with a file: a stored event has its type.")
        }
    }

    func run() async throws {
        if let mail {
            try await explain(mail: mail)
        } else if let event {
            if Int64(event) != nil || Self.isID(event) {
                try await explain(stored: event)
            } else {
                try explain(file: event)
            }
        }
    }

    /// Whether a word can only be an id: no file is called so, and it has neither a folder nor an ending.
    private static func isID(_ word: String) -> Bool {
        word != "-" && !word.contains("/") && !word.hasSuffix(".json") && !OutputFile.exists(word)
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

    private func explain(stored name: String) async throws {
        try await store.reading { reader in
            let ruleSet = try await store.ruleSet(in: reader)
            try RuleNames.check(rules, in: ruleSet)
            var explanations: [EventExplanation] = []
            for record in try await records(called: name, reader) {
                explanations.append(
                    try await EventExplanation(
                        record, in: reader, ruleSet: ruleSet, rules: rules, now: SystemClock().now()))
            }
            show(explanations)
        }
    }

    /// The most events of one id that are explained.
    private static let eventsMax = 20

    /// The event of a number, or those that their sender calls so; says so when there are none.
    private func records(called name: String, _ reader: any StoreReading) async throws -> [EventRecord] {
        if let number = Int64(name), let record = try await reader.event(number) { return [record] }
        let found = try await reader.events(calledBy: name, limit: Self.eventsMax)
        guard found.isEmpty else { return found }
        Terminal.err(
            Int64(name) != nil
                ? "There is no event \(name). `hookmail events list` shows which there are."
                : "There is no file '\(FactTable.plain(name))', and no stored event that its sender calls so.\n"
                    + "hint: `hookmail events list` shows which events there are.")
        throw ExitCode.foundFault
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
