import Events
import Rendering

/// Hookmail's own mails as the tests look at them.
enum OwnSample {
    private static let now = Timestamp(seconds: 1_795_075_265)

    private static func at(_ seconds: Int64) -> Timestamp { now.advanced(by: .seconds(seconds)) }

    static let trouble = OwnMail.trouble(
        [
            TimedTrouble(
                .held(words: "The mail server refused the user name or the password. Set them anew."),
                since: at(-7_200),
                until: at(-60)),
            TimedTrouble(
                .serverPassedOver(
                    "smtp://smtp.example.com:587", words: "The mail server takes no connection. Check the port."),
                since: at(-5_000)),
            TimedTrouble(.storeFull(freeBytes: 12 << 20), since: at(-3_000)),
            TimedTrouble(.evaluationStands, since: at(-3_000)), TimedTrouble(.mailsWait, since: at(-600)),
            TimedTrouble(.deadMails(1_204), since: at(-600)),
            TimedTrouble(
                .faultyRule("<b>slow</b>\r\n-calls", faults: 1_044, events: 1_100, within: .seconds(3_600)),
                since: at(-60)),
        ], host: "mail-1.example.com", at: now)

    static let report = OwnMail.report(
        RuleHealth(
            from: at(-7 * 86_400), to: now,
            lines: [
                .init(rule: "failed-calls", notified: 912, suppressed: 11_208, faulted: 0),
                .init(rule: "slow", notified: 0, suppressed: 74, faulted: 3),
                .init(rule: "spend", notified: 4, suppressed: 0, faulted: 0),
            ] + (1...20).map { .init(rule: "customer-\($0)", notified: 0, suppressed: 0, faulted: 0) },
            deadMails: 3, refusedAddresses: 1), host: "mail-1.example.com", at: now)

    static let all: [String: OwnMail] = [
        "own-test": .test(
            from: "alerts@example.com", to: "ops@example.com", through: "smtp://smtp.example.com:587", at: now),
        "own-trouble": trouble,
        "own-trouble-one": .trouble([TimedTrouble(.deadMails(1), since: at(-5))], host: "", at: now),
        "own-report": report,
        "own-report-late": .report(
            RuleHealth(
                from: at(-9 * 86_400), to: now, lines: [.init(rule: "a", notified: 1, suppressed: 0, faulted: 0)],
                deadMails: 0, refusedAddresses: 0, due: at(-2 * 86_400)), host: "mail-1", at: now),
        "own-report-well": .report(
            RuleHealth(
                from: at(-7 * 86_400), to: now, lines: [.init(rule: "a", notified: 1, suppressed: 0, faulted: 0)],
                deadMails: 0, refusedAddresses: 0), host: "mail-1", at: now),
    ]
}
