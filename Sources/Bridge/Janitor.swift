package import Logging
import ServiceLifecycle
package import Store

/// Keeps the store small and its leases honest: prunes by age and size, and puts deliveries whose courier fell silent
/// back into the queue.
package struct Janitor: Service {
    /// How often leases are looked after, in seconds.
    package static let rescueSeconds: Int64 = 30
    /// How many rescues pass between two prunings: every ten minutes.
    package static let rescuesPerPruning = 20

    private let store: any Store
    private let retention: Current<Retention>
    private let courier: Courier
    private let refused: RefusedDeliveries?
    private let bell = Doorbell()
    private let clock: any WallClock
    private let log: Logger

    package init(
        store: any Store, retention: Current<Retention>, courier: Courier, refused: RefusedDeliveries? = nil,
        clock: any WallClock, log: Logger
    ) {
        self.store = store
        self.retention = retention
        self.courier = courier
        self.refused = refused
        self.clock = clock
        self.log = log
    }

    /// Works until a graceful shutdown; throws when the store can no longer be trusted.
    package func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            var round = 0
            while !bell.isClosed {
                refused?.sweep(at: clock.now(), every: Self.rescueSeconds)
                do {
                    try await rescue()
                    if round % Self.rescuesPerPruning == 0 { try await prune() }
                } catch let error as StoreError where !error.endsEvaluation {
                    log.warning("housekeeping postponed", metadata: ["error": "\(error.shortDescription)"])
                }
                round += 1
                await bell.wait(atMost: .seconds(Self.rescueSeconds))
            }
        } onCancelOrGracefulShutdown: {
            bell.close()
        }
    }

    /// The courier of this process says first which leases live: after a leap of the wall clock they would look dead.
    private func rescue() async throws {
        await courier.extendLeases()
        let report = try await store.rescueLeases(now: clock.now(), all: false)
        guard report.rescued > 0 else { return }
        log.warning(
            "mails of a silent courier put back into the queue",
            metadata: [
                "rescued": .stringConvertible(report.rescued),
                "possible_duplicates": .stringConvertible(report.ambiguous),
            ])
        courier.lookForDue()
    }

    private func prune() async throws {
        let report = try await store.prune(retention.value, now: clock.now())
        guard report.bodies + report.events + report.mails > 0 else { return }
        log.info(
            "old records removed",
            metadata: [
                "bodies": .stringConvertible(report.bodies), "events": .stringConvertible(report.events),
                "mails": .stringConvertible(report.mails),
            ])
    }
}
