import Synchronization

/// A setting that a reload replaces while others use it. Everyone takes the value once for each piece of work, so that
/// a piece of work sees one configuration.
package final class Current<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    package init(_ value: Value) {
        state = Mutex(value)
    }

    /// The value in force.
    package var value: Value {
        state.withLock { $0 }
    }

    /// Brings another value into force.
    package func replace(with value: Value) {
        state.withLock { $0 = value }
    }
}
