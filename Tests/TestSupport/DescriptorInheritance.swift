import Glibc
import Synchronization

/// Keeps connections of in-process servers out of programs that are started meanwhile.
///
/// A program that inherits an accepted connection keeps it open after the server has closed it, and the client waits
/// for ever. `accept` cannot mark a descriptor closed on exec in one step from Swift, so accepting and starting a
/// program exclude each other.
package enum DescriptorInheritance {
    private static let lock = Mutex(())

    /// Runs `body`, which starts a program, while nothing is being accepted.
    static func whileNothingIsAccepted<Value>(_ body: () -> Value) -> Value {
        lock.withLock { _ in body() }
    }

    /// Serves every connection of `listener` until that is shut down or `serve`, which is given one connection after
    /// the other, says `false`; on a thread of its own.
    package static func acceptAll(of listener: Int32, _ serve: @escaping @Sendable (Int32) -> Bool) {
        DetachedThread.start {
            while let connection = accept(listener), serve(connection) {}
            close(listener)
        }
    }

    /// Waits for the next connection of `listener`; `nil` when the listener was shut down.
    package static func accept(_ listener: Int32) -> Int32? {
        var flags = fcntl(listener, F_GETFL)
        flags |= O_NONBLOCK
        _ = fcntl(listener, F_SETFL, flags)
        while true {
            var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, -1) >= 0 || errno == EINTR else { return nil }
            let (connection, fault) = lock.withLock { _ in
                let connection = Glibc.accept(listener, nil, nil)
                let fault = errno
                if connection >= 0 { _ = fcntl(connection, F_SETFD, FD_CLOEXEC) }
                return (connection, fault)
            }
            if connection >= 0 { return connection }
            guard [EAGAIN, EINTR, ECONNABORTED].contains(fault) else { return nil }
        }
    }
}
