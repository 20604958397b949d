import Events
import Rules

/// `mute`, `inhibit` and `include`.
extension ConfigurationSchema {
    /// A rule's name, or a pattern with `*`.
    private static let ruleNames = SchemaNode.oneOrList(
        of: .text(bytesMax: Rule.nameBytesMax, orNumber: true), countMax: RuleSet.namesMax)

    static var mutes: SchemaNode {
        SchemaNode.oneOrList(
            of: .object(
                "an entry of 'mute'",
                [
                    ruleNames.described(
                        "Names of rules; `*` stands for any characters.", examples: ["failed-calls", "slow*", "*"]
                    ).key("rules", isRequired: true),
                    SchemaNode.oneOrList(of: timeSpan, countMax: TimeSpans.spansMax).described(
                        "When they send nothing. \(quotedDays("during: \"sat,sun 00:00-24:00 UTC\""))",
                        examples: ["sat,sun 00:00-24:00 Europe/Berlin", "22:00-06:00 UTC"]
                    ).key("during", isRequired: true),
                ]), countMax: policiesMax
        ).described("Calendars during which rules send nothing, such as maintenance and weekends.")
    }

    static var inhibitions: SchemaNode {
        SchemaNode.oneOrList(
            of: .object(
                "an entry of 'inhibit'",
                [
                    SchemaNode.text(bytesMax: Rule.nameBytesMax, orNumber: true).described(
                        "The rule whose alert explains the others; it has a window.", examples: ["provider-trouble"]
                    ).key("when", isRequired: true),
                    ruleNames.described(
                        "The rules that stay quiet while it fires.", examples: ["failed-calls", "slow*"]
                    ).key("mutes", isRequired: true),
                    SchemaNode.oneOrList(of: expression, countMax: GroupField.countMax).described(
                        "Fields that must have the same value in both; they stand in `per` of the rule under `when`.",
                        examples: ["provider_id"]
                    ).key("same"),
                ]), countMax: policiesMax
        ).described("Alerts that explain those of other rules, which then stay quiet.")
    }

    static var includes: SchemaNode {
        SchemaNode.oneOrList(of: path, countMax: 20).described(
            "Files with more rules, let, recipients, mute and inhibit; the last part of a path may be a pattern.",
            examples: ["rules/*.yaml"])
    }

    private static let policiesMax = 1_000
}
