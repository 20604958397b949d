import NIOCore

/// The first to see a connection's bytes and the last: tells the edge of those that come, throws away what comes after
/// the last answer, and is where the edge writes answers that are bytes already.
final class EdgeGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let edge: EdgeHandler

    init(_ edge: EdgeHandler) {
        self.edge = edge
    }

    func handlerAdded(context: ChannelHandlerContext) {
        edge.wire = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        edge.wire = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard edge.take(bytes: unwrapInboundIn(data).readableBytes) else { return }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Nobody behind asks for bytes any more, but unread ones would turn the close into a reset.
        if edge.isDone { context.read() }
    }
}
