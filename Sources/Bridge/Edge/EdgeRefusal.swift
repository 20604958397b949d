import NIOCore
import NIOHTTP1

/// An answer that the edge gives by itself, before a request is anybody else's: constant, without a word of what was
/// sent, and the last one of its connection.
enum EdgeRefusal: Sendable {
    /// 400: the request is malformed, or says in two ways where it ends.
    case malformed
    /// 408: the request's head came too slowly.
    case tooSlow
    /// 431: more header fields, or longer ones, than are taken.
    case headerTooLarge

    /// The refusal for what the parser threw.
    init(_ error: any Error) {
        self = error as? HTTPParserError == .headerOverflow ? .headerTooLarge : .malformed
    }

    private var status: HTTPResponseStatus {
        switch self {
        case .malformed: .badRequest
        case .tooSlow: .requestTimeout
        case .headerTooLarge: .requestHeaderFieldsTooLarge
        }
    }

    private var text: String {
        switch self {
        case .malformed: #"{"error":"malformed request"}"#
        case .tooSlow: #"{"error":"request too slow"}"#
        case .headerTooLarge: #"{"error":"header too large"}"#
        }
    }

    /// The whole answer.
    var bytes: ByteBuffer {
        ByteBuffer(
            string: """
                HTTP/1.1 \(status.code) \(status.reasonPhrase)\r
                content-type: application/json\r
                content-length: \(text.utf8.count)\r
                cache-control: no-store\r
                connection: close\r
                \r
                \(text)
                """)
    }
}
