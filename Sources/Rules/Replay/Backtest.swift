package import Events

/// What rules would have made of events that have been: the counts of a replay, rule by rule.
package struct Backtest: Sendable {
    /// What one rule did.
    package struct Line: Sendable, Equatable {
        package let rule: String
        /// Events for which the rule's condition was true.
        package var matches = 0
        /// Events for which the condition failed.
        package var faults = 0
        /// Notifications by their reason; each is one mail to every recipient.
        package var mails: [NotificationReason: Int] = [:]
        package var suppressions: [SuppressionReason: Int] = [:]
        /// When the first and the last mail were decided.
        package var first: Timestamp?
        package var last: Timestamp?
        /// The instants of the mails, oldest first, at most `instantsMax`.
        package var instants: [Timestamp] = []

        package var mailCount: Int { mails.values.reduce(0, +) }
        package var suppressedCount: Int { suppressions.values.reduce(0, +) }
    }

    /// The most instants a line keeps; a time-line needs no more.
    package static let instantsMax = 100_000

    private var replay: Replay?
    private let ruleSet: RuleSet
    private var lines: [Line]
    private var indices: [String: Int]
    package private(set) var eventCount = 0
    /// Events that came in earlier than one before them: they were taken at the time of that one.
    package private(set) var disorderedCount = 0
    /// The times of the first and the last event.
    package private(set) var from: Timestamp?
    package private(set) var to: Timestamp?

    package init(_ ruleSet: RuleSet) {
        self.ruleSet = ruleSet
        lines = ruleSet.rules.map { Line(rule: $0.name) }
        indices = Dictionary(ruleSet.rules.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// Takes the next event, which came in `at` this instant.
    package mutating func take(_ event: LoggedEvent, at instant: Timestamp) {
        eventCount += 1
        if let to, instant < to { disorderedCount += 1 }
        from = from ?? instant
        to = max(to ?? instant, instant)
        // The replay is taken out, so that the report below may write to the rest.
        var replay = replay ?? Replay(ruleSet, at: instant)
        self.replay = nil
        replay.take(event, at: max(instant, replay.now)) { at, output in note(output, at: at) }
        self.replay = replay
    }

    /// The wall clock was set by so much, and showed `instant` then: what has been is told by the clock as it was set.
    package mutating func setClock(by step: Duration, to instant: Timestamp) {
        guard var replay else { return }
        self.replay = nil
        replay.advance(to: instant.advanced(by: .zero - step)) { at, output in note(output, at: at) }
        from = from?.advanced(by: step)
        to = to?.advanced(by: step)
        for index in lines.indices { lines[index].shift(by: step) }
        replay.setClock(by: step, to: instant) { at, output in note(output, at: at) }
        self.replay = replay
    }

    /// Lets the clock go on after the last event, so that digests and recoveries come.
    package mutating func finish(after span: Duration = .zero) {
        guard var replay else { return }
        self.replay = nil
        replay.advance(to: replay.now.advanced(by: span)) { at, output in note(output, at: at) }
        self.replay = replay
    }

    /// The rules in the order of the file, and behind them what quiet hours and limits summed up.
    package var results: [Line] { lines }

    private mutating func note(_ output: EngineOutput, at instant: Timestamp) {
        for index in output.matchedRules { lines[index].matches += 1 }
        let reasons = Dictionary(output.notifications.map { ($0.id, $0.reason) }) { first, _ in first }
        for decision in output.decisions {
            let index = index(of: decision.rule)
            switch decision.outcome {
            case .faulted: lines[index].faults += 1
            case .suppressed(let reason): lines[index].suppressions[reason, default: 0] += 1
            case .notified(let id):
                lines[index].mails[reasons[id] ?? .matched, default: 0] += 1
                lines[index].first = lines[index].first ?? instant
                lines[index].last = instant
                if lines[index].instants.count < Self.instantsMax { lines[index].instants.append(instant) }
            }
        }
    }

    private mutating func index(of rule: String) -> Int {
        if let index = indices[rule] { return index }
        lines.append(Line(rule: rule))
        indices[rule] = lines.count - 1
        return lines.count - 1
    }
}

extension Backtest.Line {
    /// Moves every instant.
    fileprivate mutating func shift(by step: Duration) {
        first = first?.advanced(by: step)
        last = last?.advanced(by: step)
        instants = instants.map { $0.advanced(by: step) }
    }

    /// How many mails fell into each of `bars` equal parts of the time from `start` to `end`.
    package func timeline(from start: Timestamp, to end: Timestamp, bars: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: bars)
        let length = max(1, (end - start).wholeMicroseconds)
        for instant in instants {
            let offset = Double((instant - start).wholeMicroseconds) / Double(length)
            counts[max(0, min(bars - 1, Int(offset * Double(bars))))] += 1
        }
        return counts
    }
}
