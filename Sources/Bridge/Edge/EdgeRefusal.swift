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

    /// The body of the answer.
    var text: String {
        switch self {
        case .malformed: #"{"error":"malformed request"}"#
        case .tooSlow: #"{"error":"request too slow"}"#
        case .headerTooLarge: #"{"error":"header too large"}"#
        }
    }

    /// The head of the answer.
    var head: HTTPResponseHead {
        HTTPResponseHead(
            version: .http1_1, status: status,
            headers: [
                "content-type": "application/json", "content-length": "\(text.utf8.count)",
                "cache-control": "no-store", "connection": "close",
            ])
    }
}
