import Bridge
import Events
import Expressions
import Mail
import Rendering
import Rules
import Store

/// Explanations in lines for people: what happened first, then why.
struct ExplanationText {
    let palette: Palette

    // MARK: Events

    /// An event and every rule of its explanation.
    func lines(_ explanation: EventExplanation) -> [String] {
        var lines = [headline(explanation)]
        if explanation.rulesChanged == true {
            lines.append(palette.paint("The rules have been changed since this event was evaluated.", .notice))
        }
        if let setting = explanation.clockSetting {
            lines.append(
                palette.paint(
                    "Since then the wall clock was \(setting.words), at \(setting.at.rfc3339): windows, alerts and "
                        + "limits moved with it.", .notice))
        }
        for line in explanation.lines { lines += [""] + rule(line, of: explanation) }
        for past in explanation.strangers {
            lines += ["", "\(past.decision.rule): \(words(past)) There is no such rule now."]
        }
        return lines
    }

    private func headline(_ explanation: EventExplanation) -> String {
        let matches = explanation.lines.count { $0.verdict == .yes }
        let count = "\(matches) of \(explanation.lines.count) rule\(explanation.lines.count == 1 ? "" : "s")"
        guard let record = explanation.record else {
            return "This event of the source \(explanation.source) would match \(count)."
        }
        let event = "Event \(record.id) from \(record.key.source), received \(record.receivedAt.rfc3339)"
        if record.isRevision {
            return "\(event), is a revision of an event that the rules have seen: no rule looks at it."
        }
        if record.position == nil { return "\(event), has not been evaluated yet: is `hookmail serve` running?" }
        let mails = explanation.pasts.reduce(0) { $0 + $1.mails.count }
        let held = explanation.pasts.count { if case .suppressed = $0.decision.outcome { true } else { false } }
        let made = "\(mails == 0 ? "no" : "\(mails)") mail\(mails == 1 ? "" : "s")"
        return "\(event), made \(made)\(held > 0 ? "; \(held) held back" : "")."
    }

    private func rule(_ line: EventExplanation.Line, of explanation: EventExplanation) -> [String] {
        let name = palette.paint(line.rule.name, .strong)
        var lines: [String] = []
        if explanation.isEvaluated {
            lines.append("\(name): \(line.past.map(words) ?? quiet(line))")
            lines += notTold(line.past?.mails.first?.notification).map { "  \($0)" }
            if line.differs {
                lines.append("  " + palette.paint("With the rules as they are now it \(would(line)).", .notice))
            }
        } else {
            lines.append("\(name): \(now(line, isStored: explanation.record != nil))")
        }
        if let then = line.conditionThen {
            lines.append("  Its condition then: \(then.map { FactTable.plain($0, scalarsMax: 500) } ?? "none")")
        }
        if line.isRedefined {
            lines.append("  Its throttle, or a named condition (`let`) that it uses, was another one then.")
        }
        if let trace = line.trace {
            lines += tree(trace.root)
        } else {
            lines.append("  It has no condition: every event matches.")
        }
        if let standing = line.standing { lines += self.standing(standing).map { "  \($0)" } }
        if let throttle = line.throttle {
            lines.append("  Throttle now: \(words(throttle))")
        } else if let throttle = line.rule.throttle, line.verdict == .yes {
            lines.append("  At most \(throttle.text): a match without a slot is counted and told by the next mail.")
        }
        return lines
    }

    /// How a group stands now.
    func standing(_ group: RuleStanding.Group) -> [String] {
        guard let window = group.window else { return [] }
        let name = group.group.map { "Group \(FactTable.plain($0)) now" } ?? "Window now"
        var lines = ["\(name): \(FactTable.plain(window.sentence, scalarsMax: 300))."]
        let since = group.since.map { " since \($0.rfc3339)" } ?? ""
        switch group.phase {
        case "firing": lines.append(palette.paint("Its alert is firing\(since).", .bad))
        case "pending": lines.append(palette.paint("Its alert is pending\(since): the threshold has to last.", .notice))
        default: lines.append("Its alert is not firing.")
        }
        if let untold = group.untold { lines.append("Nobody was told, because \(untold.words).") }
        if let next = group.nextEvaluation { lines.append("It is looked at again at \(next.rfc3339) at the latest.") }
        return lines
    }

    /// What is said of a rule that made no decision about the event.
    private func quiet(_ line: EventExplanation.Line) -> String {
        if line.rule.window != nil, line.verdict == .yes {
            return "matched and was counted; that alone sent no mail."
        }
        guard !line.differs, line.verdict == .absent else { return "did not match." }
        return would(line).replacing("would stay", with: "stayed") + "."
    }

    private func now(_ line: EventExplanation.Line, isStored: Bool) -> String {
        switch line.verdict {
        case .yes where line.rule.window != nil: "matches, and would be counted."
        case .yes: "matches; a mail would go to \(line.rule.recipients.joined(separator: ", "))."
        default:
            would(line).replacing("would stay", with: "stays")
                .replacing("would not match", with: "does not match") + "."
        }
    }

    /// What the rule as it is now makes of the event.
    private func would(_ line: EventExplanation.Line) -> String {
        switch line.verdict {
        case .yes: return "would match"
        case .no: return "would not match"
        case .absent:
            guard case .absent(let name?)? = line.trace?.root.outcome else {
                return "would stay quiet, because a field it needs is not in the event"
            }
            return "would stay quiet, because \(FactTable.plain(name)) is not in the event"
        case .fault(let fault): return "would stay quiet, because its condition fails: \(fault.message)"
        }
    }

    private func words(_ past: EventExplanation.Past) -> String {
        switch past.decision.outcome {
        case .suppressed(let reason):
            return palette.paint("matched", .good)
                + "; its mail was held back, because \(reason.words)\(Self.told(by: past.toldBy))."
        case .faulted(let reason): return palette.paint("could not be evaluated: \(reason).", .bad)
        case .notified:
            let mails = past.mails.map { "mail \($0.id) to \($0.recipient) is \($0.state.rawValue)" }
            return palette.paint("matched", .good)
                + "; \(mails.isEmpty ? "its mails are not kept any more" : mails.joined(separator: ", "))."
        }
    }

    /// Which mails told later of what was held back, as the end of a sentence; nothing where none is known.
    static func told(by mails: [DeliveryRecord]) -> String {
        guard !mails.isEmpty else { return "" }
        let list = mails.map { "mail \($0.id) to \($0.recipient), which is \($0.state.rawValue)" }
        return "; it is told by \(list.joined(separator: ", and by "))"
    }

    private func words(_ throttle: ThrottleStanding) -> String {
        var text = "\(throttle.used) of \(throttle.throttle.text) used"
        if throttle.heldBack > 0 {
            let since = throttle.heldBackSince.map { " since \($0.rfc3339)" } ?? ""
            text += "; \(throttle.heldBack) held back\(since), which the next mail will tell"
        }
        return text + (throttle.nextMailAt.map { "; the next mail can be sent at \($0.rfc3339)." } ?? ".")
    }

    // MARK: Mails

    /// Why a mail was sent.
    func lines(_ explanation: MailExplanation) -> [String] {
        let record = explanation.detail.record
        let (notification, figures) = (record.notification, record.notification.figures)
        let cause = FactTable.plain(notification.cause, scalarsMax: 500)
        var lines = [
            "Mail \(record.id) to \(record.recipient) is \(record.state.rawValue), because \(cause) "
                + "(\(notification.severity.rawValue)) at \(notification.at.rfc3339)."
        ]
        lines += alertLines(notification)
        lines += MailDetail.lines(of: notification).map {
            $0.isEmpty ? "" : "  " + FactTable.plain($0, scalarsMax: 1_000)
        }
        if notification.reason != .quietEnded, notification.reason != .overflow {
            lines.append(
                figures.condition.map { "Its condition then: \(FactTable.plain($0, scalarsMax: 500))" }
                    ?? "The rule had no condition: every event matched.")
        }
        lines += FactTable.columns(
            figures.deciding.map { ["  \(FactTable.plain($0.name))", FactTable.plain($0.value)] })
        if let throttle = figures.throttle {
            var text = "At most \(throttle)."
            if figures.heldBack > 0 {
                let since = figures.heldBackSince.map { " since \($0.rfc3339)" } ?? ""
                text += " It tells of \(figures.heldBack) held back before it\(since)."
            }
            lines.append(text + (figures.nextMailAt.map { " The next mail was possible at \($0.rfc3339)." } ?? ""))
        }
        lines += explanation.detail.attempts.map { attempt in
            let reply = attempt.reply.map { reply in
                "\(reply.classification.rawValue)\(reply.code.map { " (\($0))" } ?? "")"
            }
            return "Attempt \(attempt.ordinal) at \(attempt.startedAt.rfc3339): \(reply ?? "under way")"
        }
        if let next = record.nextAttemptAt { lines.append("The next attempt is due at \(next.rfc3339).") }
        if let event = figures.event {
            lines.append("`hookmail explain \(event)` shows what every rule made of the event.")
        }
        return lines
    }

    /// What a mail of an alert or a summary knows beyond its event.
    private func alertLines(_ notification: Notification) -> [String] {
        let figures = notification.figures
        var lines: [String] = []
        if let since = figures.window?.since { lines.append("Over the threshold since \(since.rfc3339).") }
        lines += notTold(notification)
        if !figures.inhibits.isEmpty {
            lines.append("It keeps quiet: \(figures.inhibits.map { FactTable.plain($0) }.joined(separator: ", ")).")
        }
        return lines
    }

    /// Who did not get a mail that others got, or not then.
    private func notTold(_ notification: Notification?) -> [String] {
        (notification?.figures.withheld ?? []).map { held in
            let isTold = notification?.recipients.contains(held.recipient) ?? false
            return "\(isTold ? "Told only a part" : "Not told then"): \(FactTable.plain(held.recipient)), because "
                + "\(held.words)."
        }
    }

    // MARK: Trees

    /// The longest text of a part, in Unicode scalars.
    private static let partScalarsMax = 70
    /// The longest text of a value, in Unicode scalars.
    private static let valueScalarsMax = 80

    /// A condition as a tree: parts to the left, what they came to in a column to the right.
    private func tree(_ root: Trace.Part) -> [String] {
        var rows: [(text: String, outcome: Trace.Outcome, note: String)] = []
        collect(root, lead: "  ", branch: "", into: &rows)
        let width = rows.map { $0.text.unicodeScalars.count }.max() ?? 0
        return rows.map { row in
            let padding = String(repeating: " ", count: width - row.text.unicodeScalars.count + 2)
            return row.text + padding + painted(row.outcome) + row.note
        }
    }

    private func collect(
        _ part: Trace.Part, lead: String, branch: String,
        into rows: inout [(text: String, outcome: Trace.Outcome, note: String)]
    ) {
        var note = part.hint.map { " (\(FactTable.plain($0)))" } ?? ""
        if let definition = part.definition, part.parts.isEmpty {
            note += " (let: \(FactTable.plain(definition, scalarsMax: Self.partScalarsMax)))"
        }
        rows.append((lead + branch + FactTable.plain(part.text, scalarsMax: Self.partScalarsMax), part.outcome, note))
        let inner = lead + (branch.isEmpty ? "" : branch == "├─ " ? "│  " : "   ")
        for (index, child) in part.parts.enumerated() {
            collect(child, lead: inner, branch: index == part.parts.count - 1 ? "└─ " : "├─ ", into: &rows)
        }
    }

    private func painted(_ outcome: Trace.Outcome) -> String {
        let ink: Palette.Ink? =
            switch outcome {
            case .value(.bool(true)): .good
            case .absent: .notice
            case .fault: .bad
            case .notEvaluated: .faint
            default: nil
            }
        return ink.map { palette.paint(words(outcome), $0) } ?? words(outcome)
    }

    private func words(_ outcome: Trace.Outcome) -> String {
        switch outcome {
        case .value(let value): return Self.text(value)
        case .absent(let name): return name.map { "absent: no \(FactTable.plain($0)) in the event" } ?? "absent"
        case .fault(let fault): return "fails: \(fault.message)"
        case .notEvaluated: return "not evaluated"
        case .each(let outcomes, let count):
            let more = count > outcomes.count ? ", …" : ""
            return "\(outcomes.map(words).joined(separator: ", "))\(more) (\(count) times)"
        }
    }

    /// A value in one short line; of what has members their number.
    private static func text(_ value: Value) -> String {
        if let entries = value.entries { return "{\(entries.count) member\(entries.count == 1 ? "" : "s")}" }
        if let elements = value.elements, elements.count > 4 { return "[\(elements.count) items]" }
        return FactTable.plain(value.celText, scalarsMax: valueScalarsMax)
    }
}
