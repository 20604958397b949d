import CCurl
import Glibc
import Synchronization

/// The sockets one libcurl handle has open, so that another thread can cut them without a race.
///
/// libcurl asks this object to open and to close each socket. Closing and cutting take the same lock, so a cut never
/// hits a descriptor number that has meanwhile been given to somebody else. Cutting wakes a blocked
/// `curl_easy_perform` at once, where the progress callback would need up to a second.
final class OpenSockets: Sendable {
    private struct State {
        var descriptors: [Int32] = []
        var openedCount = 0
        var isCut = false
    }

    private let state = Mutex(State())

    /// How many sockets were opened so far; a transfer during which it did not grow used a kept connection.
    var openedCount: Int {
        state.withLock { $0.openedCount }
    }

    /// Whether `cut` was called: no new socket is opened from then on.
    var isCut: Bool {
        state.withLock { $0.isCut }
    }

    /// Whether any socket is open.
    var isEmpty: Bool {
        state.withLock { $0.descriptors.isEmpty }
    }

    /// Whether any of them is connected: its other side has a name.
    var isAnyConnected: Bool {
        state.withLock { state in
            state.descriptors.contains { descriptor in
                var address = sockaddr_storage()
                var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                return withUnsafeMutablePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
                } == 0
            }
        }
    }

    /// Ends every connection now and refuses further ones. Callable from any thread.
    func cut() {
        state.withLock { state in
            state.isCut = true
            for descriptor in state.descriptors {
                shutdown(descriptor, Int32(SHUT_RDWR))
            }
        }
    }

    /// Makes every further read see the end of the stream, while what is written still goes out.
    ///
    /// `curl_easy_cleanup` writes QUIT and then waits for the reply, up to the whole reply time-out against a silent
    /// server, and that time-out cannot be shortened after the last transfer. With the reading side shut it does not
    /// wait, and the server still gets its QUIT.
    func endReading() {
        state.withLock { state in
            for descriptor in state.descriptors {
                shutdown(descriptor, Int32(SHUT_RD))
            }
        }
    }

    /// Opens a socket for libcurl; `CURL_SOCKET_BAD` when it cannot or must not.
    func open(family: Int32, type: Int32, protocolNumber: Int32) -> curl_socket_t {
        state.withLock { state in
            guard !state.isCut else { return hm_curl_socket_bad() }
            let closeOnExec = Int32(bitPattern: SOCK_CLOEXEC.rawValue)
            let descriptor = socket(family, type | closeOnExec, protocolNumber)
            guard descriptor >= 0 else { return hm_curl_socket_bad() }
            state.descriptors.append(descriptor)
            state.openedCount &+= 1
            return descriptor
        }
    }

    /// Closes a socket of libcurl's.
    func close(_ descriptor: curl_socket_t) -> Int32 {
        state.withLock { state in
            state.descriptors.removeAll { $0 == descriptor }
            return Glibc.close(descriptor)
        }
    }
}

extension CurlHandle {
    /// Lets `sockets` open and close all sockets of this handle. `sockets` must outlive the handle.
    func use(_ sockets: OpenSockets) throws(CurlFault) {
        let context = Unmanaged.passUnretained(sockets).toOpaque()
        try setOpenFunction(context: context) { context, _, address in
            guard let context, let address else { return hm_curl_socket_bad() }
            return Unmanaged<OpenSockets>.fromOpaque(context).takeUnretainedValue().open(
                family: address.pointee.family,
                type: address.pointee.socktype,
                protocolNumber: address.pointee.protocol
            )
        }
        try setCloseFunction(context: context) { context, descriptor in
            guard let context else { return Glibc.close(descriptor) }
            return Unmanaged<OpenSockets>.fromOpaque(context).takeUnretainedValue().close(descriptor)
        }
    }
}
