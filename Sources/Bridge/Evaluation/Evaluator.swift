import Events
package import Logging
import Rendering
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

    /// After how many entries the engine's state is written, so that a restart has no more to replay.
    package static let snapshotEntriesMax = 10_000
    /// After how many seconds the engine's state is written, when there was an entry.
    package static let snapshotSecondsMax = 10
    /// How long after a clock entry the next one comes at the earliest, in seconds: many deadlines share one.
    package static let clockSecondsMin = 1

    private let store: any Store
    private let ruleSet: RuleSet
    private let intake: RuleSetIntake
    private let courier: Courier
    private let bell: Doorbell
    private let clock: any WallClock
    private let memory: Current<EngineMemory>
    private let tally: FaultTally
    let log: Logger

    /// - Parameters:
    ///   - ruleSet: the rules of the configuration; their entry is in the log already.
    ///   - intake: has `ruleSet` and what reloads bring.
    ///   - bell: rung by the receiver; the evaluator rings the courier's.
    ///   - memory: is told with every snapshot what the rules remember.
    ///   - tally: is told how often rules cannot be evaluated.
    package init(
        store: any Store, ruleSet: RuleSet, intake: RuleSetIntake, courier: Courier, bell: Doorbell,
        clock: any WallClock, memory: Current<EngineMemory>, tally: FaultTally = FaultTally(), log: Logger
    ) {
        self.store = store
        self.ruleSet = ruleSet
        self.intake = intake
        self.courier = courier
        self.bell = bell
        self.clock = clock
        self.memory = memory
        self.tally = tally
        self.log = log
    }

    /// Where the evaluator stands. After a commit that failed it is made anew of the store, so that nothing of the
    /// attempt is left.
    private struct Progress {
        var engine: Engine
        var cursor: LogPosition
        var at: Timestamp
        /// Entries of the last batch.
        var batchEntries = 0
        /// Entries since the last snapshot of the engine, and when that was.
        var entriesSinceSnapshot: Int
        var snapshotAt: Timestamp
        /// The hash of the rules that the store's snapshot belongs to, or `nil` where that is not known.
        var snapshotRules: String?
        /// When the clock was last written into the log.
        var clockAt: Timestamp?
    }

    /// Evaluates until a graceful shutdown; throws when the store can no longer be trusted or belongs to another
    /// evaluator.
    package func run() async throws {
        var progress = try await restored()
        try await withTaskCancellationOrGracefulShutdownHandler {
            while !bell.isClosed {
                do {
                    while try await evaluateBatch(&progress), !bell.isClosed { await gather(progress) }
                } catch let error as StoreError where !error.endsEvaluation {
                    log.error("evaluation postponed", metadata: ["error": "\(error.shortDescription)"])
                    try? await Task.sleep(for: .seconds(1))
                    progress = try await restored()
                }
                await bell.wait(atMost: pause(progress))
            }
        } onCancelOrGracefulShutdown: {
            bell.close()
        }
        // The next start then has nothing to replay; where it fails, it has.
        if progress.entriesSinceSnapshot > 0 { try? await commitSnapshot(&progress) }
    }

    /// The engine of the store, once that can be read.
    private func restored() async throws -> Progress {
        while true {
            do throws(StoreError) {
                let restored = try await RestoredEngine(from: store, ruleSet: ruleSet)
                if restored.lostRules {
                    log.warning(
                        "rules of the last run cannot be read any more: the new ones decide about waiting events")
                }
                if restored.engine.unreadableGroups > 0 {
                    log.warning(
                        "state of groups cannot be read: their windows, alerts and limits begin anew",
                        metadata: ["groups": "\(restored.engine.unreadableGroups)"])
                }
                memory.replace(with: restored.engine.memory)
                return Progress(
                    engine: restored.engine, cursor: restored.cursor, at: restored.engine.now,
                    entriesSinceSnapshot: Int(clamping: restored.cursor - restored.snapshot), snapshotAt: clock.now())
            } catch {
                guard !error.endsEvaluation else { throw error }
                log.error("evaluation postponed", metadata: ["error": "\(error.shortDescription)"])
                try await Task.sleep(for: .seconds(1))
            }
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
            if isSnapshotDue(progress) { try await commitSnapshot(&progress) }
            if try await store.noteClock() { return true }
            return try await appendClockIfDue(&progress)
        }
        let cursor = progress.cursor
        // A batch ends where the rules change, so these decide all of it.
        let ruleSet = progress.engine.ruleSet
        var batch = EvaluationBatch(evaluation: Evaluation(at: progress.at, now: clock.now()))
        for entry in pending {
            if case .ruleSet(let hash, let text) = entry.change { prepare(&progress.engine, for: hash, text) }
            progress.cursor += 1
            if case .clockStep(let step) = entry.change {
                progress.at = entry.at
                progress.clockAt = nil
                report(step)
            } else {
                progress.at = max(progress.at, entry.at)
            }
            batch.evaluation.positions.append((row: entry.row, position: progress.cursor))
            batch.take(
                progress.engine.process(LogEntry(position: progress.cursor, at: progress.at, change: entry.change)))
            // What was decided before a rule set is composed as before it.
            if case .ruleSet(let hash, _) = entry.change {
                batch.ruleSetPassed = hash
                break
            }
            if batch.isFull { break }
        }
        try await commit(&batch, &progress, expecting: cursor, decidedBy: ruleSet)
        if let hash = batch.ruleSetPassed { pass(hash, with: progress.engine) }
        return true
    }

    private func commit(
        _ batch: inout EvaluationBatch, _ progress: inout Progress, expecting cursor: LogPosition,
        decidedBy ruleSet: RuleSet
    ) async throws {
        let brokenDown = try await BreakdownLookup(store: store).filledIn(batch.notifications, by: ruleSet)
        let composer = courier.composer
        let linked = try await LogLookup(store: store, composer: composer).filledIn(brokenDown)
        let notifications = try await ContentLookup(store: store, redaction: composer.redaction).filledIn(linked)
        batch.evaluation.at = progress.at
        progress.batchEntries = batch.evaluation.positions.count
        progress.entriesSinceSnapshot += progress.batchEntries
        let writesSnapshot = batch.ruleSetPassed != nil || isSnapshotDue(progress)
        if writesSnapshot { batch.evaluation.stateChanges = snapshotRows(&progress) }
        report(batch.evaluation.decisions)
        tally.note(events: batch.evaluation.positions.count, batch.evaluation.decisions, at: clock.now())

        let reservation = courier.reserve(deliveriesWanted: batch.deliveries)
        batch.evaluation.notifications = courier.prepare(notifications, within: reservation)
        do {
            let begun = try await store.commit(batch.evaluation, expecting: cursor)
            courier.take(
                begun.filter { $0.state == .sending }, reservation: reservation,
                hasQueued: begun.contains { $0.state == .queued })
        } catch {
            courier.cancel(reservation)
            throw error
        }
        if writesSnapshot { noteSnapshot(&progress) }
    }

    // MARK: Snapshots

    private func isSnapshotDue(_ progress: Progress) -> Bool {
        guard progress.entriesSinceSnapshot > 0 else { return false }
        return progress.entriesSinceSnapshot >= Self.snapshotEntriesMax
            || clock.now() - progress.snapshotAt >= .seconds(Self.snapshotSecondsMax)
            // The clock was set back: the next one must not wait until it has caught up.
            || clock.now() < progress.snapshotAt
    }

    private func snapshotRows(_ progress: inout Progress) -> [EngineStateRow] {
        let hash = progress.engine.ruleSet.hash
        return RestoredEngine.rows(
            of: &progress.engine, at: progress.cursor, writesRules: progress.snapshotRules != hash)
    }

    private func noteSnapshot(_ progress: inout Progress) {
        progress.entriesSinceSnapshot = 0
        progress.snapshotAt = clock.now()
        progress.snapshotRules = progress.engine.ruleSet.hash
        memory.replace(with: progress.engine.memory)
    }

    /// Writes a snapshot without any entry.
    private func commitSnapshot(_ progress: inout Progress) async throws {
        var evaluation = Evaluation(at: progress.at, now: clock.now())
        evaluation.stateChanges = snapshotRows(&progress)
        _ = try await store.commit(evaluation, expecting: progress.cursor)
        noteSnapshot(&progress)
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
        if let ruleSet = intake.ruleSet(hash) ?? RestoredEngine.compiled(text) {
            engine.expect(ruleSet)
        } else {
            log.warning("rules of an earlier run cannot be read any more: those in force stay")
        }
    }

    /// Writes the clock into the log when a deadline of the engine has passed, so that time is an entry like any other.
    private func appendClockIfDue(_ progress: inout Progress) async throws -> Bool {
        let now = clock.now()
        guard let deadline = progress.engine.nextDeadline, deadline <= now else { return false }
        if let last = progress.clockAt, (.zero ..< .seconds(Self.clockSecondsMin)).contains(now - last) { return false }
        progress.clockAt = now
        try await store.append(.clock, at: now)
        return true
    }

    private func pause(_ progress: Progress) -> Duration {
        let longest = Duration.seconds(Self.pauseSecondsMax)
        guard let deadline = progress.engine.nextDeadline else { return longest }
        let now = clock.now()
        let free = progress.clockAt.map { $0.advanced(by: .seconds(Self.clockSecondsMin)) }
        return min(longest, max(.milliseconds(10), max(deadline, free ?? deadline) - now))
    }

    private func report(_ step: Duration) {
        log.warning(
            "the wall clock was set: what rules and mails wait for moves with it",
            metadata: ["by_seconds": .stringConvertible(ClockSetting.seconds(of: step))])
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
