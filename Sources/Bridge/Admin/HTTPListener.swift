import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// What Hummingbird hands on with a request; nobody here needs any of it.
struct ListenerContext: InitializableFromSource {
    init(source: ApplicationRequestContextSource) {}
}

/// One HTTP/1.1 listener served by Hummingbird: an address and a closure that answers.
struct HTTPListener: Sendable {
    /// The key of the configuration that names its address.
    let name: String
    let host: String
    let port: Int
    let limits: HTTPLimits
    let log: Logger
    /// Told the port once the socket listens (useful with port 0).
    let onListening: @Sendable (Int) -> Void
    let respond: @Sendable (Request) async -> Response

    /// The listener as a service: `run` returns after a graceful shutdown, when running requests have been answered,
    /// and throws `ListenFault` when the address cannot be had.
    func service() -> any Service { Explained(application: application(), name: name, host: host, port: port) }

    /// An application whose own words for an address that cannot be had are replaced by ours.
    private struct Explained: Service {
        let application: Application<CallbackResponder<ListenerContext>>
        let name: String
        let host: String
        let port: Int

        func run() async throws {
            do {
                try await application.run()
            } catch {
                throw ListenFault(error, key: name, host: host, port: port) ?? error
            }
        }
    }

    private func application() -> Application<CallbackResponder<ListenerContext>> {
        Application(
            responder: CallbackResponder { request, _ in await respond(request) },
            server: HTTPServerBuilder { EdgeChannel(responder: $0, limits: limits) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil, backlog: HTTPLimits.backlogMax,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    limits.connectionsMax, logger: quiet(log))),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                log.info(
                    "listening", metadata: ["listener": "\(name)", "host": "\(host)", "port": .stringConvertible(port)])
                onListening(port)
            },
            logger: quiet(log)
        )
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
