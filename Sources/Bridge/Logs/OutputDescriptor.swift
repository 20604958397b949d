import Glibc

/// A file descriptor that takes bytes whole or says why not: half a line or half a result is none.
package struct OutputDescriptor: Sendable {
    private let number: Int32

    /// - Parameter number: the descriptor, which stays open.
    package init(_ number: Int32) {
        self.number = number
    }

    /// Writes all bytes, with one write(2) as long as the descriptor takes them whole. Blocks its thread.
    /// - Returns: 0, or the `errno` with which the rest was refused.
    package func write(_ bytes: [UInt8]) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written == -1, errno == EAGAIN {
                // Somebody who shares the descriptor has made it non-blocking.
                var poll = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
                Glibc.poll(&poll, 1, -1)
            } else if written == 0 {
                return EIO
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
