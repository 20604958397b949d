import Synchronization

/// A disk whose free space a test sets.
final class FreeBytes: Sendable {
    private let bytes: Mutex<Int64>

    init(_ bytes: Int64) {
        self.bytes = Mutex(bytes)
    }

    var value: Int64 {
        get { bytes.withLock { $0 } }
        set { bytes.withLock { $0 = newValue } }
    }
}
