import Glibc
import NIOCore

/// Why a listener could not have its address.
package struct ListenFault: Error, Equatable, CustomStringConvertible {
    /// What stands in the way.
    package enum Reason: Sendable, Equatable {
        /// Another process listens there (`EADDRINUSE`).
        case taken
        /// The port needs a privilege that the process has not (`EACCES`).
        case notAllowed
        /// No interface of this machine has the address (`EADDRNOTAVAIL`).
        case notHere
        /// The host's name leads to no address.
        case unknownHost
        /// Anything else, in the system's words.
        case other(String)
    }

    /// The key of the configuration that names the address: `listen` or `admin`.
    package let key: String
    package let host: String
    package let port: Int
    package let reason: Reason

    /// `nil` for an error that is about something else than the address.
    init?(_ error: any Error, key: String, host: String, port: Int) {
        switch error {
        case let error as IOError:
            reason =
                switch error.errnoCode {
                case EADDRINUSE: .taken
                case EACCES, EPERM: .notAllowed
                case EADDRNOTAVAIL: .notHere
                default: .other(String(cString: strerror(error.errnoCode)))
                }
        case is SocketAddressError, is SocketAddressError.UnknownHost: reason = .unknownHost
        default: return nil
        }
        self.key = key
        self.host = host
        self.port = port
    }

    /// The address as the configuration has it.
    private var address: String { ListenAddress(host: host, port: port).description }

    /// What is wrong, in a sentence or two.
    package var description: String {
        switch reason {
        case .taken: "Another process listens at \(address) (`\(key)`). Which one cannot be told from here."
        case .notAllowed: "This process may not listen at \(address) (`\(key)`): ports below 1024 need a privilege."
        case .notHere: "No interface of this machine has the address of \(address) (`\(key)`)."
        case .unknownHost: "The name in \(address) (`\(key)`) leads to no address."
        case .other(let words): "Nothing can listen at \(address) (`\(key)`): \(words)."
        }
    }

    /// What to do about it.
    package var hint: String {
        switch reason {
        case .taken:
            "`sudo ss -ltnp 'sport = :\(port)'` shows it; or give `\(key)` another port."
        case .notAllowed:
            "give `\(key)` a port from 1024 on and put a reverse proxy before it, or let systemd give the privilege: "
                + "AmbientCapabilities=CAP_NET_BIND_SERVICE."
        case .notHere: "`ip addr` shows which there are; 0.0.0.0 and [::] stand for all of them."
        case .unknownHost: "write an address, such as 127.0.0.1, or a name that `getent ahosts` knows."
        case .other: "give `\(key)` another address."
        }
    }
}
