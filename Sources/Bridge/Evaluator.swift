import Events
package import Logging
package import Rules
import ServiceLifecycle
package import Store

/// Reads the log in order, asks the engine what to do, and commits the answer whole: cursor, engine state, decisions,
/// notifications and their mails in one transaction. One evaluator is active per store.
package struct Evaluator: Service {
    /// The most log entries in one transaction.
    package static let batchEntriesMax = 500
    /// After how many deliveries a transaction takes no further entry: a rule with many recipients must not hold the
    /// writer up.
    package static let batchDeliveriesMax = 1_000
    /// A batch of at least so many entries means that events come faster than they need transactions of their own.
    package static let busyEntriesMin = 8
    /// How long events gather before the next batch when they come so fast, in milliseconds: the events of that time
    /// share the cost of one transaction, and their mails lose no more than that.
    package static let gatherMilliseconds = 5
    /// The longest pause between two looks at the log, in seconds, should a ring ever be lost.
    package static let pauseSecondsMax = 10

    private let store: any Store
    private let ruleSet: RuleSet
    private let intake: RuleSetIntake
    private let courier: Courier
    private let bell: Doorbell
    private let clock: any WallClock
    let log: Logger

    /// - Parameters:
    ///   - ruleSet: the rules of the configuration; their entry is in the log already.
    ///   - intake: has `ruleSet` and what reloads bring.
    ///   - bell: rung by the receiver; the evaluator rings the courier's.
    package init(
        store: any Store, ruleSet: RuleSet, intake: RuleSetIntake, courier: Courier, bell: Doorbell,
        clock: any WallClock, log: Logger
    ) {
        self.store = store
        self.ruleSet = ruleSet
        self.intake = intake
        self.courier = courier
        self.bell = bell
        self.clock = clock
        self.log = log
    }

    /// Where the evaluator stands: replaced only after the commit that makes it true, so a failed commit leaves no
    /// trace.
    private struct Progress {
        var engine: Engine
        var cursor: LogPosition
        var at: Timestamp
        /// Entries of the last batch.
        var batchEntries = 0
    }

    /// Evaluates until a graceful shutdown; throws when the store can no longer be trusted or belongs to another
    /// evaluator.
    package func run() async throws {
        let state = try await store.evaluatorState()
        var progress = Progress(
            engine: engine(of: state, with: ruleSet), cursor: state.cursor,
            at: state.at ?? Timestamp(microseconds: .min))
        try await withTaskCancellationOrGracefulShutdownHandler {
            while !bell.isClosed {
                do {
                    while try await evaluateBatch(&progress), !bell.isClosed { await gather(progress) }
                } catch let error as StoreError where !error.endsEvaluation {
                    log.error("evaluation postponed", metadata: ["error": "\(error.shortDescription)"])
                    try? await Task.sleep(for: .seconds(1))
                }
                await bell.wait(atMost: pause(progress))
            }
        } onCancelOrGracefulShutdown: {
            bell.close()
        }
    }

    /// Lets events gather when they come fast, and not while a backlog fills every batch.
    private func gather(_ progress: Progress) async {
        guard (Self.busyEntriesMin..<Self.batchEntriesMax).contains(progress.batchEntries) else { return }
        try? await Task.sleep(for: .milliseconds(Self.gatherMilliseconds))
    }

    /// Evaluates the oldest entries. Returns whether there may be more.
    private func evaluateBatch(_ progress: inout Progress) async throws -> Bool {
        let pending = try await store.unevaluated(limit: Self.batchEntriesMax)
        guard !pending.isEmpty else {
            return try await appendClockIfDue(progress)
        }
        var next = progress
        var evaluation = Evaluation(at: progress.at, now: clock.now())
        var notifications: [Notification] = []
        var deliveries = 0
        var bodies = 0
        var ruleSetPassed: String?
        for entry in pending {
            if case .ruleSet(let hash, let text) = entry.change { prepare(&next.engine, for: hash, text) }
            next.cursor += 1
            next.at = max(next.at, entry.at)
            evaluation.positions.append((row: entry.row, position: next.cursor))
            let output = next.engine.process(LogEntry(position: next.cursor, at: next.at, change: entry.change))
            evaluation.decisions += output.decisions
            evaluation.stateChanges += output.stateChanges
            notifications += output.notifications
            deliveries += output.notifications.reduce(0) { $0 + $1.recipients.count }
            if output.notifications.contains(where: { !$0.awaitedContent.isEmpty }) { bodies += 1 }
            if case .ruleSet(let hash, let text) = entry.change {
                evaluation.stateChanges += Self.rows(of: next.engine, passing: hash, text)
                ruleSetPassed = hash
                // What was decided before it is composed as before it.
                break
            }
            if deliveries >= Self.batchDeliveriesMax || bodies >= ContentLookup.batchBodiesMax { break }
        }
        notifications = try await ContentLookup(store: store).filledIn(notifications)
        evaluation.at = next.at
        evaluation.stateChanges = Self.latestOnly(evaluation.stateChanges)
        report(evaluation.decisions)

        let reservation = courier.reserve(deliveriesWanted: deliveries)
        evaluation.notifications = courier.prepare(notifications, within: reservation)
        do {
            let begun = try await store.commit(evaluation, expecting: progress.cursor)
            courier.take(
                begun.filter { $0.state == .sending }, reservation: reservation,
                hasQueued: begun.contains { $0.state == .queued })
        } catch {
            courier.cancel(reservation)
            throw error
        }
        next.batchEntries = evaluation.positions.count
        progress = next
        if let ruleSetPassed { pass(ruleSetPassed, with: progress.engine) }
        return true
    }

    /// Brings into force what goes with a rule set, once the commit that passed its entry is done.
    private func pass(_ hash: String, with engine: Engine) {
        if let composer = intake.pass(hash) { courier.adopt(composer) }
        guard engine.ruleSet.hash == hash else { return }
        log.info("rules in force", metadata: ["rules": .stringConvertible(engine.ruleSet.rules.count)])
    }

    /// Makes the rule set of the next entry known to the engine, unless it is in force already.
    private func prepare(_ engine: inout Engine, for hash: String, _ text: String) {
        guard engine.ruleSet.hash != hash else { return }
        if let ruleSet = intake.ruleSet(hash) ?? Self.compiled(text) {
            engine.expect(ruleSet)
        } else {
            log.warning("rules of an earlier run cannot be read any more: those in force stay")
        }
    }

    /// Writes the clock into the log when a deadline of the engine has passed, so that time is an entry like any other.
    private func appendClockIfDue(_ progress: Progress) async throws -> Bool {
        guard let deadline = progress.engine.nextDeadline, deadline <= clock.now() else { return false }
        try await store.append(.clock, at: clock.now())
        return true
    }

    private func pause(_ progress: Progress) -> Duration {
        let longest = Duration.seconds(Self.pauseSecondsMax)
        guard let deadline = progress.engine.nextDeadline else { return longest }
        return min(longest, max(.milliseconds(10), deadline - clock.now()))
    }

    /// A rule that cannot be evaluated must not stay quiet: its faults are decisions, and the log names the rule.
    private func report(_ decisions: [Decision]) {
        for decision in decisions {
            guard case .faulted(let text) = decision.outcome else { continue }
            log.warning(
                "rule could not be evaluated",
                metadata: [
                    "rule": "\(decision.rule)", "event": .stringConvertible(decision.event ?? 0), "reason": "\(text)",
                ])
        }
    }

    /// Of several changes of one state row only the last matters.
    private static func latestOnly(_ changes: [EngineStateRow]) -> [EngineStateRow] {
        var latest: [String: Int] = [:]
        for (index, change) in changes.enumerated() { latest[change.key] = index }
        return changes.enumerated().filter { latest[$0.element.key] == $0.offset }.map(\.element)
    }
}

extension StoreError {
    /// Whether evaluating on would be wrong: somebody else moved the cursor, the store is gone, or it may have lost
    /// writes.
    var endsEvaluation: Bool {
        switch self {
        case .conflict, .closed, .locked, .tooNew: true
        case .full, .unavailable, .notFound, .notAllowed: isFatal
        }
    }
}
