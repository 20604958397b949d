import NIOCore

/// Stands before NIO's acceptor on a listening socket: lets no more connections in than may be open at a time, so that
/// others wait in the system's queue, and hands each to `OpenConnections`.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let connections: OpenConnections
    private let connectionsMax: Int
    private var openCount = 0
    private var isReadHeld = false

    /// - Parameter connectionsMax: the most connections at a time.
    init(_ connections: OpenConnections, connectionsMax: Int) {
        self.connections = connections
        self.connectionsMax = connectionsMax
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        openCount += 1
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        channel.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            let (handler, context) = bound.value
            handler.noteClose(context)
        }
        if connections.add(channel) {
            // Behind what sets the connection up, which this turn of the loop asks for.
            context.eventLoop.execute {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if openCount < connectionsMax { context.read() } else { isReadHeld = true }
    }

    private func noteClose(_ context: ChannelHandlerContext) {
        openCount -= 1
        guard isReadHeld, openCount < connectionsMax else { return }
        isReadHeld = false
        context.read()
    }
}
