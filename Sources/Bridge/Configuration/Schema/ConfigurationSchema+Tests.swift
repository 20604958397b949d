import Events
import Rules

/// The tests beside a rule.
extension ConfigurationSchema {
    /// `tests:` of a rule.
    static var ruleTests: SchemaNode {
        SchemaNode.oneOrList(of: .object("a test", test), countMax: RuleTest.testsMax).described(
            "What the rule is to come to for given events, on a virtual clock; `hookmail test` runs it.")
    }

    private static var test: [SchemaNode.Key] {
        [
            SchemaNode.text(bytesMax: 200, orNumber: true).described("What is tested.").key("name", isRequired: true),
            SchemaNode.text().described(
                "When the first event comes in.", standard: RuleTest.standardStart.rfc3339,
                examples: ["2026-01-05T12:00:00Z"]
            ).key("starts"),
            SchemaNode.oneOrList(of: .object("events of a test", events), countMax: 1_000).described(
                "The events, one batch after the other."
            ).key("events", isRequired: true),
            duration.described(
                "How long the clock goes on after the last event.", standard: "0s", examples: ["1h"]
            ).key("wait"),
            SchemaNode.oneOrList(of: .object("an expectation", expectation), countMax: 100).described(
                "What must have happened at the end."
            ).key("expect", isRequired: true),
        ]
    }

    private static var events: [SchemaNode.Key] {
        [
            SchemaNode.whole(1...Int64(RuleTest.eventsMax)).described(
                "How many times the event comes in.", standard: "1"
            )
            .key("repeat"),
            duration.described("The time between two events.", standard: "0s", examples: ["1m"]).key("every"),
            duration.described("The time before the first event of the batch; that of `every` where it is left out.")
                .key("after"),
            SchemaNode.anything.described("The facts of the event: `{status_code: 500, cost: 1}`.").key("with"),
            SchemaNode.text(bytesMax: 1_000).described("A file of events, one JSON text a line, in place of `with`.")
                .key("file"),
        ]
    }

    private static var expectation: [SchemaNode.Key] {
        [
            SchemaNode.whole(0...Int64(RuleTest.eventsMax)).described(
                "How many mails that fit the rest; at least one without it."
            )
            .key("mails"),
            SchemaNode.flag.described("That there is no mail, as `mails: 0`.").key("none"),
            duration.described("When the first of them is decided, from the first event on.", examples: ["10m"]).key(
                "at"),
            SchemaNode.text(bytesMax: 1_000, orNumber: true).described("The values of `per`, parted by commas.").key(
                "group"),
            SchemaNode.text(bytesMax: 500, orNumber: true).described("A part of the subject.").key("subject"),
            SchemaNode.oneOrList(of: .text(), countMax: Rule.recipientsMax).described("Whom it goes to, in any order.")
                .key("recipients"),
            SchemaNode.choice(of: NotificationReason.allCases.map(\.rawValue)).described("Why it is sent.").key(
                "reason"),
            SchemaNode.choice(of: SuppressionReason.allCases.map(\.rawValue)).described("Why a match is held back.")
                .key("suppressed"),
            SchemaNode.whole(1...Int64(RuleTest.eventsMax)).described("How many matches are held back for that reason.")
                .key("times"),
        ]
    }
}
