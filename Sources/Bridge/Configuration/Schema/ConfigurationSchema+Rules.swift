import Events
import Expressions
import Rendering
import Rules

/// `recipients`, `let` and `rules`: the keys that `RuleSetReader` reads.
extension ConfigurationSchema {
    static var recipients: SchemaNode {
        .named(
            .object(
                "a recipient",
                [
                    SchemaNode.oneOrList(of: address, countMax: Rule.recipientsMax).described(
                        "The addresses, as in `[llm@example.com, oncall@example.com]`."
                    ).key("to", isRequired: true),
                    SchemaNode.oneOrList(of: timeSpan, countMax: TimeSpans.spansMax).described(
                        "When mails that are not urgent are held back; one summary tells of them afterwards. "
                            + quotedDays("quiet: \"sat,sun 00:00-24:00 UTC\""),
                        examples: ["22:00-07:00 Europe/Berlin", "sat,sun 00:00-24:00 UTC"]
                    ).key("quiet"),
                    SchemaNode.text(bytesMax: ZoneDirectory.nameBytesMax).described(
                        "The zone of the dates of the mails; that of `quiet` where it is not given.",
                        standard: "UTC", examples: ["Europe/Berlin"]
                    ).key("zone"),
                    throttle.described(
                        "How many mails in how long. What is more goes into one summary.", examples: ["20 per 1d"]
                    ).key("at_most"),
                ]),
            namePattern: "^[^@]{1,100}$", countMax: RuleSet.namesMax
        )
        .described("Names for addresses that rules tell, as in `llm-team: {to: [llm@example.com]}`.")
    }

    static var conditions: SchemaNode {
        .named(expression, namePattern: "^[A-Za-z_][A-Za-z0-9_]*$", countMax: RuleSet.namesMax)
            .described("Names for conditions that several rules use, as in `in_production: environment == \"prod\"`.")
    }

    static var rules: SchemaNode {
        .list(of: rule, countMax: RuleSet.rulesMax)
            .described("Which events become mails. Every rule is one item of the list.")
    }

    /// CEL over the facts of an event; what it means is checked by `hookmail check`.
    static let expression = SchemaNode.text(bytesMax: ExpressionLimits.sourceScalarsMax)

    /// Names of recipients and addresses.
    static let audience = SchemaNode.oneOrList(
        of: .text(bytesMax: 320, orNumber: true), countMax: Rule.recipientsMax)

    private static var rule: SchemaNode {
        .object("a rule", matching + overTime + mails)
    }

    /// Which events, in which groups, and who is told.
    private static var matching: [SchemaNode.Key] {
        [
            SchemaNode.text(pattern: #"^[^(]"#, bytesMax: Rule.nameBytesMax, orNumber: true).described(
                "The rule's own name: the key of its state, and what mails and `hookmail explain` call it.",
                examples: ["failed-calls"]
            ).key("name", isRequired: true),
            expression.described(
                "Which events: a CEL condition over the facts of the event. Longer ones go below `when: |`. "
                    + "Left out, every event matches.",
                examples: [
                    "failed", "status_code >= 500", "cost > 0.5 and environment == \"prod\"", "latency > 30",
                    "has(event.error_message)",
                ]
            ).key("when"),
            groupFields.key("per"),
            audience.described(
                "Who is told: a recipient's name, an address, or a list of both.",
                examples: ["llm-team", "you@example.com"]
            ).key("notify", isRequired: true),
        ]
    }

    /// How often mails come and what they are like.
    private static var mails: [SchemaNode.Key] {
        [
            throttle.described(
                "How many mails in how long, up to \(Throttle.mailsMax). What is held back is counted, and the "
                    + "next mail says how many.",
                examples: ["1 per 15m", "4 per 1h"]
            ).key("at_most"),
            SchemaNode.choice(of: Severity.allCases.map(\.rawValue)).described(
                "How urgent the mails are.", standard: Severity.medium.rawValue
            ).key("severity"),
            template.key("template"),
            SchemaNode.text(bytesMax: Rule.subjectBytesMax, orNumber: true).described(
                "The subject of the mails, a Mustache template.",
                examples: ["{{model}} at {{provider}} answers {{status_code}}"]
            ).key("subject"),
            content.key("content"),
            SchemaNode.choice(of: AttachmentFormat.allCases.map(\.rawValue)).described(
                "Attaches the event's facts, or the lines of a summary, as a file: redacted, metadata included."
            ).key("attach"),
            ruleTests.key("tests"),
        ]
    }

    private static var template: SchemaNode {
        SchemaNode.text(bytesMax: Rule.templateBytesMax, orNumber: true).described(
            "The template of the mails: a built-in one, or one of the folder `templates`. Left out, one that suits the "
                + "reason is taken.",
            examples: TemplateSet.builtin.names)
    }

    /// A field of content, or a path below one, more loosely than `ContentPath` reads it.
    private static var content: SchemaNode {
        let fields = ContentPath.Field.allCases.filter(\.hasMembers).map(\.rawValue).joined(separator: "|")
        let alone = ContentPath.names.filter { ContentPath.Field(rawValue: $0)?.needsMembers != true }
        let pattern = "^(\(alone.joined(separator: "|"))|(\(fields))(\\.[^.]+)+)$"
        return SchemaNode.oneOrList(of: .text(pattern: pattern), countMax: Rule.contentMax).described(
            "What the mails show of what people and models said, redacted and cut; nothing without it. Paths such as "
                + "`variables.question` lead into variables, metadata, full_request and full_response, and `event.…` "
                + "into the event as its sender wrote it.",
            examples: ContentPath.Field.allCases.map { $0.needsMembers ? "\($0.rawValue).action" : $0.rawValue })
    }
}
