import Glibc

/// TCP ports on 127.0.0.1 for servers that tests start.
package enum LoopbackPort {
    /// The first of `count` neighbouring ports that are free at this moment.
    package static func free(count: Int = 1) throws -> Int {
        for _ in 0..<200 {
            let first = try bound(to: 0)
            let rest = (1..<max(count, 1)).map { first.port + $0 }
            close(first.descriptor)
            guard first.port + count < 65_536 else { continue }
            let areFree = rest.allSatisfy { port in
                guard let other = try? bound(to: port) else { return false }
                close(other.descriptor)
                return true
            }
            if areFree { return first.port }
        }
        throw TestSupportFault("No \(count) neighbouring ports are free.")
    }

    /// Whether somebody accepts connections there.
    package static func accepts(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(bitPattern: SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return withAddress(port) { connect(descriptor, $0, $1) } == 0
    }

    /// Waits until somebody accepts connections there.
    package static func waitUntilAccepting(_ port: Int, within limit: Duration = .seconds(20)) async throws {
        let deadline = ContinuousClock.now + limit
        while !accepts(port) {
            guard ContinuousClock.now < deadline else { throw TestSupportFault("Nobody listens on port \(port).") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// A bound socket on 127.0.0.1; `port` 0 lets the system choose.
    package static func bound(to port: Int) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(bitPattern: SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestSupportFault("No socket: errno \(errno).") }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard withAddress(port, { bind(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            throw TestSupportFault("Port \(port) cannot be bound: errno \(errno).")
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
