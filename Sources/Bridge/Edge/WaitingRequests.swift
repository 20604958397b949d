import NIOCore
import NIOHTTP1

/// Requests that came in before the one ahead of them was answered, in order (pipelining, RFC 9112 §9.3.2).
///
/// No webhook sender does this on purpose, but one may see the end of an answer a moment before we have written it.
struct WaitingRequests {
    /// The most requests that wait; what comes behind them is not taken, and the connection ends with the last.
    static let requestsMax = 16

    private var parts: [HTTPServerRequestPart] = []
    private var heads = 0
    private var heldEvent: ChannelEvent?
    /// Whether somebody asked for bytes while requests waited.
    var isReadHeld = false

    /// Whether nothing waits.
    var isEmpty: Bool { parts.isEmpty }

    /// Whether no further request may wait after the next.
    var isFull: Bool { heads >= Self.requestsMax - 1 }

    /// Keeps a part of a request if it must wait; returns whether it must.
    mutating func take(_ part: HTTPServerRequestPart, isServing: Bool) -> Bool {
        guard isServing else { return false }
        if case .head = part {
            heads += 1
        } else if parts.isEmpty {
            return false
        }
        parts.append(part)
        return true
    }

    /// Keeps an event for after the last part; returns whether it must wait.
    mutating func hold(_ event: ChannelEvent) -> Bool {
        guard !isEmpty else { return false }
        heldEvent = event
        return true
    }

    /// Takes out the first request, as far as it has come.
    mutating func next() -> [HTTPServerRequestPart] {
        let end = parts.dropFirst().firstIndex { if case .head = $0 { true } else { false } } ?? parts.count
        let request = Array(parts[..<end])
        parts.removeSubrange(..<end)
        heads -= 1
        return request
    }

    /// Takes out what was kept for after the last part.
    mutating func release() -> (event: ChannelEvent?, isReadHeld: Bool) {
        defer { (heldEvent, isReadHeld) = (nil, false) }
        return (heldEvent, isReadHeld)
    }

    /// Throws away the last request, which has not come whole.
    mutating func dropLast() {
        guard let start = parts.lastIndex(where: { if case .head = $0 { true } else { false } }) else { return }
        parts.removeSubrange(start...)
        heads -= 1
    }

    /// Throws all away.
    mutating func removeAll() {
        parts = []
        heads = 0
    }
}
