package import Events

/// How the rules fared in a span of time: what the weekly report tells.
package struct RuleHealth: Sendable, Equatable {
    /// What came of one rule.
    package struct Line: Sendable, Equatable {
        package let rule: String
        /// Matches that became mails.
        package let notified: Int64
        /// Matches whose mail was held back.
        package let suppressed: Int64
        /// Events on which the condition failed.
        package let faulted: Int64

        package init(rule: String, notified: Int64, suppressed: Int64, faulted: Int64) {
            self.rule = rule
            self.notified = notified
            self.suppressed = suppressed
            self.faulted = faulted
        }
    }

    /// A rule that makes more mails than this on a day in the mean is noisy: nobody reads them all.
    package static let mailsPerDayMax: Int64 = 10
    /// How many rules of a kind are named.
    package static let namesMax = 15

    /// The beginning and the end of the span.
    package let from: Timestamp
    package let to: Timestamp
    /// Every rule in force, in the order of the file.
    package let lines: [Line]
    /// Mails that were given up and are kept.
    package let deadMails: Int64
    /// Addresses that the mail server refuses.
    package let refusedAddresses: Int
    /// When the report was due, where it comes later because nothing could be sent then; `nil` where it is in time.
    package let due: Timestamp?

    package init(
        from: Timestamp, to: Timestamp, lines: [Line], deadMails: Int64, refusedAddresses: Int, due: Timestamp? = nil
    ) {
        self.from = from
        self.to = to
        self.lines = lines
        self.deadMails = deadMails
        self.refusedAddresses = refusedAddresses
        self.due = due
    }

    /// Rules that came to nothing at all.
    package var silent: [Line] { lines.filter { $0.notified + $0.suppressed + $0.faulted == 0 } }
    /// Rules whose condition failed.
    package var faulty: [Line] { lines.filter { $0.faulted > 0 }.sorted { $0.faulted > $1.faulted } }
    /// Rules that matched and made no mail.
    package var mute: [Line] {
        lines.filter { $0.notified == 0 && $0.suppressed > 0 }.sorted { $0.suppressed > $1.suppressed }
    }
    /// Rules that made more than `mailsPerDayMax` mails a day.
    package var noisy: [Line] {
        let days = max(1, (to - from).wholeMicroseconds / 86_400_000_000)
        return lines.filter { $0.notified > Self.mailsPerDayMax * days }.sorted { $0.notified > $1.notified }
    }
}

extension OwnMail {
    /// The report about the rules.
    ///
    /// - Parameter host: The name of the machine, for operators of several.
    package static func report(_ health: RuleHealth, host: String, at: Timestamp) -> OwnMail {
        let notes = health.notes
        let conspicuous = Set((health.silent + health.faulty + health.mute + health.noisy).map(\.rule)).count
        let rules = health.lines.count == 1 ? "the one rule" : "\(health.lines.count) rules"
        let happened =
            conspicuous == 0
            ? "Nothing about \(rules) stands out."
            : "\(conspicuous) of \(rules) \(conspicuous == 1 ? "needs" : "need") a look."
        var mail = OwnMail(
            kind: .report,
            headline: "rules of Hookmail: " + (conspicuous == 0 ? "nothing stands out" : "\(conspicuous) to look at"),
            happened: happened,
            why:
                "You get this mail because your address stands under `mail.operators`; `mail.report` says when it "
                + "comes.",
            at: at)
        let notified = health.lines.reduce(0) { $0 + $1.notified }
        let suppressed = health.lines.reduce(0) { $0 + $1.suppressed }
        mail.facts = [Fact("Span", "\(TimeText.day(health.from)) to \(TimeText.day(health.to))")]
        if let due = health.due { mail.facts.append(Fact("Was due", TimeText.full(due))) }
        if let host = OwnText.line(host, scalarsMax: 80) { mail.facts.append(Fact("Machine", host)) }
        mail.facts += [
            Fact("Became mails", FigureText.grouped(notified)), Fact("Held back", FigureText.grouped(suppressed)),
            Fact("Mails given up", FigureText.grouped(health.deadMails)),
            Fact("Addresses refused", FigureText.grouped(Int64(health.refusedAddresses))),
        ]
        mail.notes = notes
        mail.advice =
            "`hookmail rules list` shows all rules with their counts, and `hookmail suppressed list` the addresses."
        return mail
    }
}

extension RuleHealth {
    /// What stands out, the worst first.
    fileprivate var notes: [OwnMail.Note] {
        [
            Self.note(faulty, "failed on events", "Their conditions cannot be evaluated there, and count as no match.")
            {
                "\(FigureText.grouped($0.faulted))×"
            },
            Self.note(
                noisy, "made more than \(Self.mailsPerDayMax) mails a day",
                "A window, a digest or `at_most` makes fewer of them."
            ) { "\(FigureText.grouped($0.notified)) mails" },
            Self.note(
                mute, "matched and never mailed", "Everything was muted, silenced, inhibited or over a limit."
            ) {
                "\(FigureText.grouped($0.suppressed)) held back"
            },
            Self.note(
                silent, "never matched", "That may be right; a rule for something that no longer exists can go."
            ) {
                _ in nil
            },
        ].compactMap { $0 }
    }

    private static func note(
        _ lines: [Line], _ what: String, _ advice: String, _ figure: (Line) -> String?
    ) -> OwnMail.Note? {
        guard !lines.isEmpty else { return nil }
        let names = lines.prefix(namesMax).map { line in
            (OwnText.line(line.rule, scalarsMax: 60) ?? "") + (figure(line).map { " (\($0))" } ?? "")
        }
        let more = lines.count > namesMax ? " and \(lines.count - namesMax) more" : ""
        return OwnMail.Note(
            title: "\(lines.count) \(lines.count == 1 ? "rule" : "rules") \(what)",
            detail: "\(names.joined(separator: ", "))\(more). \(advice)")
    }
}
