/// The limits of every HTTP listener, each with its unit.
package struct HTTPLimits: Sendable {
    /// The most connections that wait to be accepted; Linux takes no more than `net.core.somaxconn` of them.
    static let backlogMax = 1_024

    /// The largest body taken, in bytes: 32 MiB, because stored logs of the platform may exceed its 20 MB ingest limit.
    package var bodyBytesMax = 32 << 20
    /// The most bytes of bodies held at one time over all connections.
    package var bodiesInFlightBytesMax = 256 << 20
    /// How long a body may take from its first byte to its last, in seconds.
    package var bodySecondsMax: Int64 = 60
    /// How long a body may take without any rate, in seconds: each `bodyBytesPerSecondMin` bytes add another second.
    package var bodyGraceSeconds: Int64 = 10
    /// The slowest body taken, in bytes a second.
    package var bodyBytesPerSecondMin: Int64 = 1_000
    /// How long an answer may take until the other side has read it, in seconds: far longer than the store is waited
    /// for.
    package var answerSecondsMax: Int64 = 60
    /// How long a request's head may take from its first byte to its last, in seconds.
    package var headerSecondsMax: Int64 = 10
    /// How long a connection may be silent before it is closed, in seconds.
    package var idleSecondsMax: Int64 = 30
    /// The same for connections of a proxy, which are kept to be used again: longer than the 60 seconds after which
    /// nginx closes them itself (`keepalive_timeout` of an upstream), so that none is closed in the moment of its use.
    package var proxyIdleSecondsMax: Int64 = 75
    /// The most connections at a time; more wait in the system's queue.
    package var connectionsMax = 1_024
    /// The most connections at a time of one address (of one /64 with IPv6) that is no proxy.
    package var connectionsPerPeerMax = 64
    /// The longest header field, in bytes of its name or its value; also the longest target.
    package var headerFieldBytesMax = 8 << 10
    /// The most bytes of all header fields and the target together.
    package var headerBytesMax = 32 << 10
    /// The most header fields.
    package var headerFieldsMax = 64
    /// How long after the last answer a connection still takes bytes, in milliseconds, so that the answer arrives and
    /// is not overtaken by a reset.
    package var lingerMilliseconds: Int64 = 500
    /// How long a silent connection stays open in a graceful shutdown, in milliseconds: what a proxy sends over it
    /// meanwhile is answered, with `Connection: close`.
    package var drainMilliseconds: Int64 = 1_000

    package init() {}
}
