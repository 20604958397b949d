import Events
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
package import ServiceLifecycle

/// The public address: takes `POST` at each source's path and leaves every decision to the receiver.
package struct WebhookListener: Sendable {
    private let sources: Current<SourceTable>
    private let receiver: Receiver
    private let limits: HTTPLimits
    private let budget: BodyBudget
    private let clock: any WallClock

    /// - Parameter sources: says which path leads to which source, and whose word about a sender's address is believed.
    package init(sources: Current<SourceTable>, receiver: Receiver, limits: HTTPLimits, clock: any WallClock) {
        self.sources = sources
        self.receiver = receiver
        self.limits = limits
        self.budget = BodyBudget(bytesMax: limits.bodiesInFlightBytesMax)
        self.clock = clock
    }

    /// The listener as a service that ends gracefully.
    package func service(
        host: String, port: Int, log: Logger, onListening: @escaping @Sendable (Int) -> Void
    ) -> any Service {
        HTTPListener(
            name: "webhooks", host: host, port: port, limits: limits, log: log, onListening: onListening,
            respond: { request, context in await respond(to: request, context) },
            isProxy: { address in sources.value.trustedProxies.contains { $0.contains(address) } }
        ).service()
    }

    /// Answers in the order 404, 405, 413, 415, then what the receiver says.
    private func respond(to request: Request, _ context: ListenerContext) async -> Response {
        guard let source = sources.value.name(atPath: request.uri.path) else {
            return refuse(.notFound, request, context)
        }
        guard request.method == .post else { return refuse(.methodNotAllowed, request, context) }
        let announced = request.headers[.contentLength].flatMap(Int.init)
        if let announced, announced > limits.bodyBytesMax { return refuse(.tooLarge, request, context) }
        if let encoding = request.headers[.contentEncoding], !encoding.isEmpty,
            encoding.lowercased() != "identity"
        {
            return refuse(.encoded, request, context)
        }
        let lease = BodyLease(budget)
        let body: [UInt8]
        do {
            body = try await read(request, announced: announced, lease)
        } catch let refusal {
            return refuse(refusal.answer, request, context)
        }
        let headers = request.headers.map { HeaderField(name: $0.name.rawName, value: $0.value) }
        let peer = context.channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        let inbound = InboundRequest(
            source: source, headers: headers, body: body, receivedAt: clock.now(),
            sender: ClientAddress.of(peer: peer, headers: headers, trusted: sources.value.trustedProxies))
        return response(
            await receiver.receive(inbound, holding: lease, on: EventLoopExecutor(context.channel.eventLoop)))
    }

    /// A body that was not read whole, and what to answer.
    private struct BodyRefusal: Error {
        let answer: ReceiverAnswer
    }

    private func read(
        _ request: Request, announced: Int?, _ lease: BodyLease
    ) async throws(BodyRefusal) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(min(announced ?? 0, 1 << 20))
        do {
            for try await chunk in request.body {
                let bytes = chunk.readableBytes
                guard body.count + bytes <= limits.bodyBytesMax else { throw BodyRefusal(answer: .tooLarge) }
                guard lease.take(bytes) else { throw BodyRefusal(answer: .unavailable) }
                body.append(contentsOf: chunk.readableBytesView)
            }
        } catch let refusal as BodyRefusal {
            throw refusal
        } catch is EdgeFault {
            throw BodyRefusal(answer: .tooSlow)
        } catch {
            // The sender hung up or broke the framing: nobody reads this answer, and nothing was taken.
            throw BodyRefusal(answer: .malformed("body ended early"))
        }
        return body
    }

    private func response(_ answer: ReceiverAnswer) -> Response {
        var extra = HTTPFields()
        if let seconds = answer.retryAfterSeconds { extra[.retryAfter] = "\(seconds)" }
        if answer.status == 405 { extra[.allow] = "POST" }
        return .json(answer.body, status: answer.status, extra: extra)
    }

    /// An answer before the body was read: the connection ends with it, unless the request had no body.
    private func refuse(_ answer: ReceiverAnswer, _ request: Request, _ context: ListenerContext) -> Response {
        var refusal = response(answer)
        let hasBody =
            request.headers[.transferEncoding] != nil || (request.headers[.contentLength] ?? "0") != "0"
        if hasBody { refusal.headers[.connection] = "close" }
        return refusal
    }
}
