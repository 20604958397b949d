/// A real reverse proxy with the configuration that README shows, before a port of 127.0.0.1.
package protocol ProxyInstance: AnyObject {
    /// Where it listens on loopback, without TLS.
    var port: Int { get }
    /// What it wrote of faults, its own and those of the server behind it.
    var errorLog: String { get }
}
