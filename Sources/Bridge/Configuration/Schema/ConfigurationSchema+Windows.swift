import Events
import Expressions
import Rules

/// The keys of a rule that look over time: windows, what stands beside them, `digest`.
extension ConfigurationSchema {
    /// An expression for a number.
    private static let measured = expression.described(
        "What is measured: a field, or an expression that gives a number.",
        examples: ["cost", "latency", "total_tokens", "prompt_tokens + completion_tokens"])
    private static let different = expression.described(
        "Whose values are told apart: a field or an expression.",
        examples: ["customer_identifier", "model", "error_signature", "error_message"])
    private static let number = SchemaNode.number()
    private static let count = SchemaNode.whole(0...1_000_000_000_000)
    private static let share = SchemaNode.oneOf([
        .text(pattern: "^[0-9.]+ ?%$"), .number(from: 0, below: 1),
    ])
    private static let factor = SchemaNode.oneOf([.text(pattern: "^[0-9.]+ ?x$"), .number(from: 0)])

    /// The keys of a rule that this file describes.
    static var overTime: [SchemaNode.Key] {
        windows + [
            SchemaNode.whole(1...1_000_000).described(
                "Fewer events than this in the window say nothing. 10 for `ratio`, 1 for the others."
            ).key("min_samples"),
            duration.described(
                "How long the limit has to be passed before the alert fires.", examples: ["5m"]
            ).key("for"),
            SchemaNode.object("'recover'", limits(number, share, factor)).described(
                "What ends the alert, in place of the limit being passed no more: `{below: 2}`."
            ).key("recover"),
            duration.described(
                "How long the recovery has to last before the alert ends.", standard: "0s", examples: ["10m"]
            ).key("keep_firing_for"),
            SchemaNode.choice(of: Window.NoData.allCases.map(\.rawValue)).described(
                "What follows when a whole window has passed without an event: the alert ends, nothing changes, or it "
                    + "fires.", standard: Window.NoData.close.rawValue
            ).key("no_data"),
            SchemaNode.flag.described("Whether a mail tells that the alert has ended.", standard: "true")
                .key("resolve"),
            SchemaNode.oneOf([duration, .choice(of: ["never"])]).described(
                "How long after a mail a lasting alert is mailed again.", standard: "4h", examples: ["1h", "1d"]
            ).key("remind"),
            SchemaNode.object(
                "'escalate'",
                [
                    SchemaNode.whole(1...1_000).described("After how many reminders.").key("after", isRequired: true),
                    audience.described("Who is told then, beside those of the rule.").key("notify", isRequired: true),
                ]
            ).described("Who else is told of an alert that lasts, as in `{after: 3, notify: lead@example.com}`.")
                .key("escalate"),
            SchemaNode.choice(of: Window.Clock.allCases.map(\.rawValue)).described(
                "Which time places an event in the window: when it was received, or its own timestamp where that is "
                    + "earlier.", standard: Window.Clock.received.rawValue
            ).key("clock"),
            schedule.described(
                "Tells what matched together, at these times, in place of a mail each. "
                    + quotedDays("digest: \"weekly on mon,thu at 09:00 UTC\""),
                examples: ["daily at 09:00 Europe/Berlin", "every 15m", "weekly on mon at 09:00 UTC"]
            ).key("digest"),
            SchemaNode.flag.described(
                "Whether later versions of an event count too, such as a log that got a score.", standard: "false"
            ).key("revisions"),
        ]
    }

    /// Fields whose values have state of their own.
    static var groupFields: SchemaNode {
        SchemaNode.oneOrList(of: expression, countMax: GroupField.countMax).described(
            "Fields whose values are looked at each by itself: windows and `at_most` count for every value.",
            examples: ["model", "customer_identifier", "provider_id", "metadata.team"])
    }

    // MARK: Windows

    private static var windows: [SchemaNode.Key] {
        [
            window(.count, "How many events match.", [], limits(count)),
            window(.sum, "The sum of what is measured.", [of], limits(number)),
            window(.average, "The average of what is measured.", [of], limits(number)),
            window(.minimum, "The least of what is measured.", [of], limits(number)),
            window(.maximum, "The greatest of what is measured.", [of], limits(number)),
            window(
                .percentile, "A percentile of what is measured, within 1 %.",
                [of, SchemaNode.number(above: 0, below: 100).described("In percent: 95.").key("p", isRequired: true)],
                limits(number)),
            window(
                .ratio, "The share of the events that match `when`.",
                [
                    expression.described(
                        "Among which events; all of them without it.", examples: ["environment == \"prod\""]
                    ).key("of")
                ], limits(share)),
            window(
                .distinct, "How many different values there are.", [different.key("of", isRequired: true)],
                limits(count)),
            SchemaNode.object(
                "'absent'",
                [
                    duration.described("For how long nothing may come.", examples: ["30m"]).key(
                        "for", isRequired: true),
                    SchemaNode.choice(of: ["at_start"]).described(
                        "`at_start` waits from the rule's first moment on, not from the first event on."
                    ).key("armed"),
                ]
            ).described("No event matches for some time, as in `\(value(.absent))`.").key("absent"),
            window(
                .change, "A figure against the same figure some time earlier.",
                [
                    SchemaNode.text(pattern: #"^ *(count|sum|avg) *\(.*\)\s*$"#).described(
                        "What is compared.", examples: ["sum(cost)", "count()", "avg(latency)"]
                    ).key("of", isRequired: true),
                    duration.described("How much earlier.", examples: ["1d", "7d"]).key("against", isRequired: true),
                ], limits(factor)),
            SchemaNode.object(
                "'first_seen'",
                [
                    different.key("of", isRequired: true),
                    duration.described(
                        "After how long without it a value counts as new again.", standard: "30d"
                    ).key("forget_after"),
                ]
            ).described("A value that was never seen before, as in `\(value(.firstSeen))`.").key("first_seen"),
            budget,
        ]
    }

    private static var budget: SchemaNode.Key {
        let rates = BudgetShape.burnRates
        return SchemaNode.object(
            "'budget'",
            [
                of,
                SchemaNode.number(above: 0).described("How much may be spent in a period.").key(
                    "limit", isRequired: true),
                SchemaNode.choice(of: BudgetShape.Period.allCases.map(\.rawValue)).described("In which time, in UTC.")
                    .key("period", isRequired: true),
                SchemaNode.oneOrList(
                    of: .number(from: rates.lowerBound, to: rates.upperBound), countMax: BudgetShape.burnRatesMax
                ).described(
                    "Which paces of spending to tell of, 1 being an even one. [14.4, 6, 1] without it."
                ).key("burn"),
            ]
        ).described("Spending against a limit for a calendar period, as in `\(value(.budget))`.").key("budget")
    }

    private static var of: SchemaNode.Key { measured.key("of", isRequired: true) }

    /// A window with a limit.
    private static func window(
        _ kind: WindowKind, _ description: String, _ keys: [SchemaNode.Key], _ limits: [SchemaNode.Key]
    ) -> SchemaNode.Key {
        let within = duration.described("How far back the window looks, from 10s to 7d.", examples: ["10m", "1h"])
        return SchemaNode.object("'\(kind.rawValue)'", keys + limits + [within.key("within", isRequired: true)])
            .described("\(description) As in `\(value(kind))`.").key(kind.rawValue)
    }

    /// What stands behind the key in the example.
    private static func value(_ kind: WindowKind) -> String {
        String(kind.example.dropFirst(kind.rawValue.count + 2))
    }

    /// The four words for a limit.
    private static func limits(_ forms: SchemaNode...) -> [SchemaNode.Key] {
        let value = forms.count == 1 ? forms[0] : .anyOf(forms)
        return Threshold.Comparison.allCases.map {
            value.described("The limit: \($0.words) this.").key($0.rawValue)
        }
    }
}
