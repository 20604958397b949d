import Synchronization

/// What one request holds of the budget. It is given back when the last who needs the body lets go, which may be the
/// store long after the sender was told to come back.
package final class BodyLease: Sendable {
    private let budget: BodyBudget
    private let bytes = Mutex(0)

    package init(_ budget: BodyBudget) {
        self.budget = budget
    }

    deinit { giveBack() }

    /// Gives everything back before the last holder lets go.
    package func giveBack() {
        budget.give(
            bytes.withLock { bytes in
                defer { bytes = 0 }
                return bytes
            })
    }

    /// Takes more, or returns `false` and takes nothing.
    package func take(_ more: Int) -> Bool {
        guard budget.take(more) else { return false }
        bytes.withLock { $0 += more }
        return true
    }
}
