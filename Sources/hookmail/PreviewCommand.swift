import ArgumentParser
import Bridge
import Events
import Rendering
import Rules
import Store

/// `hookmail preview`: the mail a rule would send for an event.
struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Renders the mail that a rule would send for an event; sends nothing and stores nothing.",
        discussion: """
            The event is a JSON file, `-` for standard input, or the number of a stored event. Without --event a \
            sample is used, one that the rule matches where there is one. An event that the rule does not match is \
            rendered all the same, and standard error says so. A rule with a window or a digest shows the mail of its \
            alert or summary with invented figures; --reason chooses another of its mails.

            --template shows one of the mails about Hookmail itself, with invented figures: own.trouble and \
            own.report, which go to `mail.operators`, and own.test, the mail of `hookmail send-test`.

            Examples:
              hookmail preview failed-calls
              hookmail preview failed-calls --event event.json --output mail.html
              hookmail preview failed-calls --event 17 --format eml
              hookmail preview failed-calls --data | jq .
              hookmail preview provider-trouble --reason recovered
              hookmail preview --template own.trouble --output trouble.html
            """)

    /// What comes out.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, html, eml
    }

    @Argument(help: "The rule's name.", completion: RuleNames.completion) var rule: String?
    @Option(help: "A file with the event's JSON, - for standard input, or a stored event's number.") var event: String?
    @Option(help: "The source that an event of a file is taken to come from. (default: the only one)")
    var source: String?
    @OptionGroup var eventType: EventTypeOption
    @Option(help: "Which of the rule's mails, such as fired, reminder, recovered or digest. (default: its usual one)")
    var reason: NotificationReason?
    @Option(
        help: "In place of a rule: own.trouble, own.report or own.test.",
        completion: .list(OwnMail.Kind.allCases.map(\.rawValue)))
    var template: OwnMail.Kind?
    @Option(help: "text, html or eml. (default: by the ending of --output, else text)") var format: Format?
    @Option(name: .shortAndLong, help: "A file to write, over one that is there.", completion: .file())
    var output: String?
    @Flag(help: "The data that templates see, as JSON, instead of the mail.") var data = false
    @Flag(help: "Subject, both parts and what the rule made of the event, as JSON.") var json = false
    @OptionGroup var store: StoreOption

    func validate() throws {
        guard (rule == nil) != (template == nil) else {
            throw ValidationError("Name a rule, or one of Hookmail's own mails: --template own.trouble.")
        }
        guard template == nil || event == nil && source == nil && eventType.name == nil && reason == nil else {
            throw ValidationError("--template shows a mail that is about no event and no rule.")
        }
        guard !(data && json) else { throw ValidationError("--data and --json are two answers: ask for one.") }
        guard format == nil || !(data || json) else {
            throw ValidationError("--format is about the mail; --data and --json print JSON.")
        }
        guard eventType.name == nil || event != nil && storedNumber == nil else {
            throw ValidationError("--event-type goes with a file after --event: others have their type.")
        }
    }

    func run() async throws {
        let configuration = try store.file.loadWithoutSecrets()
        if let template { return try show(OwnMailPreview(template, of: configuration)) }
        let name = self.rule ?? ""
        guard let rule = configuration.ruleSet.rules.first(where: { $0.name == name }) else {
            throw RuleNames.complain(of: name, among: configuration.ruleSet.rules.map(\.name))
        }
        if let reason, !rule.mailReasons.contains(reason) {
            let known = rule.mailReasons.map(\.rawValue).joined(separator: ", ")
            Terminal.err("The rule \(rule.name) makes no mail for the reason \(reason.rawValue). It makes: \(known).")
            throw ExitCode.usage
        }
        let subject = try await subject(for: rule, configuration)
        let preview = MailPreview(rule: rule, of: configuration, event: subject, reason: reason)
        if let remark = preview.remark(on: subject) { Terminal.err(remark) }
        try write(
            data ? preview.data : json ? preview.json(subject) : nil, else: preview.bytes(chosenFormat))
        if let fault = preview.mail.templateFault {
            Terminal.err("Template fault, the built-in plain one was used: \(fault)")
            throw ExitCode.foundFault
        }
    }

    // MARK: The event

    private func subject(for rule: Rule, _ configuration: Configuration) async throws -> PreviewedEvent {
        guard let event else { return try PreviewedEvent.sample(for: rule, source: configuration.sources.first?.name) }
        if let storedNumber { return try await stored(storedNumber) }
        let source = try SourceChoice.one(source, of: configuration)
        let verified = try UnsignedEvent.deliver(
            InputFile.read(event), source: source.name, scheme: source.scheme,
            eventType: eventType.name(of: source.name, under: source.scheme)
        ).events
        guard let first = verified.first else { throw ExitCode.badInput }
        if verified.count > 1 { Terminal.err("The body holds \(verified.count) events; this is the first one's mail.") }
        return PreviewedEvent(first, name: event == "-" ? "the event on standard input" : event)
    }

    /// The number of the stored event that is meant; `nil` for a file, also for one that is called like a number.
    private var storedNumber: Int64? {
        guard let event, let number = Int64(event), number > 0, !OutputFile.exists(event) else { return nil }
        return number
    }

    private func stored(_ number: Int64) async throws -> PreviewedEvent {
        var found: PreviewedEvent?
        try await store.reading { reader in
            guard let record = try await reader.event(number) else {
                Terminal.err("There is no event \(number). `hookmail events list` shows which there are.")
                throw ExitCode.foundFault
            }
            found = PreviewedEvent(record, body: try await reader.body(ofEvent: number))
        }
        guard let found else { throw ExitCode.foundFault }
        return found
    }

    // MARK: The answer

    private func show(_ preview: OwnMailPreview) throws {
        Terminal.err("This is how such a mail would look; its figures are invented.")
        try write(data ? preview.data : json ? preview.json : nil, else: preview.bytes(chosenFormat))
        if let fault = preview.mail.templateFault {
            Terminal.err("Template fault, the built-in plain one was used: \(fault)")
            throw ExitCode.foundFault
        }
    }

    private func write(_ value: JSONValue?, else mail: [UInt8]) throws {
        let bytes = value.map { Array(($0.text + "\n").utf8) } ?? mail
        guard let output else {
            Terminal.out(bytes: bytes)
            return
        }
        try OutputFile.replace(output, bytes, mode: 0o600)
        Terminal.err("Wrote \(output).")
    }

    private var chosenFormat: Format {
        if let format { return format }
        switch output?.split(separator: ".").last.map(String.init) {
        case "html", "htm": return .html
        case "eml": return .eml
        default: return .text
        }
    }
}

extension NotificationReason: ExpressibleByArgument {}
extension OwnMail.Kind: ExpressibleByArgument {}
