import Events
import NIOCore
import NIOHTTP1

/// The door of a listener: counts the connections of each address, and puts the edge into the pipelines of new ones.
struct EdgeDoor: Sendable {
    private let limits: HTTPLimits
    private let peers: PeerCount
    private let isProxy: @Sendable (IPAddress) -> Bool

    /// - Parameter isProxy: whether connections of an address belong to a proxy, behind which many senders stand.
    init(limits: HTTPLimits, isProxy: @escaping @Sendable (IPAddress) -> Bool = { _ in false }) {
        self.limits = limits
        self.peers = PeerCount(connectionsMax: limits.connectionsPerPeerMax)
        self.isProxy = isProxy
    }

    /// Puts the edge behind the parser of a new connection and returns it with the other side's address, or sees to it
    /// that the connection is closed when that address has enough of them. Called on the connection's event loop.
    func admit(_ channel: any Channel) throws -> (edge: EdgeHandler, peer: IPAddress?) {
        let peer = channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        let isProxy = peer.map { $0.isLoopback || self.isProxy($0) } ?? false
        let pipeline = channel.pipeline.syncOperations
        let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let edge = EdgeHandler(
            limits: limits, idleSecondsMax: isProxy ? limits.proxyIdleSecondsMax : limits.idleSecondsMax)
        try pipeline.addHandler(edge, position: .after(parser))
        try pipeline.addHandler(EdgeGate(edge), position: .first)
        if let network = peer?.network, !isProxy { count(network, channel) }
        return (edge, peer)
    }

    private func count(_ network: IPAddress.Network, _ channel: any Channel) {
        if peers.enter(network) {
            let peers = peers
            channel.closeFuture.whenComplete { _ in peers.leave(network) }
        } else {
            // Closed here and not by an error: one would end the listener.
            channel.eventLoop.execute { channel.close(promise: nil) }
        }
    }
}

extension HTTPLimits {
    /// The parser's share of the limits.
    var parserLimits: NIOHTTPDecoderLimitConfiguration {
        var parserLimits = NIOHTTPDecoderLimitConfiguration()
        parserLimits.maxHeaderFieldSize = headerFieldBytesMax
        parserLimits.maxHeaderListSize = headerBytesMax
        parserLimits.maxHeaderFieldCount = headerFieldsMax
        return parserLimits
    }
}
