import Events
import Expressions
package import Logging
import Mail
import Rendering
import Rules
import Store
import Synchronization

/// Brings a changed configuration into force while the bridge runs.
///
/// The new file is read and checked whole. On any fault the old configuration stays in force and the faults are told.
/// A rule set enters through the log, so that it decides from its own entry on, whatever happens to the process; all
/// else is replaced at once. One reload runs at a time, in the order they were asked for.
package final class Reloader: Sendable {
    /// What a bridge brings to be able to reload.
    package struct Origin: Sendable {
        /// The configuration that the bridge was made of.
        package let configuration: Configuration
        /// Every file that it was made of.
        package let files: [String]
        /// Reads the file anew.
        package let read: @Sendable () -> ConfigurationReading
        /// Whether a change of the file is looked for.
        package let watches: Bool

        package init(
            configuration: Configuration, files: [String], watches: Bool,
            read: @escaping @Sendable () -> ConfigurationReading
        ) {
            self.configuration = configuration
            self.files = files
            self.watches = watches
            self.read = read
        }
    }

    /// What a reload replaces.
    struct Targets: Sendable {
        let sources: Current<SourceTable>
        let retention: Current<Retention>
        let adminToken: Current<Secret?>
        /// Serves the links of mails.
        let composer: Current<Composer>
        let courier: Courier
        let operators: Current<OperatorSettings>
        let intake: RuleSetIntake
        let evaluatorBell: Doorbell
    }

    /// The most faults of one reload that are logged, one line each.
    static let faultsLoggedMax = 20

    private struct State {
        /// The configuration in force.
        var configuration: Configuration
        /// Every file the last reading was made of.
        var files: [String]
        var standing: ReloadStanding
    }

    private let origin: Origin
    private let store: any Store
    private let targets: Targets
    private let clock: any WallClock
    private let log: Logger
    private let state: Mutex<State>
    /// One reload at a time.
    private let reloads = SerialQueue()

    init(origin: Origin, store: any Store, targets: Targets, clock: any WallClock, log: Logger) {
        self.origin = origin
        self.store = store
        self.targets = targets
        self.clock = clock
        self.log = log
        state = Mutex(
            State(
                configuration: origin.configuration, files: origin.files,
                standing: ReloadStanding(inForceSince: clock.now())))
    }

    /// Where the configuration stands.
    var standing: ReloadStanding { state.withLock { $0.standing } }

    /// Every file the last reading was made of.
    var files: [String] { state.withLock { $0.files } }

    /// Whether a change of the file is looked for.
    var watches: Bool { origin.watches }

    /// Reads the file and takes it into force when it is right and says something else than what is in force.
    package func reload(_ cause: ReloadCause) async -> ReloadOutcome {
        await reloads.run { await self.perform(cause) }
    }

    private func perform(_ cause: ReloadCause) async -> ReloadOutcome {
        let reading = origin.read()
        state.withLock { $0.files = reading.files }
        let outcome: ReloadOutcome
        switch reading.result {
        case .failure(let diagnostics): outcome = .faulty(diagnostics)
        case .success(let loaded): outcome = await take(loaded)
        }
        note(outcome, cause)
        return outcome
    }

    // MARK: Taking into force

    private func take(_ loaded: LoadedConfiguration) async -> ReloadOutcome {
        let new = loaded.configuration
        let old = state.withLock { $0.configuration }
        let difference = ConfigurationDifference(old, new)
        let needsRestart = ConfigurationDifference(origin.configuration, new).needsRestart
        let changed = difference.keys.filter { !ConfigurationDifference.restartKeys.contains($0) }
        // Everything that can be refused comes first: after the log has the rules there is no way back.
        let composer: Composer
        do {
            composer = new.makeComposer(links: try new.linkSigner(openStore: origin.configuration.storePath))
        } catch {
            return .postponed(reason: "the key of links could not be had")
        }
        let transport: (any MailTransport)?
        do {
            transport =
                difference.keys.contains("mail")
                ? try new.mail.openTransport(
                    tokens: new.refreshTokens(openStore: origin.configuration.storePath, log: log)) : nil
        } catch {
            return .postponed(reason: "the mail settings could not be used")
        }
        if new.ruleSet.hash != old.ruleSet.hash {
            targets.intake.expect(new.ruleSet, composer: composer)
            do {
                try await store.append(.ruleSet(hash: new.ruleSet.hash, text: new.ruleSet.text), at: clock.now())
            } catch {
                targets.intake.withdraw(new.ruleSet.hash)
                await transport?.shutdown(grace: .zero)
                if case .notAllowed = error { return .postponed(reason: "the rules are too long for the log") }
                return .postponed(reason: "the store did not take the rules")
            }
            targets.evaluatorBell.ring()
        } else if !targets.intake.hand(composer) {
            targets.courier.adopt(composer)
        }
        replace(new, needsRestart: needsRestart)
        // Mails that are composed with the old base from here on still have links that this key reads.
        targets.composer.replace(with: composer)
        if let transport { await targets.courier.adopt(transport) }
        state.withLock { state in
            state.configuration = new
            state.standing.needsRestart = needsRestart
            if !changed.isEmpty { state.standing.inForceSince = clock.now() }
        }
        return changed.isEmpty
            ? .unchanged(needsRestart: needsRestart, warnings: loaded.warnings)
            : .reloaded(changed: changed, needsRestart: needsRestart, warnings: loaded.warnings)
    }

    private func replace(_ new: Configuration, needsRestart: [String]) {
        targets.sources.replace(with: new.sourceTable)
        targets.operators.replace(with: new.mail.operators)
        var retention = new.retention
        if needsRestart.contains("keep.bodies") { retention.bodies = targets.retention.value.bodies }
        targets.retention.replace(with: retention)
        // A file that moves `admin` to loopback may do without a token; the public socket is open until the restart.
        if new.adminToken != nil || !needsRestart.contains("admin") {
            targets.adminToken.replace(with: new.adminToken)
        }
    }

    // MARK: Telling

    private func note(_ outcome: ReloadOutcome, _ cause: ReloadCause) {
        let endsTrouble = state.withLock { $0.standing.last?.isTrouble ?? false }
        // A file that was touched and says the same is no news, unless something was wrong with it before.
        if case .unchanged = outcome, cause == .fileChange, !endsTrouble { return }
        var faults: [Diagnostic] = []
        if case .faulty(let diagnostics) = outcome { faults = diagnostics.all.filter { $0.severity == .error } }
        state.withLock { state in
            state.standing.last = (
                at: clock.now(), cause: cause, word: outcome.word, isTrouble: outcome.isTrouble, faults: faults.count
            )
        }
        switch outcome {
        case .reloaded(let changed, let needsRestart, _):
            log.info(
                "configuration reloaded",
                metadata: ["cause": "\(cause.rawValue)", "changed": "\(changed.joined(separator: ","))"])
            warn(needsRestart)
        case .unchanged(let needsRestart, _) where endsTrouble:
            log.notice(
                "configuration is right again: it says what is in force", metadata: ["cause": "\(cause.rawValue)"])
            warn(needsRestart)
        case .unchanged(let needsRestart, _):
            log.info("configuration unchanged", metadata: ["cause": "\(cause.rawValue)"])
            warn(needsRestart)
        case .postponed(let reason):
            log.error(
                "configuration not taken into force: the old one stays",
                metadata: ["cause": "\(cause.rawValue)", "reason": "\(reason)"])
        case .faulty:
            log.error(
                "configuration has faults: the old one stays in force",
                metadata: ["cause": "\(cause.rawValue)", "faults": .stringConvertible(faults.count)])
            for fault in faults.prefix(Self.faultsLoggedMax) {
                log.error("configuration fault", metadata: fault.fields)
            }
        }
    }

    private func warn(_ needsRestart: [String]) {
        guard !needsRestart.isEmpty else { return }
        log.warning(
            "configuration needs a restart for some settings",
            metadata: ["settings": "\(needsRestart.joined(separator: ","))"])
    }
}

extension Diagnostic {
    /// Place and words for the log; not the line of the file, which is long and may hold what people wrote.
    package var fields: Logger.Metadata {
        var fields: Logger.Metadata = [
            "file": "\(file)", "line": .stringConvertible(position.line),
            "column": .stringConvertible(position.column), "fault": "\(message)",
        ]
        if let hint { fields["hint"] = "\(hint)" }
        return fields
    }
}
