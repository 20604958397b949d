import Events
package import Logging
import Mail
import Rendering
import Rules
import ServiceLifecycle
package import Store
import Synchronization

/// Tells operators by mail of trouble with Hookmail itself, and how the rules fared.
///
/// These mails go straight to the transport: a store that is full takes no mail into its queue, and one about that must
/// not wait behind what it is about. While the mail server refuses the configuration none is tried; then it tells of
/// what has passed as soon as mails go again. What was told and what is due is kept in the store, so that a restart
/// tells nothing twice and leaves nothing out.
package struct OperatorDesk: Service {
    /// How far back the report looks, in days.
    package static let reportDays: Int64 = 7
    /// A report that comes so many seconds after it was due says when that was.
    static let lateSeconds: Int64 = 3_600
    /// The most refused addresses that the report counts.
    static let refusedAddressesMax = 500

    private let settings: Current<OperatorSettings>
    private let store: any Store
    private let courier: Courier
    private let tally: FaultTally
    private let retention: Current<Retention>
    private let clock: any WallClock
    private let pause: Duration
    private let log: Logger
    private let bell = Doorbell()

    /// - Parameters:
    ///   - retention: How far back the store knows how the rules fared.
    ///   - pause: How long between two looks, and from the start to the first.
    package init(
        settings: Current<OperatorSettings>, store: any Store, courier: Courier, tally: FaultTally,
        retention: Current<Retention>, clock: any WallClock, pause: Duration, log: Logger
    ) {
        self.settings = settings
        self.store = store
        self.courier = courier
        self.tally = tally
        self.retention = retention
        self.clock = clock
        self.pause = pause
        self.log = log
    }

    /// How the desk stands between two looks.
    private struct Standing {
        var memory: OperatorMemory
        /// What the store holds of it; `nil` where it holds nothing.
        var kept: OperatorMemory?
        /// Before this a report that did not go out is not tried again.
        var reportRetryAt: Timestamp?
        /// Notices when the clock is set that all these instants are of.
        var watch: StepWatch
    }

    /// Looks again and again until a graceful shutdown. The first look comes after a pause: how the mail server stands
    /// is known only once the courier has tried it.
    package func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            var standing = await remembered()
            await bell.wait(atMost: pause)
            while !bell.isClosed {
                await look(&standing)
                await bell.wait(atMost: pause)
            }
        } onCancelOrGracefulShutdown: {
            bell.close()
        }
    }

    private func look(_ standing: inout Standing) async {
        let reading = clock.reading()
        let now = reading.wall
        if let step = standing.watch.step(at: reading) {
            standing.watch.follow(reading)
            standing.memory.shift(by: step)
            standing.reportRetryAt = standing.reportRetryAt?.advanced(by: step)
        }
        let settings = settings.value
        do throws(StoreError) {
            if settings.addresses.isEmpty {
                standing.memory = OperatorMemory()
            } else {
                let status = try await store.status(now: now)
                await tellOfTrouble(status, settings, &standing.memory, at: now)
                try await report(settings, &standing, at: now)
            }
            try await keep(&standing, at: now)
        } catch {
            // What is wrong with the store is told by those who work with it.
            log.debug("operators' desk waits for the store", metadata: ["error": "\(error.shortDescription)"])
        }
    }

    // MARK: Over a restart

    /// What the desk remembers from before the start. How many mails are dead counts from now where nothing is known.
    private func remembered() async -> Standing {
        let reading = clock.reading()
        var memory = OperatorMemory()
        var kept: OperatorMemory?
        do throws(StoreError) {
            if let memo = try await store.memo(.operators) {
                if let known = OperatorMemory(content: memo.content) {
                    memory = known
                    memory.shift(by: memo.clockStep)
                    kept = memory
                } else {
                    log.warning("what operators were told of cannot be read: it is told anew")
                }
            }
            if memory.deadKnown == nil {
                memory.deadKnown = try await store.status(now: reading.wall).deliveries[.dead] ?? 0
            }
        } catch {
            log.debug("operators' desk waits for the store", metadata: ["error": "\(error.shortDescription)"])
        }
        return Standing(memory: memory, kept: kept, watch: StepWatch(reading))
    }

    /// Writes what has changed.
    private func keep(_ standing: inout Standing, at now: Timestamp) async throws(StoreError) {
        guard standing.memory != standing.kept ?? OperatorMemory() else { return }
        try await store.keep(standing.memory.content, as: .operators, now: now)
        standing.kept = standing.memory
    }

    // MARK: Trouble

    private func tellOfTrouble(
        _ status: StoreStatus, _ settings: OperatorSettings, _ memory: inout OperatorMemory, at now: Timestamp
    ) async {
        let hold = courier.hold(at: now)
        let dead = status.deliveries[.dead] ?? 0
        let deadKnown = min(memory.deadKnown ?? dead, dead)
        memory.deadKnown = deadKnown
        var troubles = Readiness(
            status: status, hold: hold, servers: courier.serverStandings, now: now
        ).troubles
        if dead > deadKnown { troubles.append(.deadMails(dead - deadKnown)) }
        memory.ledger.note(troubles + tally.troubles(), at: now)
        let due = memory.ledger.due(at: now)
        guard hold == nil, !due.isEmpty else { return }
        if await courier.send(.trouble(due, host: MachineName.current, at: now), to: settings.addresses) {
            memory.ledger.noteTold(at: now)
            memory.deadKnown = dead
        } else {
            memory.ledger.noteFailed(at: now)
        }
    }

    // MARK: The report

    private func report(
        _ settings: OperatorSettings, _ standing: inout Standing, at now: Timestamp
    ) async throws(StoreError) {
        guard let schedule = settings.report else {
            standing.memory.report = nil
            return
        }
        if standing.memory.report?.schedule != schedule.text {
            standing.memory.report = .init(schedule: schedule.text, since: now)
            standing.reportRetryAt = nil
        }
        // A clock that was ahead, and was set right while nobody looked, must not put the report off.
        if let since = standing.memory.report?.since, since > now { standing.memory.report?.since = now }
        guard let since = standing.memory.report?.since, let due = schedule.next(after: since), due <= now,
            standing.reportRetryAt.map({ now >= $0 }) ?? true, courier.hold(at: now) == nil
        else { return }
        let health = try await health(since: since, due: due, at: now)
        if await courier.send(.report(health, host: MachineName.current, at: now), to: settings.addresses) {
            standing.memory.report?.since = now
            standing.reportRetryAt = nil
        } else {
            standing.reportRetryAt = now.advanced(by: .seconds(TroubleLedger.retrySeconds))
        }
    }

    /// How the rules fared: in seven days, or since the last report where that is longer ago because nothing could be
    /// sent when one was due; never from before the store's memory begins.
    private func health(
        since: Timestamp, due: Timestamp, at now: Timestamp
    ) async throws(StoreError) -> RuleHealth {
        let week = now.advanced(by: .seconds(-Self.reportDays * 86_400))
        let from = max(min(week, since), now.advanced(by: .zero - retention.value.events))
        let text = try await store.ruleSet(inForceAt: .max)?.text
        let names = text.flatMap { RestoredEngine.compiled($0) }?.rules.map(\.name) ?? []
        var counts: [String: RuleCount] = [:]
        for count in try await store.ruleCounts(since: from) { counts[count.rule] = count }
        let status = try await store.status(now: now)
        let refused = try await store.refusedRecipients(limit: Self.refusedAddressesMax)
        return RuleHealth(
            from: from, to: now,
            lines: names.map { name in
                RuleHealth.Line(
                    rule: name, notified: counts[name]?.notified ?? 0, suppressed: counts[name]?.suppressed ?? 0,
                    faulted: counts[name]?.faulted ?? 0)
            },
            deadMails: status.deliveries[.dead] ?? 0, refusedAddresses: refused.count,
            due: now - due > .seconds(Self.lateSeconds) ? due : nil)
    }
}

extension Courier {
    /// Sends one of Hookmail's own mails past the queue. Returns whether somebody got it.
    func send(_ own: OwnMail, to recipients: [String]) async -> Bool {
        let (composer, transport) = state.withLock { ($0.composer, $0.transport) }
        var isTold = false
        for recipient in recipients {
            guard let address = try? Address(parsing: recipient) else { continue }
            let mail = composer.compose(own, to: address, now: clock.now())
            if let fault = mail.templateFault {
                log.warning(
                    "template failed: the built-in plain one was used",
                    metadata: ["template": "\(own.kind.rawValue)", "fault": "\(fault)"])
            }
            let reply = await transport.send(mail.message)
            guard reply.classification != .accepted else {
                isTold = true
                continue
            }
            log.warning(
                "operators could not be told",
                metadata: [
                    "mail": "\(own.kind.word)", "class": "\(reply.classification.rawValue)",
                    "reason": "\(reply.reason?.rawValue ?? "")",
                ])
            // It would meet the others, too.
            if reply.classification == .configuration || reply.classification == .host { break }
        }
        if isTold { log.info("operators told", metadata: ["mail": "\(own.kind.word)"]) }
        return isTold
    }
}
