package import Events
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
package import Rules
package import ServiceLifecycle
package import Store

/// The operators' address: health, and the API behind the commands. It serves loopback by default; on any other address
/// every call but `/healthz` needs the admin token.
package struct AdminListener: Sendable {
    /// The most records in one answer.
    package static let recordsMax = 500

    let store: any Store
    let courier: Courier
    private let token: Current<Secret?>
    private let reloader: Reloader?
    let clock: any WallClock
    private let memory: Current<EngineMemory>
    private let refused: (deliveries: RefusedDeliveries, receiver: Receiver)?
    private let log: Logger

    /// - Parameters:
    ///   - token: asked for as `Authorization: Bearer …` when set.
    ///   - reloader: brings a changed configuration into force; without one no call does.
    ///   - memory: what the rules remember, as of the last snapshot.
    ///   - refused: the deliveries that did not verify, where they are kept, and who refused them.
    package init(
        store: any Store, courier: Courier, token: Current<Secret?>, reloader: Reloader?, clock: any WallClock,
        memory: Current<EngineMemory>, refused: (deliveries: RefusedDeliveries, receiver: Receiver)? = nil, log: Logger
    ) {
        self.store = store
        self.courier = courier
        self.token = token
        self.reloader = reloader
        self.clock = clock
        self.memory = memory
        self.refused = refused
        self.log = log
    }

    /// The listener as a service that ends gracefully.
    package func service(host: String, port: Int, onListening: @escaping @Sendable (Int) -> Void) -> any Service {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 64 << 10
        return HTTPListener(
            name: "admin", host: host, port: port, limits: limits, log: log, onListening: onListening,
            respond: { request in
                var response = await respond(to: request)
                // Most calls have no body, so none is read; what is not read must not be taken for a further request.
                if (request.headers[.contentLength] ?? "0") != "0" || request.headers[.transferEncoding] != nil {
                    response.headers[.connection] = "close"
                }
                return response
            }
        ).service()
    }

    private func respond(to request: Request) async -> Response {
        let path = request.uri.path.split(separator: "/").map(String.init)
        if path == ["healthz"] { return .json(#"{"status":"ok"}"#, status: 200) }
        // A supervisor has no token: it is told the state and no more.
        if path == ["readyz"], request.method == .get, !isAllowed(request) { return await bareReadiness() }
        guard isAllowed(request) else {
            return .json(
                #"{"error":"not allowed: give the admin token, or call loopback by its address"}"#, status: 401)
        }
        do {
            switch (request.method, path.first, path.dropFirst().first, path.count) {
            case (.get, "readyz", nil, 1): return try await readiness()
            case (.post, "reload", nil, 1), (.post, "api", "reload", 2): return await reload()
            case (.get, "api", "events", 2): return try await events(request)
            case (.get, "api", "events", 3): return try await event(path[2])
            case (.get, "api", "mails", 2): return try await mails(request)
            case (.post, "api", "mails", 3) where path[2] == "resume": return try await resume()
            case (.get, "api", "mails", 3): return try await mail(path[2])
            case (.get, "api", "refused", 2): return try refusedList()
            case (.get, "api", "refused", 3): return try await refusedOne(path[2])
            case (.post, "api", "mails", 4) where path[3] == "retry": return try await retry(path[2])
            case (.get, "api", "suppressed", 2): return try await suppressed(limit: limit(request))
            case (.post, "api", "suppressed", 3) where path[2] == "remove": return try await liftSuppression(request)
            case (.get, "api", "silences", 2): return try await silences()
            case (.post, "api", "silences", 2): return try await addSilence(request)
            case (.post, "api", "silences", 4) where path[3] == "end": return try await endSilence(path[2])
            default: return .json(#"{"error":"no such call"}"#, status: 404)
            }
        } catch {
            return failure(error)
        }
    }

    /// The token when one is set. A browser page must not reach the API through the operator's machine: calls that
    /// carry an `Origin`, or a `Host` that is a name other than localhost (DNS rebinding), are refused without a token.
    private func isAllowed(_ request: Request) -> Bool {
        if let token = token.value {
            guard let given = request.headers[.authorization] else { return false }
            return token.matches(bearer: given)
        }
        guard request.headers[.origin] == nil else { return false }
        let host = request.head.authority ?? ""
        let name = host.hasPrefix("[") ? host : String(host.split(separator: ":").first ?? "")
        return name == "localhost" || name.hasPrefix("[") || name.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39) ~= $0 }
    }

    private func readiness() async throws(StoreError) -> Response {
        let now = clock.now()
        let readiness = Readiness(
            status: try await store.status(now: now), hold: courier.hold(at: now),
            servers: courier.serverStandings, now: now)
        var object = readiness.json.object ?? JSONObject()
        object["memory"] = memory.value.json
        object["configuration"] = reloader.map { $0.standing.json } ?? .null
        return .json(JSONValue.object(object).text, status: readiness.isReady ? 200 : 503)
    }

    private func bareReadiness() async -> Response {
        let now = clock.now()
        guard let status = try? await store.status(now: now) else {
            return .json(#"{"status":"not ready"}"#, status: 503)
        }
        let isReady = Readiness(
            status: status, hold: courier.hold(at: now), servers: courier.serverStandings, now: now
        ).isReady
        return .json(isReady ? #"{"status":"ready"}"# : #"{"status":"not ready"}"#, status: isReady ? 200 : 503)
    }

    private func events(_ request: Request) async throws(StoreError) -> Response {
        let records = try await store.events(before: number(request, "before"), limit: limit(request))
        return .json(JSONValue.array(records.map { EventReport(record: $0).json }).text, status: 200)
    }

    private func event(_ id: String) async throws(StoreError) -> Response {
        guard let id = Int64(id), let record = try await store.event(id) else { throw .notFound }
        let decisions = try await store.decisions(aboutEvent: id)
        return .json(EventReport(record: record, decisions: decisions).json.text, status: 200)
    }

    private func mails(_ request: Request) async throws(StoreError) -> Response {
        let word = request.uri.queryParameters["state"].map(String.init)
        let state = word.flatMap { DeliveryState(rawValue: $0) }
        guard word == nil || state != nil else { return .json(#"{"error":"no such state"}"#, status: 400) }
        let records = try await store.deliveries(
            state: state, before: number(request, "before"), limit: limit(request))
        return .json(JSONValue.array(records.map { MailReport(record: $0).json }).text, status: 200)
    }

    private func mail(_ id: String) async throws(StoreError) -> Response {
        guard let id = Int64(id), let detail = try await store.delivery(id) else { throw .notFound }
        let siblings = try await store.deliveries(ofNotification: detail.record.notification.id)
        return .json(MailReport(detail: detail, siblings: siblings).json.text, status: 200)
    }

    /// Everything that is held goes out now, one mail first.
    private func resume() async throws(StoreError) -> Response {
        let count = try await store.resumeHeld(now: clock.now())
        courier.resume()
        return .json(#"{"status":"resumed","mails":\#(count)}"#, status: 200)
    }

    private func retry(_ id: String) async throws(StoreError) -> Response {
        guard let id = Int64(id) else { throw .notFound }
        try await store.retry(delivery: id, now: clock.now())
        courier.resume()
        return .json(#"{"status":"queued"}"#, status: 200)
    }

    private func reload() async -> Response {
        guard let reloader else {
            return .json(#"{"error":"this server does not reload its configuration"}"#, status: 409)
        }
        let outcome = await reloader.reload(.command)
        return .json(outcome.json.text, status: outcome.status)
    }

    private func keptRefused() throws(StoreError) -> (deliveries: RefusedDeliveries, receiver: Receiver) {
        guard let refused else {
            throw .notAllowed("refused deliveries are not kept; start the server with --keep-refused")
        }
        return refused
    }

    private func refusedList() throws(StoreError) -> Response {
        let kept = try keptRefused().deliveries.all(at: clock.now())
        return .json(JSONValue.array(kept.map { RefusedReport(kept: $0).json }).text, status: 200)
    }

    /// The search may hash for seconds, so it gets a task of its own.
    private func refusedOne(_ id: String) async throws(StoreError) -> Response {
        let refused = try keptRefused()
        guard let kept = refused.deliveries.all(at: clock.now()).first(where: { "\($0.id)" == id }) else {
            throw .notFound
        }
        let diagnosis = await Task.detached { refused.receiver.diagnosis(of: kept.request) }.value
        return .json(RefusedReport(kept: kept, diagnosis: diagnosis).json.text, status: 200)
    }

    private func failure(_ error: any Error) -> Response {
        switch error as? StoreError {
        case .notFound: return .json(#"{"error":"no such record"}"#, status: 404)
        case .notAllowed(let reason):
            var object = JSONObject()
            object["error"] = .string(reason)
            return .json(JSONValue.object(object).text, status: 409)
        case let error:
            log.error("admin call failed", metadata: ["error": "\(error?.shortDescription ?? "unknown")"])
            return .json(#"{"error":"the store did not answer"}"#, status: 503)
        }
    }

    private func number(_ request: Request, _ name: String) -> Int64? {
        request.uri.queryParameters[Substring(name)].flatMap { Int64($0) }
    }

    private func limit(_ request: Request) -> Int {
        max(1, min(number(request, "limit").map(Int.init) ?? 50, Self.recordsMax))
    }
}

extension Secret {
    /// Compares `Bearer …` with the secret in constant time.
    func matches(bearer header: String) -> Bool {
        let prefix = "bearer "
        guard header.lowercased().hasPrefix(prefix) else { return false }
        return matches(Array(header.utf8.dropFirst(prefix.utf8.count)))
    }
}

extension JSONValue {
    /// The compact JSON text.
    package var text: String { String(decoding: encoded(), as: UTF8.self) }
}
