/// A real reverse proxy with the configuration that README shows, before a port of 127.0.0.1.
package protocol ProxyInstance: AnyObject {
    /// Where it listens on loopback, without TLS.
    var port: Int { get }
    /// Starts it; it does not accept connections yet.
    init(before upstreamPort: Int) throws
    /// What it wrote of faults, its own and those of the server behind it.
    var errorLog: String { get }
}

extension ProxyInstance {
    /// Starts it and returns when it accepts connections.
    package static func before(_ upstreamPort: Int) async throws -> Self {
        let instance = try Self(before: upstreamPort)
        try await LoopbackPort.waitUntilAccepting(instance.port)
        return instance
    }
}
