import Events
import Synchronization

/// Counts the connections of each address, so that one stranger cannot take them all.
final class PeerCount: Sendable {
    private let connectionsMax: Int
    private let counts = Mutex<[IPAddress.Network: Int]>([:])

    /// - Parameter connectionsMax: the most connections of one address at a time.
    init(connectionsMax: Int) {
        self.connectionsMax = connectionsMax
    }

    /// Counts a connection in, or returns `false` and counts nothing when there are enough.
    func enter(_ network: IPAddress.Network) -> Bool {
        counts.withLock { counts in
            let count = counts[network] ?? 0
            guard count < connectionsMax else { return false }
            counts[network] = count + 1
            return true
        }
    }

    /// Counts a connection out.
    func leave(_ network: IPAddress.Network) {
        counts.withLock { counts in
            guard let count = counts[network] else { return }
            counts[network] = count > 1 ? count - 1 : nil
        }
    }
}
