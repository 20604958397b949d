import ArgumentParser
import Bridge
import Events
import Rules
import Store
import Transports

/// The store of the configuration, for commands that look at it or change it beside a running server.
struct StoreOption: ParsableArguments {
    @OptionGroup var file: ConfigurationOption

    /// Gives `work` a reader that takes no lock and never checkpoints.
    func reading(_ work: (any StoreReading) async throws -> Void) async throws {
        let path = try file.loadAccess().storePath
        guard OutputFile.exists(path) else { throw Self.explain(.notFound, path: path) }
        do {
            let reader = try SQLiteReader.open(path: path)
            do {
                try await work(reader)
            } catch {
                await reader.close()
                throw error
            }
            await reader.close()
        } catch let error as StoreError {
            throw Self.explain(error, path: path)
        }
    }

    /// The rules of the file or, while it has faults, those that the store has in force. Faults end the command with
    /// code 78 where the store has no rules.
    func ruleSet(in reader: any StoreReading) async throws -> RuleSet {
        let access = try file.loadAccess(remark: nil)
        if let configuration = access.configuration { return configuration.ruleSet }
        guard let stored = try await reader.ruleSet(inForceAt: .max),
            let ruleSet = RestoredEngine.compiled(stored.text)
        else { return try file.loadWithoutSecrets().ruleSet }
        Terminal.errOnce("The rules are those that were last in force, not those of the file.")
        return ruleSet
    }

    /// The same for a command that has no reader open, and may come before there is a store.
    func knownRules() async throws -> RuleSet {
        let access = try file.loadAccess(remark: nil)
        if let configuration = access.configuration { return configuration.ruleSet }
        guard OutputFile.exists(access.storePath) else { return try file.loadWithoutSecrets().ruleSet }
        var known = RuleSet.empty
        try await reading { known = try await ruleSet(in: $0) }
        return known
    }

    /// Queues a mail again: through the admin address while a server runs, else with the store's own lock.
    /// Throws `.notFound` and `.notAllowed` for the caller to say; everything else is explained here.
    func retry(mail id: Int64) async throws {
        try await changing(
            { store throws(StoreError) in try await store.retry(delivery: id, now: SystemClock().now()) },
            throughServer: { try await $0.retry(mail: id) })
    }

    /// Queues all held mails, likewise; how many there were.
    func resumeMails() async throws -> Int {
        try await changing(
            { store throws(StoreError) in try await store.resumeHeld(now: SystemClock().now()) },
            throughServer: { try await $0.resumeMails() })
    }

    /// Takes an address off the list of refused ones, likewise; `false` when it is not on it.
    func liftSuppression(of address: String) async throws -> Bool {
        do {
            try await changing(
                { store throws(StoreError) in
                    try await store.liftSuppression(of: address, now: SystemClock().now())
                },
                throughServer: { try await $0.liftSuppression(of: address) })
            return true
        } catch StoreError.notFound {
            return false
        }
    }

    /// Adds a silence, likewise. Throws `.notAllowed` for the caller to say.
    func add(_ request: SilenceRequest) async throws -> Silence {
        try await changing(
            { store throws(StoreError) in try await store.add(request, now: SystemClock().now()) },
            throughServer: { try await $0.add(request) })
    }

    /// Ends a silence, likewise. Throws `.notFound` for the caller to say.
    func endSilence(_ id: String) async throws -> Silence {
        try await changing(
            { store throws(StoreError) in try await store.endSilence(id, now: SystemClock().now()) },
            throughServer: { try await $0.endSilence(id) })
    }

    /// Changes the store under its lock, or has the server that holds it do so.
    private func changing<Value>(
        _ change: (any Store) async throws(StoreError) -> Value, throughServer: (AdminClient) async throws -> Value
    ) async throws -> Value {
        let access = try file.loadAccess(remark: "This command needs nothing else of the file and goes on.")
        guard OutputFile.exists(access.storePath) else {
            throw Self.explain(.notFound, path: access.storePath)
        }
        do throws(StoreError) {
            let store = try SQLiteStore.open(
                path: access.storePath, options: StoreOptions(clock: { SystemClock().reading() }))
            do throws(StoreError) {
                let value = try await change(store)
                await store.close()
                return value
            } catch {
                await store.close()
                throw error
            }
        } catch {
            switch error {
            case .notFound, .notAllowed: throw error
            case .locked: return try await throughServer(AdminClient(access))
            default: throw Self.explain(error, path: access.storePath)
            }
        }
    }

    /// Says what is wrong with the store and gives the exit code for it.
    static func explain(_ error: StoreError, path: String) -> ExitCode {
        switch error {
        case .locked(_, let owner):
            Terminal.err(
                "\(path) is in use by another Hookmail (process \(owner)).\n"
                    + "hint: stop that one first, or give this one another `store:`.")
            return .unavailable
        case .notFound:
            Terminal.err("There is no store at \(path) yet.\nhint: `hookmail serve` makes it.")
            return .foundFault
        case .tooNew(let schema, let known):
            Terminal.err("\(path) was written by a newer Hookmail (schema \(schema), this one knows \(known)).")
            return .unavailable
        case .full(let free, let floor):
            Terminal.err("\(path): only \(free >> 20) MiB are free, \(floor >> 20) MiB must be.")
            return .tryAgain
        case .unavailable(let detail, _):
            Terminal.err("\(path) cannot be used: \(detail).")
            return .unavailable
        case .notAllowed(let reason):
            Terminal.err("This cannot be done: \(reason).")
            return .foundFault
        case .conflict, .closed:
            Terminal.err("\(path) is being used by somebody else.")
            return .tryAgain
        }
    }
}
