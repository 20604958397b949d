package import Events

/// Events run through the rules on a virtual clock: the clock enters the log exactly when the engine waits for it, and
/// every mail is accepted the moment it is decided. What rule tests and backtests are made of.
package struct Replay: Sendable {
    package private(set) var engine: Engine
    /// The position of the last entry.
    package private(set) var position: LogPosition = 0
    /// The virtual clock.
    package private(set) var now: Timestamp

    /// What is told of every entry: its time and what it came to.
    package typealias Report = (Timestamp, EngineOutput) -> Void

    /// Rules that have seen nothing yet, at an instant.
    package init(_ ruleSet: RuleSet, at start: Timestamp, _ report: Report = { _, _ in }) {
        engine = Engine(ruleSet: ruleSet, rows: [])
        now = start
        feed(.ruleSet(hash: ruleSet.hash, text: ""), report)
    }

    /// Lets time pass until `instant`, with everything that it brings before and at it.
    package mutating func advance(to instant: Timestamp, _ report: Report) {
        passDeadlines(through: instant, report)
        now = max(now, instant)
    }

    /// Takes an event that came in at `instant`, which is `now` or later.
    package mutating func take(_ event: LoggedEvent, at instant: Timestamp, _ report: Report) {
        // What is due at the same instant happens with the event's own entry, as it does in the server.
        passDeadlines(through: instant.advanced(by: .microseconds(-1)), report)
        now = max(now, instant)
        feed(.event(event), report)
    }

    /// The wall clock is set by so much, and shows `instant` then.
    package mutating func setClock(by step: Duration, to instant: Timestamp, _ report: Report) {
        advance(to: instant.advanced(by: .zero - step), report)
        now = max(instant, now.advanced(by: step))
        feed(.clockStep(by: step), report)
    }

    private mutating func passDeadlines(through end: Timestamp, _ report: Report) {
        while let deadline = engine.nextDeadline, deadline <= end {
            // An entry leaves no deadline at its own time; should one ever do, time goes on all the same.
            now = deadline > now ? deadline : now.advanced(by: .microseconds(1))
            feed(.clock, report)
        }
    }

    private mutating func feed(_ change: LogEntry.Change, _ report: Report) {
        position += 1
        let output = engine.process(LogEntry(position: position, at: now, change: change))
        if !output.decisions.isEmpty || !output.matchedRules.isEmpty { report(now, output) }
        for notification in output.notifications where notification.holdsThrottleSlot {
            position += 1
            let end = NotificationEnd(notification: notification.id, rule: notification.rule, outcome: .accepted)
            let entry = LogEntry(position: position, at: now, change: .notificationEnded(end))
            let more = engine.process(entry)
            if !more.decisions.isEmpty { report(now, more) }
        }
    }
}
