package import Events
package import Logging
package import Mail
package import Rendering
package import Rules
import ServiceLifecycle
package import Store
import Synchronization
package import UnixSignals

/// The running server: one store, one transport, and the loops between them.
///
///     HTTP request ─Receiver→ log ─Evaluator→ notifications ─Courier→ mail server
package final class Bridge: Sendable {
    /// Where the listeners can be reached, known once both listen.
    package struct Listening: Sendable, Equatable {
        package let webhookPort: Int
        package let adminPort: Int
    }

    /// What a bridge is made of. The caller opens store and transport, so that tests can bring their own.
    package struct Parts: Sendable {
        package var store: any Store
        package var transport: any MailTransport
        package var composer: Composer
        package var ruleSet: RuleSet
        package var sources: SourceTable
        package var webhookHost: String
        package var webhookPort: Int
        package var adminHost: String
        package var adminPort: Int
        package var adminToken: Secret?
        package var retention: Retention
        package var limits = HTTPLimits()
        package var retryPolicy = RetryPolicy()
        package var breaker = Breaker<Timestamp>()
        /// Whether deliveries that do not verify are kept for the signature doctor.
        package var keepsRefused = false
        package var clock: any WallClock = SystemClock()
        /// Who is told of trouble with Hookmail itself.
        package var operators = OperatorSettings.none
        /// How long passes between two looks for such trouble.
        package var operatorPause = Duration.seconds(60)
        /// How the configuration is reloaded; without it a changed one counts from the next start.
        package var reload: Reloader.Origin?

        package init(
            store: any Store, transport: any MailTransport, composer: Composer, ruleSet: RuleSet,
            sources: SourceTable, webhookHost: String, webhookPort: Int, adminHost: String, adminPort: Int,
            adminToken: Secret?, retention: Retention
        ) {
            self.store = store
            self.transport = transport
            self.composer = composer
            self.ruleSet = ruleSet
            self.sources = sources
            self.webhookHost = webhookHost
            self.webhookPort = webhookPort
            self.adminHost = adminHost
            self.adminPort = adminPort
            self.adminToken = adminToken
            self.retention = retention
        }
    }

    private let parts: Parts
    private let log: Logger
    private let ports = Mutex<(webhook: Int?, admin: Int?)>((nil, nil))
    private let end = Mutex<(group: ServiceGroup?, isAsked: Bool)>((nil, false))

    /// How long an ordered end may take, in seconds: then what still runs is cancelled, a sender that drips its body
    /// among them. Longer than running transfers are given.
    static let shutdownSecondsMax: Int64 = 45

    package init(_ parts: Parts, log: Logger) {
        self.parts = parts
        self.log = log
    }

    /// Serves until one of `signals` arrives or `stop` is called, then ends in order: stop accepting, finish commits,
    /// finish or release running sends, close the store. Throws when a listener cannot bind or the store fails.
    ///
    /// - Parameter reloadSignals: each brings a changed configuration into force.
    package func run(
        stoppingOn signals: [UnixSignal] = [], reloadingOn reloadSignals: [UnixSignal] = [],
        onListening: @escaping @Sendable (Listening) -> Void = { _ in }
    ) async throws {
        do {
            let rescued = try await parts.store.rescueLeases(now: parts.clock.now(), all: true)
            if rescued.rescued > 0 {
                log.warning(
                    "mails of the last run put back into the queue",
                    metadata: [
                        "rescued": .stringConvertible(rescued.rescued),
                        "possible_duplicates": .stringConvertible(rescued.ambiguous),
                    ])
            }
            // A start may bring another configuration, or the server's side was mended meanwhile: what was held tries
            // at once, one mail first.
            let resumed = try await parts.store.resumeHeld(now: parts.clock.now())
            if resumed > 0 { log.notice("held mails try again", metadata: ["mails": "\(resumed)"]) }
            // Before anything can ask for a reload: what a reload appends stands behind it.
            let ruleSet = parts.ruleSet
            try await parts.store.append(.ruleSet(hash: ruleSet.hash, text: ruleSet.text), at: parts.clock.now())
            var configuration = ServiceGroupConfiguration(
                services: services(reloadingOn: reloadSignals, onListening: onListening).map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: signals, logger: quiet(log))
            configuration.maximumGracefulShutdownDuration = .seconds(Self.shutdownSecondsMax)
            let group = ServiceGroup(configuration: configuration)
            let isAsked = end.withLock { end in
                end.group = group
                return end.isAsked
            }
            if isAsked { await group.triggerGracefulShutdown() }
            log.info(
                "starting",
                metadata: [
                    "rules": .stringConvertible(parts.ruleSet.rules.count),
                    "sources": .stringConvertible(parts.sources.count),
                ])
            try await group.run()
        } catch {
            await parts.store.close()
            throw error
        }
        await parts.store.close()
        log.info("stopped")
    }

    /// Begins the ordered end; `run` returns when it is done.
    package func stop() async {
        let group = end.withLock { end in
            end.isAsked = true
            return end.group
        }
        await group?.triggerGracefulShutdown()
    }

    /// In the order of starting; they end in reverse, so HTTP closes first and the store is used until the last.
    private func services(
        reloadingOn reloadSignals: [UnixSignal], onListening: @escaping @Sendable (Listening) -> Void
    ) -> [any Service] {
        let sources = Current(parts.sources)
        let retention = Current(parts.retention)
        let adminToken = Current(parts.adminToken)
        let intake = RuleSetIntake()
        intake.expect(parts.ruleSet)
        let evaluatorBell = Doorbell()
        let courierBell = Doorbell()
        let courier = Courier(
            store: parts.store, transport: parts.transport, composer: parts.composer, policy: parts.retryPolicy,
            breaker: parts.breaker, clock: parts.clock, bell: courierBell, evaluatorBell: evaluatorBell, log: log)
        let memory = Current(EngineMemory.none)
        let tally = FaultTally()
        let operators = Current(parts.operators)
        let desk = OperatorDesk(
            settings: operators, store: parts.store, courier: courier, tally: tally, retention: retention,
            clock: parts.clock, pause: parts.operatorPause, log: log)
        let evaluator = Evaluator(
            store: parts.store, ruleSet: parts.ruleSet, intake: intake, courier: courier, bell: evaluatorBell,
            clock: parts.clock, memory: memory, tally: tally, log: log)
        let refused = parts.keepsRefused ? RefusedDeliveries() : nil
        let janitor = Janitor(
            store: parts.store, retention: retention, courier: courier, refused: refused, clock: parts.clock, log: log)
        let receiver = Receiver(
            sources: sources, store: parts.store, evaluatorBell: evaluatorBell, refused: refused, log: log)
        let composer = Current(parts.composer)
        let links = LinkDesk(
            composer: composer, store: parts.store, evaluatorBell: evaluatorBell, clock: parts.clock, log: log)
        let webhooks = WebhookListener(
            sources: sources, receiver: receiver, links: links, limits: parts.limits, clock: parts.clock
        ).service(host: parts.webhookHost, port: parts.webhookPort, log: log) { port in
            self.note(onListening) { $0.webhook = port }
        }
        let targets = Reloader.Targets(
            sources: sources, retention: retention, adminToken: adminToken, composer: composer, courier: courier,
            operators: operators, intake: intake, evaluatorBell: evaluatorBell)
        let reloader = parts.reload.map {
            Reloader(origin: $0, store: parts.store, targets: targets, clock: parts.clock, log: log)
        }
        let admin = AdminListener(
            store: parts.store, courier: courier, token: adminToken, reloader: reloader, clock: parts.clock,
            memory: memory, refused: refused.map { (deliveries: $0, receiver: receiver) }, log: log
        ).service(host: parts.adminHost, port: parts.adminPort) { port in
            self.note(onListening) { $0.admin = port }
        }
        return [janitor, courier, evaluator, desk, admin, webhooks] + reloads(reloader, on: reloadSignals)
    }

    /// What asks for reloads by itself.
    private func reloads(_ reloader: Reloader?, on signals: [UnixSignal]) -> [any Service] {
        guard let reloader else { return [] }
        var services: [any Service] = []
        if !signals.isEmpty { services.append(ReloadSignal(reloader: reloader, signals: signals)) }
        if reloader.watches { services.append(ConfigurationWatch(reloader: reloader)) }
        return services
    }

    private func note(
        _ onListening: @Sendable (Listening) -> Void, _ change: (inout (webhook: Int?, admin: Int?)) -> Void
    ) {
        let listening = ports.withLock { ports -> Listening? in
            change(&ports)
            guard let webhook = ports.webhook, let admin = ports.admin else { return nil }
            return Listening(webhookPort: webhook, adminPort: admin)
        }
        if let listening { onListening(listening) }
    }

    /// The service group tells its steps, and at debug dumps its parts with all rules and recipients: only its errors
    /// are for a log.
    private func quiet(_ log: Logger) -> Logger {
        var quiet = log
        quiet.logLevel = .error
        return quiet
    }
}
