package import Events

/// Something wrong with Hookmail itself, which somebody has to look at. Nothing of an event, no address and no secret
/// is in it.
package enum Trouble: Sendable, Equatable {
    /// The mail server refuses our configuration, so that no mail is sent: what is wrong and what to do.
    case held(words: String)
    /// A mail server that mails go past, because it cannot be reached or refuses our configuration; another one takes
    /// them: the server as the configuration names it, what is wrong there and what to do.
    case serverPassedOver(String, words: String)
    /// The store takes no events any more; how many bytes are free, where that is known.
    case storeFull(freeBytes: Int64?)
    /// Events are stored and not evaluated.
    case evaluationStands
    /// A mail has waited for more than an hour.
    case mailsWait
    /// Mails were given up: how many.
    case deadMails(Int64)
    /// The condition of a rule fails on many events: on how many of how many in how long.
    case faultyRule(String, faults: Int, events: Int, within: Duration)

    /// What makes it the same trouble as one that was told before.
    package var key: String {
        switch self {
        case .held: "held"
        case .serverPassedOver(let server, _): Self.serverKeyPrefix + server
        case .storeFull: "store full"
        case .evaluationStands: "evaluation"
        case .mailsWait: "mails wait"
        case .deadMails: "dead mails"
        case .faultyRule(let rule, _, _, _): Self.ruleKeyPrefix + rule
        }
    }

    /// What the keys of rules begin with.
    private static let ruleKeyPrefix = "rule "
    /// What the keys of mail servers begin with.
    private static let serverKeyPrefix = "server "

    /// Whether a trouble of that key is seen only now and then while it lasts: when an event, or a mail, comes.
    package static func comesAndGoes(_ key: String) -> Bool {
        key.hasPrefix(ruleKeyPrefix) || key.hasPrefix(serverKeyPrefix)
    }

    /// What is wrong, in a sentence without a full stop.
    package var title: String {
        switch self {
        case .held: "No mail is sent"
        case .serverPassedOver(let server, _): "Mails go past \(OwnText.line(server, scalarsMax: 120) ?? "")"
        case .storeFull: "The disk is nearly full, and no event is taken"
        case .evaluationStands: "Events are stored and not evaluated"
        case .mailsWait: "Mails have waited for more than an hour"
        case .deadMails(let count):
            count == 1 ? "A mail was given up" : "\(FigureText.grouped(count)) mails were given up"
        case .faultyRule(let rule, _, _, _): "The rule \(OwnText.line(rule, scalarsMax: 80) ?? "") cannot be evaluated"
        }
    }

    /// What to know and what to do, in sentences.
    package var detail: String {
        switch self {
        case .held(let words): words
        case .serverPassedOver(_, let words):
            "\(words) Another server takes the mails meanwhile; `/readyz` shows when this one is tried again."
        case .storeFull(let free):
            (free.map { "\(FigureText.grouped($0 / 1_048_576)) MiB are free. " } ?? "")
                + "Senders get 503 and try again. Free some space, or let `keep` hold less."
        case .evaluationStands: "The log of the server says why: look for `evaluation postponed`."
        case .mailsWait: "`hookmail mails list --state queued` shows which, and the last reply of the mail server."
        case .deadMails:
            "`hookmail mails list --state dead` shows which and why; `hookmail mails retry` sends one again."
        case .faultyRule(_, let faults, let events, let within):
            "Its condition failed on \(FigureText.grouped(Int64(faults))) of "
                + "\(FigureText.grouped(Int64(events))) events within \(SpanText.long(within)), which count as no "
                + "match. The log of the server names them (`rule could not be evaluated`), and `hookmail explain` "
                + "shows the fault of one."
        }
    }
}

/// A trouble with its times.
package struct TimedTrouble: Sendable, Equatable {
    package var trouble: Trouble
    /// When it was first noticed.
    package let since: Timestamp
    /// When it was noticed that it is over, or `nil` while it lasts.
    package var until: Timestamp?

    package init(_ trouble: Trouble, since: Timestamp, until: Timestamp? = nil) {
        self.trouble = trouble
        self.since = since
        self.until = until
    }
}

extension OwnMail {
    /// The mail about trouble with Hookmail itself.
    ///
    /// - Parameters:
    ///   - troubles: At least one; of more than `troublesMax` the first are told.
    ///   - host: The name of the machine, for operators of several.
    package static func trouble(_ troubles: [TimedTrouble], host: String, at: Timestamp) -> OwnMail {
        let shown = troubles.prefix(troublesMax)
        let first = shown.first?.trouble.title ?? "Something is wrong"
        let headline = troubles.count == 1 ? first : "\(troubles.count) things are wrong with Hookmail"
        var mail = OwnMail(
            kind: .trouble, headline: headline,
            happened: troubles.count == 1 ? "\(first)." : "\(troubles.count) things need somebody's look.",
            why: "You get this mail because your address stands under `mail.operators`. At most one such mail comes in "
                + "an hour, and the same trouble comes again after a day.",
            at: at)
        mail.facts = OwnText.line(host, scalarsMax: 80).map { [Fact("Machine", $0)] } ?? []
        mail.notes = shown.map { timed in
            let times =
                timed.until.map { "From \(TimeText.full(timed.since)) to \(TimeText.full($0)); it is over." }
                ?? "Since \(TimeText.full(timed.since))."
            let title = troubles.count == 1 ? "What to know" : timed.trouble.title
            return Note(title: title, detail: "\(timed.trouble.detail) \(times)")
        }
        if troubles.count > troublesMax {
            mail.notes.append(
                Note(title: "\(troubles.count - troublesMax) more", detail: "The log of the server has all."))
        }
        mail.advice = "`/readyz` of the admin listener says how things stand now, and so does the log of the server."
        return mail
    }

    /// The most troubles that a mail tells of.
    package static let troublesMax = 20
}
