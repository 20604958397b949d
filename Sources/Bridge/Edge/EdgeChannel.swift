import HummingbirdCore
import Logging
import NIOCore

/// Hummingbird's HTTP/1.1 connection with our edge in it.
struct EdgeChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    let door: EdgeDoor

    init(responder: @escaping HTTPChannelHandler.Responder, limits: HTTPLimits) {
        base = HTTP1Channel(
            responder: responder,
            configuration: .init(
                idleTimeout: nil,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerFieldBytesMax, maxHeaderListSize: limits.headerBytesMax,
                    maxHeaderFieldCount: limits.headerFieldsMax)))
        door = EdgeDoor(limits: limits)
    }

    /// Adds the edge to a new connection, or closes it when its address has enough of them.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            _ = try door.admit(channel)
            return value
        }
    }

    /// Reads requests and writes answers until the connection ends.
    func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
