import Bridge
import Events
import Logging
import Mail
import Rendering
import Rules
import Store
import TestSupport
import Testing
import Transports

/// A whole bridge in this process: real HTTP on loopback, the store in memory, a transport that records.
struct RunningBridge: Sendable {
    let store: any Store
    let transport: RecordingTransport
    let clock: ManualClock
    let webhookURL: String
    let adminURL: String
    let exchange: HTTPExchange
    let bridge: Bridge

    /// Has the shape that every scheme takes.
    static let secret = Secret(Array("whsec_aW4gcHJvY2VzcyAwMTIzNDU2Nzg5YWJjZGVm".utf8), label: "test")

    /// Runs `body` with a bridge, then stops it in order.
    static func with(
        rules: String, replies: [Reply] = [], store given: (any Store)? = nil, adminToken: Secret? = nil,
        limits: HTTPLimits = HTTPLimits(), connectionsMax: Int = 4, webhookPort: Int = 0,
        verifier: SignatureVerifier? = nil, trustedProxies: [AddressBlock] = [], keepsRefused: Bool = false,
        log: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        adjust: (inout Bridge.Parts) throws -> Void = { _ in },
        _ body: @Sendable @escaping (RunningBridge) async throws -> Void
    ) async throws {
        let transport = RecordingTransport(connectionsMax: connectionsMax, replies: replies)
        let clock = ManualClock()
        let store = given ?? MemoryStore(options: StoreOptions(clock: { clock.reading() }))
        var parts = Bridge.Parts(
            store: store, transport: transport, composer: try composer(),
            ruleSet: rules.isEmpty ? .empty : try ruleSet(rules),
            sources: SourceTable(
                [
                    (
                        path: "/api/webhook/", name: "test",
                        verifier: verifier
                            ?? SignatureVerifier(source: "test", scheme: .keywordsai, secrets: [secret])
                    )
                ], trustedProxies: trustedProxies),
            webhookHost: "127.0.0.1", webhookPort: webhookPort, adminHost: "127.0.0.1", adminPort: 0,
            adminToken: adminToken,
            retention: Retention())
        parts.clock = clock
        parts.limits = limits
        parts.keepsRefused = keepsRefused
        try adjust(&parts)
        let bridge = Bridge(parts, log: log)
        let (ports, announce) = AsyncStream<Bridge.Listening>.makeStream()
        let server = Task {
            defer { announce.finish() }
            try await bridge.run { announce.yield($0) }
        }
        var iterator = ports.makeAsyncIterator()
        guard let listening = await iterator.next() else {
            try await server.value
            return
        }
        let running = RunningBridge(
            store: store, transport: transport, clock: clock,
            webhookURL: "http://127.0.0.1:\(listening.webhookPort)/api/webhook/",
            adminURL: "http://127.0.0.1:\(listening.adminPort)", exchange: HTTPExchange(), bridge: bridge)
        do {
            try await body(running)
        } catch {
            await bridge.stop()
            _ = await server.result
            throw error
        }
        await running.exchange.shutdown()
        await bridge.stop()
        try await server.value
    }

    static func ruleSet(_ rules: String) throws -> RuleSet {
        try RuleSet.read(rules, file: "rules.yaml", addresses: { .success($0) }).ruleSet
    }

    static func composer() throws -> Composer {
        Composer(
            templates: .builtin,
            identity: MailIdentity(
                from: try Mailbox(parsing: "Hookmail <hookmail@example.com>"), host: "bridge.example.com"))
    }

    /// Posts a body with a right signature.
    func post(_ body: String, secret: Secret = secret) async throws -> HTTPExchange.Response {
        let bytes = Array(body.utf8)
        let signature = SignatureScheme.keywordsai.sign(bytes, with: secret)
        return try await exchange.send(
            .init(method: "POST", url: webhookURL, headers: [(signature.name, signature.value)], body: bytes))
    }

    /// Waits until nobody listens any more: the bridge has begun to end by itself.
    func ended() async throws {
        for _ in 0..<4_000 {
            guard (try? await exchange.send(.init(url: adminURL + "/healthz"))) != nil else { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("the bridge still listens")
    }

    /// Waits until the log is evaluated and every mail is in a state that `isDone` accepts.
    func settled(_ isDone: @Sendable (DeliveryState) -> Bool = { $0 == .accepted || $0 == .dead }) async throws {
        for _ in 0..<2_000 {
            let status = try await store.status(now: clock.now())
            let states = try await store.deliveries(state: nil, before: nil, limit: 500).map(\.state)
            if status.unevaluated == 0, states.allSatisfy(isDone) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("the bridge did not settle")
    }
}
