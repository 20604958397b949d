import Glibc

/// A connection that sends bytes as they are, for requests that no HTTP client would make. Blocks its thread.
package final class RawHTTPConnection {
    private let descriptor: Int32

    /// Connects to a port of 127.0.0.1, or of another loopback address that it connects from as well.
    package init(port: Int, from address: String = "127.0.0.1") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(bitPattern: SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestSupportFault("No socket: errno \(errno).") }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        let outcome = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else {
            close(descriptor)
            throw TestSupportFault("No connection to port \(port): errno \(errno).")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Sends bytes; `false` when the other side has closed.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }

    /// Sends no more; the other side learns that.
    package func endSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// What comes until the other side closes or nothing has come for `silence` milliseconds.
    package func receive(silence milliseconds: Int32) -> (bytes: [UInt8], isClosed: Bool) {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, milliseconds) > 0 else { return (received, false) }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 || errno != EINTR {
                return (received, true)
            }
        }
    }

    /// The status codes of the answers in received bytes, in their order.
    package static func statuses(_ bytes: [UInt8]) -> [Int] {
        String(decoding: bytes, as: UTF8.self).components(of: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
    }
}

extension String {
    /// What stands behind each occurrence of a text.
    fileprivate func components(of text: String) -> [Substring] {
        var found: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            rest = rest[range.upperBound...]
            found.append(rest)
        }
        return found
    }
}
