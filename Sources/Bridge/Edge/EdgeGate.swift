import NIOCore

/// The first to see a connection's bytes: tells the edge of them, and throws away what comes after the last answer.
final class EdgeGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let edge: EdgeHandler
    private let edgeContext: ChannelHandlerContext

    /// - Parameter context: the place of `edge` in the same pipeline.
    init(_ edge: EdgeHandler, context: ChannelHandlerContext) {
        self.edge = edge
        edgeContext = context
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard edge.take(bytes: unwrapInboundIn(data).readableBytes, edgeContext) else { return }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Nobody behind asks for bytes any more, but unread ones would turn the close into a reset.
        if edge.isDone { context.read() }
    }
}
