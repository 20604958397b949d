extension IPAddress {
    /// Whom an address belongs to: itself with IPv4, its /64 with IPv6, which is what one customer is given (RFC 6177).
    package struct Network: Sendable, Hashable {
        fileprivate let bytes: [UInt8]
    }

    /// The network that connections of this address are counted for.
    package var network: Network {
        Network(bytes: isIPv4 ? bytes : Array(bytes.prefix(8)))
    }
}
