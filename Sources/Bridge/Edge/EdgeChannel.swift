import Events
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1.1 connection with our edge in it, its requests handled on its own event loop.
struct EdgeChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    let limits: HTTPLimits
    let peers: PeerCount
    /// Whether connections of an address belong to a proxy, behind which many senders stand.
    let isProxy: @Sendable (IPAddress) -> Bool

    init(
        responder: @escaping HTTPChannelHandler.Responder, limits: HTTPLimits,
        isProxy: @escaping @Sendable (IPAddress) -> Bool
    ) {
        base = HTTP1Channel(
            responder: responder,
            configuration: .init(
                idleTimeout: nil,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerFieldBytesMax, maxHeaderListSize: limits.headerBytesMax,
                    maxHeaderFieldCount: limits.headerFieldsMax)))
        self.limits = limits
        self.peers = PeerCount(connectionsMax: limits.connectionsPerPeerMax)
        self.isProxy = isProxy
    }

    /// Adds the edge to a new connection, or closes it when its address has enough of them.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let peer = channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        let isProxy = peer.map { $0.isLoopback || self.isProxy($0) } ?? false
        var isRefused = false
        if let network = peer?.network, !isProxy {
            if peers.enter(network) {
                let peers = peers
                channel.closeFuture.whenComplete { _ in peers.leave(network) }
            } else {
                isRefused = true
            }
        }
        let idleSecondsMax = isProxy ? limits.proxyIdleSecondsMax : limits.idleSecondsMax
        let limits = limits
        let wasRefused = isRefused
        return base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let edge = EdgeHandler(limits: limits, idleSecondsMax: idleSecondsMax)
            try pipeline.addHandler(edge, position: .after(parser))
            try pipeline.addHandler(EdgeGate(edge, context: pipeline.context(handler: edge)), position: .first)
            // Refused here and not by an error: one would end the listener.
            if wasRefused { channel.eventLoop.execute { channel.close(promise: nil) } }
            return value
        }
    }

    /// Reads requests and writes answers until the connection ends.
    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }
}
