package import Events
import Synchronization

/// Requests that did not verify, kept on the operator's wish (`serve --keep-refused`) for the signature doctor.
///
/// They are strangers' requests as they came, bodies and headers, so they are held in memory alone, for a short time
/// and within bounds, and are never written or handed out: the doctor says what it finds about them.
package final class RefusedDeliveries: Sendable {
    /// How long a delivery is kept, in seconds.
    package static let secondsMax: Int64 = 600
    /// How many are kept; the oldest goes first.
    package static let countMax = 20
    /// How many bytes of bodies and headers are kept in all.
    package static let bytesMax = 8 << 20
    /// Larger ones are not kept, in bytes: one of them should not push out all the others.
    package static let deliveryBytesMax = 2 << 20

    /// A kept delivery.
    package struct Kept: Sendable {
        /// Counts up from 1 since the start.
        package let id: Int
        package let request: InboundRequest
        /// Of body and headers together.
        package let bytes: Int
    }

    private struct State {
        var last = 0
        var kept: [Kept] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Keeps a request, unless it is too large.
    package func keep(_ request: InboundRequest) {
        let bytes = request.headers.reduce(request.body.count) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        guard bytes <= Self.deliveryBytesMax else { return }
        state.withLock { state in
            state.last += 1
            state.kept.append(Kept(id: state.last, request: request, bytes: bytes))
            var total = state.kept.reduce(0) { $0 + $1.bytes }
            while state.kept.count > Self.countMax || total > Self.bytesMax {
                total -= state.kept.removeFirst().bytes
            }
        }
    }

    /// What is kept and not too old, the oldest first.
    package func all(at now: Timestamp) -> [Kept] {
        state.withLock { $0.kept.filter { !Self.isOld($0, at: now, seconds: Self.secondsMax) } }
    }

    /// Forgets what would be too old before the next sweep, so that nothing is held longer than `secondsMax`.
    ///
    /// - Parameter interval: The time between two sweeps, in seconds.
    package func sweep(at now: Timestamp, every interval: Int64) {
        state.withLock { state in
            state.kept.removeAll { Self.isOld($0, at: now, seconds: Self.secondsMax - interval) }
        }
    }

    private static func isOld(_ kept: Kept, at now: Timestamp, seconds: Int64) -> Bool {
        kept.request.receivedAt.advanced(by: .seconds(seconds)) <= now
    }
}
