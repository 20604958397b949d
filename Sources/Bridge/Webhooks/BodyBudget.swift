import Synchronization

/// Bounds the memory of all request bodies in flight together. A request that finds no room is answered 503 at once, so
/// that many large bodies cannot exhaust the machine.
package final class BodyBudget: Sendable {
    private let bytesMax: Int
    private let bytesInFlight = Mutex(0)

    /// - Parameter bytesMax: the most bytes of bodies held at one time.
    package init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Takes `bytes` from the budget, or returns `false` and takes nothing.
    package func take(_ bytes: Int) -> Bool {
        bytesInFlight.withLock { inFlight in
            guard bytes <= bytesMax - inFlight else { return false }
            inFlight += bytes
            return true
        }
    }

    /// Gives back what was taken.
    package func give(_ bytes: Int) {
        bytesInFlight.withLock { $0 -= bytes }
    }
}
