import Events
import Rules
import Testing

/// Notifications of alerts and summaries for tests.
enum AlertSample {
    static let at = Timestamp(seconds: 1_795_075_263)

    static func at(_ seconds: Int64) -> Timestamp { at.advanced(by: .seconds(seconds)) }

    /// The figures of a window, by the words the engine has for them.
    static func figures(
        _ measure: String, _ value: Double?, _ threshold: String, within: Duration = .seconds(600), samples: Int = 7,
        trend: [Double] = [0, 0, 1, 0, 0, 1, 0, 1, 0, 2, 1, 1], since: Timestamp? = at, peak: Double? = nil
    ) -> WindowFigures {
        var figures = WindowFigures(
            measure: measure, value: value, threshold: threshold, within: within, samples: samples,
            isApproximate: false, trend: trend)
        figures.since = since
        figures.peak = peak
        return figures
    }

    static func notification(
        _ reason: NotificationReason, _ window: WindowFigures? = nil, log: String? = nil,
        rule: String = "provider-trouble", severity: Severity = .high, condition: String? = "failed_hard",
        group: [(String, String)] = [("provider_id", "openai"), ("model", "gpt-4o")],
        template: String? = nil, subject: String? = nil, throttle: String? = nil, summary: SummaryFigures? = nil,
        breakdown: Breakdown? = nil, withheld: [Rules.Notification.Withheld] = [], inhibits: [String] = [],
        next: Timestamp? = nil
    ) throws -> Rules.Notification {
        let facts = try log.map { try Facts(log: Array($0.utf8)) } ?? .none
        var figures = Rules.Notification.Figures(
            event: reason.isSummary ? nil : 1_042, facts: facts, condition: condition,
            deciding: log == nil ? [] : [.init(name: "status_code", value: "429")], heldBack: 0, heldBackSince: nil,
            throttle: throttle, nextMailAt: next)
        figures.group = group.map { .init(name: $0.0, value: $0.1) }
        figures.window = window
        figures.summary = summary
        figures.withheld = withheld
        figures.inhibits = inhibits
        figures.breakdown = breakdown
        return Rules.Notification(
            id: "2077-0", rule: rule, group: group.isEmpty ? nil : group.map(\.1).joined(separator: ", "),
            reason: reason, severity: severity, at: at, recipients: ["ops@example.com"], template: template,
            subject: subject, holdsThrottleSlot: false, figures: figures)
    }

    static func line(
        _ rule: String, _ group: String?, _ count: Int, reason: NotificationReason = .matched,
        signature: String? = nil, cost: Double = 0, from: Int64 = -3_000, to: Int64 = -60, event: Int64? = 1_042
    ) -> SummaryFigures.Line {
        SummaryFigures.Line(
            rule: rule, group: group, reason: reason, severity: .medium, count: count, first: at(from), last: at(to),
            event: event, signature: signature, cost: cost)
    }

    static func summary(_ lines: [SummaryFigures.Line], recipient: String? = nil, from: Int64 = -3_000)
        -> SummaryFigures
    {
        var summary = SummaryFigures(from: at(from), recipient: recipient)
        for line in lines { summary.gather(line) }
        return summary
    }

    private static let budget = BudgetFigures(
        spent: 240, limit: 300, periodStart: Timestamp(seconds: 1_793_491_200),
        periodEnd: Timestamp(seconds: 1_796_083_200), endsAt: Timestamp(seconds: 1_795_600_000), burn: 6)

    private static let quiet: [Rules.Notification.Withheld] = [
        .init(recipient: "night-team", reason: .quiet), .init(recipient: "boss", reason: .quiet),
        .init(recipient: "lead", reason: .recipientThrottled),
    ]

    private static func later(_ figures: WindowFigures, reminders: Int = 0) -> WindowFigures {
        var figures = figures
        figures.reminders = reminders
        figures.thread = MailThread(id: "1999-0", at: at(-1_380))
        return figures
    }

    static func spending(_ budget: BudgetFigures = budget) -> WindowFigures {
        var figures = figures(
            "budget of cost", 0.8, "limit 300 per month", within: .seconds(3 * 86_400), samples: 4_211,
            trend: [4, 5, 4, 6, 7, 6, 9, 8, 12, 11, 14, 17])
        figures.budget = budget
        return figures
    }

    private static func surge(_ measure: String, _ value: Double) -> WindowFigures {
        var figures = figures(measure, value, "above 3x", within: .seconds(3_600), samples: 912)
        figures.against = .seconds(86_400)
        return figures
    }

    private static func newError() -> WindowFigures {
        var figures = figures(
            "new values of error_signature", 1, "never seen before", within: .seconds(30 * 86_400), samples: 1,
            trend: [], since: nil)
        figures.seen = "rate limit reached for <id> in organization <id> on tokens per min"
        return figures
    }

    private static let digest = summary(
        [
            line(
                "every-log", nil, 27, signature: "rate limit reached for <id> on tokens per min", cost: 0.0231,
                event: 1_040),
            line("every-log", nil, 3, signature: "upstream timed out after <n> s", cost: 1.2, from: -900, to: -900),
            line("every-log", nil, 11, signature: nil, from: -2_900, event: 998),
        ])

    private static var night: SummaryFigures {
        summary(
            [
                line("provider-trouble", "openai, gpt-4o", 2, reason: .fired, from: -30_000, to: -9_000),
                line("provider-trouble", "openai, gpt-4o", 2, reason: .recovered, from: -28_600, to: -8_000),
                line("failed-calls", nil, 214, signature: "upstream timed out after <n> s", cost: 0.4, from: -29_000),
            ], recipient: "llm-team", from: -30_000)
    }

    private static var flood: SummaryFigures {
        summary((0..<40).map { line("failed-calls", "customer-\($0)", $0 + 1) }, recipient: "llm-team")
    }

    /// The golden mails.
    static let cases: [String: @Sendable () throws -> Rules.Notification] = [
        "window-count": {
            try notification(
                .fired, figures("count", 7, "at least 5"), log: Sample.failedLog, breakdown: failures, withheld: quiet,
                inhibits: ["failed-calls", "slow"], next: at(14_400))
        },
        "window-reminder": {
            try notification(
                .reminder, later(figures("count", 9, "at least 5", since: at(-28_800), peak: 12), reminders: 2),
                next: at(14_400))
        },
        "window-reminder-capped": {
            try notification(
                .reminder, later(figures("count", 1_000, "at least 5", since: at(-14_400), peak: 1_000), reminders: 1),
                condition: "cost > 1", next: at(14_400))
        },
        "window-recovered": {
            try notification(
                .recovered, later(figures("count", 2, "at least 5", since: at(-1_380), peak: 12)),
                inhibits: ["failed-calls"])
        },
        "window-no-traffic": {
            try notification(
                .noTraffic,
                later(
                    figures(
                        "average of latency", nil, "above 3", samples: 0, trend: [], since: at(-1_380), peak: 7.25)),
                rule: "slow", condition: nil, group: [])
        },
        "window-rule-changed": {
            try notification(
                .ruleChanged, later(figures("count", 8, "at least 5", since: at(-1_380), peak: 12)), group: [])
        },
        "window-spend": {
            try notification(
                .fired,
                figures(
                    "sum of cost", 12.4, "above 10", within: .seconds(3_600), samples: 31,
                    trend: [0.4, 0.2, 0, 0.9, 1.1, 0.6, 0.8, 1.4, 1.2, 1.9, 1.7, 2.2]),
                log: Sample.plainLog, rule: "spend", severity: .medium, condition: nil,
                group: [("customer_identifier", "globex")], throttle: "1 per 1h", breakdown: spendings, next: at(3_600))
        },
        "window-slow-tail": {
            try notification(
                .fired,
                figures(
                    "p95 of latency", 8.24, "above 8", within: .seconds(900), samples: 214,
                    trend: [2.1, 2.4, 2, 3.1, 2.8, 4.5, 5.2, 5.9, 6.6, 7.9, 8.8, 9.9], since: at(-300)),
                rule: "slow-tail", condition: nil, group: [], next: at(14_400))
        },
        "window-error-rate": {
            try notification(
                .fired,
                figures(
                    "share among environment == \"prod\"", 0.0731, "above 5%", samples: 1_204,
                    trend: [0.02, 0.01, 0.03, 0.02, 0, 0.04, 0.05, 0.09, 0.1, 0.12, 0.11, 0.14]),
                rule: "error-rate", condition: "failed", group: [])
        },
        "window-abuse": {
            try notification(
                .fired, figures("different values of customer_identifier", 23, "at least 20", samples: 41),
                rule: "abuse", condition: "failed", group: [])
        },
        "window-surge": {
            try notification(.fired, surge("sum of cost", 4.2), rule: "surge", condition: nil, group: [])
        },
        "window-silence": {
            try notification(
                .fired,
                figures(
                    "time without a match", 1_800, "for 30m", within: .seconds(1_800), samples: 0, trend: []),
                rule: "silence", condition: nil, group: [])
        },
        "window-silence-ended": {
            try notification(
                .recovered,
                later(
                    figures(
                        "time without a match", 0, "for 30m", within: .seconds(1_800), samples: 1, trend: [],
                        since: at(-1_380))),
                log: Sample.plainLog, rule: "silence", condition: nil, group: [("customer_identifier", "acme")])
        },
        "window-budget": {
            try notification(
                .fired, spending(), rule: "budget", severity: .urgent, condition: nil, group: [])
        },
        "first-seen": {
            try notification(
                .firstSeen, newError(), log: Sample.failedLog, rule: "new-error", condition: "failed", group: [])
        },
        "digest": {
            try notification(
                .digest, rule: "every-log", severity: .low, condition: "failed", group: [], summary: digest,
                breakdown: digested)
        },
        "quiet-ended": {
            try notification(
                .quietEnded, rule: "(quiet hours)", condition: nil, group: [("recipient", "llm-team")], summary: night)
        },
        "overflow": {
            try notification(.overflow, rule: "(overflow)", condition: nil, group: [], summary: flood)
        },
        "window-plain": {
            try notification(
                .fired, figures("count", 7, "at least 5"), log: Sample.failedLog, template: "plain")
        },
        "digest-plain": {
            try notification(
                .digest, rule: "every-log", condition: "failed", group: [], template: "plain", summary: digest)
        },
        "window-hostile": { try hostile(Hostile.showcase) },
        "digest-hostile": { try hostileSummary(Hostile.showcase) },
    ]

    /// A sample whose mail links to the logs of these events.
    static func linked(_ name: String, _ events: [Int64]) throws -> Rules.Notification {
        let make = try #require(cases[name])
        return try make().linking(
            events.map { event in
                let id =
                    event == 1_042 ? "806a7bba796f400abacc982b5778c986" : Hash.sha256Hex("\(event)".utf8).prefix(32)
                return ExampleLog(event: event, address: "https://platform.example.com/logs/\(id)")
            })
    }

    /// An alert in which everything that can come from an event is `text`.
    static func hostile(_ text: String, reason: NotificationReason = .fired) throws -> Rules.Notification {
        var window =
            reason == .firstSeen ? newError() : figures("count", 7, "at least 5", trend: (0..<24).map(Double.init))
        if reason == .firstSeen { window.seen = text }
        return try notification(
            reason, reason == .fired ? window : later(window), log: Sample.log(allTexts: text),
            group: [("model", text), ("customer_identifier", text)], breakdown: broken(text), withheld: quiet,
            inhibits: ["slow"])
    }

    /// A summary in which everything that can come from an event is `text`.
    static func hostileSummary(_ text: String) throws -> Rules.Notification {
        try notification(
            .digest, rule: "every-log", group: [],
            summary: summary([
                line("every-log", text, 3, signature: text, cost: 1),
                line("other", nil, 2, signature: text, cost: 1), line("every-log", nil, 1),
            ]), breakdown: broken(text))
    }
}
