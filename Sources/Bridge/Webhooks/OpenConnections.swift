import NIOCore
import Synchronization

/// The connections of a listener that are open, so that all of them can be told of its end.
final class OpenConnections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: any Channel] = [:]
        var isDraining = false
    }

    private let state = Mutex(State())

    /// Takes in a new connection until it closes. Returns whether the server ends already.
    func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isDraining = state.withLock { state in
            state.open[id] = channel
            return state.isDraining
        }
        channel.closeFuture.whenComplete { [self] _ in state.withLock { _ = $0.open.removeValue(forKey: id) } }
        return isDraining
    }

    /// Tells every connection that it is to end in good order.
    func drain() {
        for channel in begin() { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    /// Closes every connection as it is.
    func close() {
        for channel in begin() { channel.close(promise: nil) }
    }

    private func begin() -> [any Channel] {
        state.withLock { state in
            state.isDraining = true
            return Array(state.open.values)
        }
    }

    /// Returns when none is open.
    func ended() async {
        while let channel = state.withLock({ $0.open.values.first }) { try? await channel.closeFuture.get() }
    }
}
