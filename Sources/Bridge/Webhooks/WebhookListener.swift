import Events
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
package import ServiceLifecycle

/// The public address: takes `POST` at each source's path and leaves every decision to the receiver.
package struct WebhookListener: Sendable {
    private let intake: WebhookIntake

    /// - Parameters:
    ///   - sources: says which path leads to which source, and whose word about a sender's address is believed.
    ///   - links: serves the links of mails.
    package init(
        sources: Current<SourceTable>, receiver: Receiver, links: LinkDesk?, limits: HTTPLimits, clock: any WallClock
    ) {
        intake = WebhookIntake(sources: sources, receiver: receiver, links: links, limits: limits, clock: clock)
    }

    /// The listener as a service that ends gracefully.
    package func service(
        host: String, port: Int, log: Logger, onListening: @escaping @Sendable (Int) -> Void
    ) -> any Service {
        Listening(intake: intake, host: host, port: port, log: log, onListening: onListening)
    }
}

/// A webhook listener at an address.
private struct Listening: Service {
    let intake: WebhookIntake
    let host: String
    let port: Int
    let log: Logger
    /// Told the port once the socket listens (useful with port 0).
    let onListening: @Sendable (Int) -> Void

    /// Serves until a graceful shutdown, and returns when running requests have been answered. Throws when the address
    /// cannot be had.
    func run() async throws {
        let connections = OpenConnections()
        let server = try await listen(connections)
        let port = server.localAddress?.port ?? 0
        log.info(
            "listening", metadata: ["listener": "webhooks", "host": "\(host)", "port": .stringConvertible(port)])
        onListening(port)
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                try? await server.closeFuture.get()
                await connections.ended()
            } onGracefulShutdown: {
                server.close(promise: nil)
                // On this loop, behind the setting up of what it accepted last.
                server.eventLoop.execute { connections.drain() }
            }
        } onCancel: {
            server.close(promise: nil)
            server.eventLoop.execute { connections.close() }
        }
    }

    private func listen(_ connections: OpenConnections) async throws -> any Channel {
        let intake = intake
        let limits = intake.limits
        let door = EdgeDoor(
            limits: limits,
            isProxy: { address in intake.sources.value.trustedProxies.contains { $0.contains(address) } })
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: Int32(HTTPLimits.backlogMax))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(
                        AcceptGate(connections, connectionsMax: limits.connectionsMax))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits.parserLimits)))
                    let (edge, peer) = try door.admit(channel)
                    try pipeline.addHandler(WebhookHandler(intake, edge: edge, peer: peer))
                }
            }
        do {
            return try await bootstrap.bind(host: host, port: port).get()
        } catch {
            throw ListenFault(error, key: "listen", host: host, port: port) ?? error
        }
    }
}
