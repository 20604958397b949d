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
/// what has passed as soon as mails go again.
package struct OperatorDesk: Service {
    /// How far back the report looks, in days.
    package static let reportDays: Int64 = 7
    /// The most refused addresses that the report counts.
    static let refusedAddressesMax = 500

    private let settings: Current<OperatorSettings>
    private let store: any Store
    private let courier: Courier
    private let tally: FaultTally
    private let clock: any WallClock
    private let pause: Duration
    private let log: Logger
    private let bell = Doorbell()

    /// - Parameter pause: How long between two looks.
    package init(
        settings: Current<OperatorSettings>, store: any Store, courier: Courier, tally: FaultTally,
        clock: any WallClock, pause: Duration, log: Logger
    ) {
        self.settings = settings
        self.store = store
        self.courier = courier
        self.tally = tally
        self.clock = clock
        self.pause = pause
        self.log = log
    }

    /// What the desk remembers between two looks.
    private struct Memory {
        var ledger = TroubleLedger()
        /// How many dead mails there were when operators were told of them last, or at the start.
        var deadKnown: Int64?
        var schedule: Schedule?
        var reportDue: Timestamp?
    }

    /// Looks again and again until a graceful shutdown.
    package func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            var memory = Memory()
            while !bell.isClosed {
                await look(&memory)
                await bell.wait(atMost: pause)
            }
        } onCancelOrGracefulShutdown: {
            bell.close()
        }
    }

    private func look(_ memory: inout Memory) async {
        let settings = settings.value
        guard !settings.addresses.isEmpty else {
            memory = Memory()
            return
        }
        let now = clock.now()
        do throws(StoreError) {
            let status = try await store.status(now: now)
            await tellOfTrouble(status, settings, &memory, at: now)
            try await report(settings, &memory, at: now)
        } catch {
            // What is wrong with the store is told by those who work with it.
            log.debug("operators' desk waits for the store", metadata: ["error": "\(error.shortDescription)"])
        }
    }

    // MARK: Trouble

    private func tellOfTrouble(
        _ status: StoreStatus, _ settings: OperatorSettings, _ memory: inout Memory, at now: Timestamp
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
        _ settings: OperatorSettings, _ memory: inout Memory, at now: Timestamp
    ) async throws(StoreError) {
        if memory.schedule != settings.report {
            memory.schedule = settings.report
            memory.reportDue = settings.report?.next(after: now)
        }
        guard let due = memory.reportDue, due <= now, courier.hold(at: now) == nil else { return }
        let health = try await health(at: now)
        let isTold = await courier.send(.report(health, host: MachineName.current, at: now), to: settings.addresses)
        memory.reportDue =
            isTold
            ? settings.report?.next(after: now) : now.advanced(by: .seconds(TroubleLedger.retrySeconds))
    }

    private func health(at now: Timestamp) async throws(StoreError) -> RuleHealth {
        let from = now.advanced(by: .seconds(-Self.reportDays * 86_400))
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
            deadMails: status.deliveries[.dead] ?? 0, refusedAddresses: refused.count)
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
