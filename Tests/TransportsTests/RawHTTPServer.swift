import Glibc
import Synchronization
import TestSupport

/// An HTTP server that answers every request with the same bytes and keeps what it gets.
final class RawHTTPServer: Sendable {
    let port: Int
    private let listener: Int32
    private let state = Mutex<(requests: [String], connections: Int)>(([], 0))

    /// The requests so far, head and body.
    var requests: [String] { state.withLock { $0.requests } }
    /// How many connections there were.
    var connections: Int { state.withLock { $0.connections } }

    /// Answers with `response`; `nil` is silence.
    init(response: String?) throws {
        let (descriptor, port) = try LoopbackPort.bound(to: 0)
        guard listen(descriptor, 16) == 0 else { throw TestSupportFault("Cannot listen.") }
        self.listener = descriptor
        self.port = port
        DescriptorInheritance.acceptAll(of: descriptor) { [weak self] connection in
            guard let self else { return false }
            state.withLock { $0.connections += 1 }
            DetachedThread.start { [weak self] in
                RawHTTPServer.serve(connection, response) { request in
                    self?.state.withLock { $0.requests.append(request) }
                }
                close(connection)
            }
            return true
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func serve(_ connection: Int32, _ response: String?, _ record: (String) -> Void) {
        var pending = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return }
            pending += String(decoding: buffer[..<count], as: UTF8.self)
            while let request = takeRequest(from: &pending) {
                record(request)
                guard let response else { continue }
                let bytes = Array(response.utf8)
                var offset = 0
                while offset < bytes.count {
                    let sent = bytes.withUnsafeBytes {
                        send(connection, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
                    }
                    guard sent > 0 else { return }
                    offset += sent
                }
            }
        }
    }

    /// Cuts one whole request off the front: the head, and as many bytes as its Content-Length says.
    private static func takeRequest(from pending: inout String) -> String? {
        let bytes = Array(pending.utf8)
        let end = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4,
            let head = (0...(bytes.count - 4)).first(where: { bytes[$0..<($0 + 4)].elementsEqual(end) })
        else { return nil }
        let lines = String(decoding: bytes[..<head], as: UTF8.self).split(separator: "\r\n")
        let length =
            lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
        let total = head + 4 + length
        guard bytes.count >= total else { return nil }
        pending = String(decoding: bytes[total...], as: UTF8.self)
        return String(decoding: bytes[..<total], as: UTF8.self)
    }
}
