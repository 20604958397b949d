import Glibc

/// Answers a Postfix that asks whether a login is right, in Dovecot's authentication protocol (version 1) over a Unix
/// socket. It knows one user.
package final class SASLAuthServer: Sendable {
    private let credentials: [UInt8]

    /// Listens on the socket `path`; the only good login is `username` with `password`, by PLAIN (RFC 4616).
    package init(path: String, username: String, password: String) throws {
        credentials = [0] + Array(username.utf8) + [0] + Array(password.utf8)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(bitPattern: SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let pathBytes = Array(path.utf8)
        guard listener >= 0, pathBytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw TestSupportFault("No socket for the login server.")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: pathBytes) }
        let outcome = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard outcome == 0, listen(listener, 64) == 0, chmod(path, 0o666) == 0 else {
            throw TestSupportFault("The login server cannot listen: errno \(errno).")
        }
        let credentials = credentials
        DetachedThread.start {
            while let connection = DescriptorInheritance.accept(listener) {
                DetachedThread.start { Self.serve(connection, credentials) }
            }
        }
    }

    private static func serve(_ connection: Int32, _ credentials: [UInt8]) {
        defer { close(connection) }
        let cookie = String(repeating: "0", count: 32)
        let hello = "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t\(cookie)\nDONE\n"
        guard write(connection, hello) else { return }
        var pending: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8_192)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return }
            pending += buffer[..<count]
            while let end = pending.firstIndex(of: 0x0A) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeFirst(end + 1)
                if let answer = answer(line, credentials), !write(connection, answer) { return }
            }
        }
    }

    private static func answer(_ line: String, _ credentials: [UInt8]) -> String? {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard fields.count >= 2 else { return nil }
        switch fields[0] {
        case "AUTH":
            guard let response = fields.first(where: { $0.hasPrefix("resp=") })?.dropFirst(5) else {
                return "CONT\t\(fields[1])\t\n"
            }
            return verdict(fields[1], String(response), credentials)
        case "CONT": return verdict(fields[1], fields.last ?? "", credentials)
        default: return nil
        }
    }

    private static func verdict(_ id: String, _ response: String, _ credentials: [UInt8]) -> String {
        response == base64(credentials) ? "OK\t\(id)\tuser=tester\n" : "FAIL\t\(id)\tuser=tester\n"
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let padded = group + [UInt8](repeating: 0, count: 3 - group.count)
            let value = padded.reduce(0) { $0 << 8 | Int($1) }
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[value >> (18 - 6 * place) & 63] : "=")
            }
        }
        return text
    }

    private static func write(_ connection: Int32, _ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}
