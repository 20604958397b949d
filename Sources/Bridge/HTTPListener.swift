import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// What a responder needs of the connection a request came over.
struct ListenerContext: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }
}

/// The limits of every HTTP listener, each with its unit.
package struct HTTPLimits: Sendable {
    /// The largest body taken, in bytes: 32 MiB, because stored logs of the platform may exceed its 20 MB ingest limit.
    package var bodyBytesMax = 32 << 20
    /// The most bytes of bodies held at one time over all connections.
    package var bodiesInFlightBytesMax = 256 << 20
    /// How long a body may take from its first byte to its last, in seconds.
    package var bodySecondsMax: Int64 = 60
    /// How long a connection may be silent before it is closed, in seconds.
    package var idleSecondsMax: Int64 = 30

    package init() {}
}

extension HTTPListener {
    /// How long after an answer that leaves body bytes unread the connection is cut, in milliseconds: long enough for
    /// the answer to arrive, short enough that no sender can pour bytes in for free.
    static var cutMilliseconds: Int64 { 500 }
}

/// One HTTP/1.1 listener: an address and a closure that answers.
struct HTTPListener: Sendable {
    let name: String
    let host: String
    let port: Int
    let limits: HTTPLimits
    let log: Logger
    /// Told the port once the socket listens (useful with port 0).
    let onListening: @Sendable (Int) -> Void
    let respond: @Sendable (Request, ListenerContext) async -> Response

    /// The listener as a service: `run` returns after a graceful shutdown, when running requests have been answered.
    func service() -> Application<CallbackResponder<ListenerContext>> {
        Application(
            responder: CallbackResponder { request, context in await respond(request, context) },
            server: .init { responder in
                LoopBoundChannel(
                    http: HTTP1Channel(
                        responder: responder, configuration: .init(idleTimeout: .seconds(limits.idleSecondsMax))))
            },
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                log.info(
                    "listening", metadata: ["listener": "\(name)", "host": "\(host)", "port": .stringConvertible(port)])
                onListening(port)
            },
            logger: quiet(log)
        )
    }

    /// Cuts the connection soon: used with answers that leave the rest of the body unread.
    static func cutSoon(_ context: ListenerContext) {
        context.channel.eventLoop.scheduleTask(in: .milliseconds(cutMilliseconds)) {
            context.channel.close(promise: nil)
        }
    }

    /// The framework's own words say neither what nor where; what matters is logged, or thrown and explained, by us.
    private func quiet(_ log: Logger) -> Logger {
        Logger(label: "hummingbird") { _ in SwiftLogNoOpLogHandler() }
    }
}

extension Response {
    /// A JSON answer that no browser renders, frames or keeps.
    static func json(_ body: String, status: Int, extra: HTTPFields = [:]) -> Response {
        var headers = extra
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: .init(code: status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}
