import Events
import Expressions
import Glibc
import Rules
import Store

/// `listen`, `admin`, `admin_token`, `store`, `keep`.
extension ConfigurationReader {
    /// The addresses to serve at, and what the commands must show.
    func listenAddresses(_ file: MappingReader) -> (listen: ListenAddress, admin: ListenAddress, token: Secret?) {
        let listenNode = file.value("listen")
        let adminNode = file.value("admin")
        let listen = listenNode.flatMap { address($0, "'listen'") } ?? Configuration.standardListen
        let admin = adminNode.flatMap { address($0, "'admin'") } ?? Configuration.standardAdmin
        let tokenEntry = file.entry("admin_token")
        let token = tokenEntry.flatMap { secret($0.value, "'admin_token'", bytesWanted: Self.secretBytesWanted) }
        if listen == admin, listen.port != 0, let node = adminNode ?? listenNode {
            sink.error(
                at: node.range, "'listen' and 'admin' are the same address",
                hint: "give them two ports, such as 8000 and 8001"
            )
        }
        if !admin.isLoopback, tokenEntry == nil, let adminNode {
            sink.error(
                at: adminNode.range, "'admin' is reachable from other machines and needs an 'admin_token'",
                hint: "write `admin_token: {file: ./hookmail.token}`, or listen at 127.0.0.1"
            )
        }
        return (listen, admin, token)
    }

    /// Reads `host:port`, `[IPv6]:port`.
    func address(_ node: YAMLNode, _ name: String) -> ListenAddress? {
        guard let text = values.text(node, name, bytesMax: 300) else { return nil }
        guard let (host, port) = Self.hostAndPort(text), let port else {
            sink.error(
                at: node.range, "\(name) must be a host and a port",
                hint: "write 127.0.0.1:8000, [::1]:8000, or 0.0.0.0:8000 for every interface"
            )
            return nil
        }
        guard (0...65_535).contains(port) else {
            sink.error(at: node.range, "the port of \(name) must be between 0 and 65535")
            return nil
        }
        return ListenAddress(host: host, port: port)
    }

    /// Splits `host`, `host:port`, `[IPv6]` and `[IPv6]:port`; `nil` when the host is none or the port no number.
    static func hostAndPort(_ text: String) -> (host: String, port: Int?)? {
        var host = text[...]
        var port: Substring?
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
            var address = in6_addr()
            guard inet_pton(AF_INET6, String(host), &address) == 1 else { return nil }
        } else {
            if let colon = text.lastIndex(of: ":") {
                host = text[..<colon]
                port = text[text.index(after: colon)...]
            }
            guard isHostName(host) else { return nil }
        }
        guard let port else { return (String(host), nil) }
        guard (1...5).contains(port.utf8.count), port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(port).map { (String(host), $0) }
    }

    /// Whether a text can be a host name or an IPv4 address: letters, digits, hyphens, underscores and inner dots.
    private static func isHostName(_ text: Substring) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253, text.first != ".", text.first != "-" else { return false }
        return text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x2D || byte == 0x2E || byte == 0x5F
        }
    }

    /// `store`, by default a file beside the configuration.
    func store(_ file: MappingReader) -> StoreLocation? {
        guard let node = file.value("store") else { return .sqlite(path: resolved(Configuration.standardStore)) }
        guard let text = values.text(node, "'store'", bytesMax: 4_096) else { return nil }
        let hint = "write `store: sqlite:./hookmail.db`"
        if text.utf8.starts(with: "postgres://".utf8) || text.utf8.starts(with: "postgresql://".utf8) {
            sink.error(at: node.range, "a store on PostgreSQL is not supported by this version", hint: hint)
            return nil
        }
        guard text.utf8.starts(with: "sqlite:".utf8) else {
            sink.error(at: node.range, "'store' must begin with 'sqlite:'", hint: hint)
            return nil
        }
        let path = String(text.dropFirst("sqlite:".count))
        guard !path.isEmpty, !path.utf8.starts(with: "//".utf8), !path.utf8.starts(with: ":".utf8) else {
            sink.error(at: node.range, "'store' names no file", hint: hint)
            return nil
        }
        return .sqlite(path: resolved(path))
    }

    /// `keep`: how long things stay.
    func retention(_ node: YAMLNode) -> Retention {
        var retention = Retention()
        guard let keep = MappingReader(node, subject: "'keep'", sink: sink) else { return retention }
        let range: ClosedRange<Duration> = .seconds(3_600) ... .seconds(3_660 * 86_400)
        let bodiesNode = keep.value("bodies")
        if let bodiesNode, case .scalar(let scalar) = bodiesNode.content, scalar.text == "never" {
            retention.bodies = nil
        } else if let bodiesNode, let bodies = values.duration(bodiesNode, "'bodies'", within: range) {
            retention.bodies = bodies
        }
        let events = keep.value("events")
        if let events, let span = values.duration(events, "'events'", within: range) { retention.events = span }
        let mails = keep.value("mails")
        if let mails, let span = values.duration(mails, "'mails'", within: range) { retention.mails = span }
        if let bytes = keep.value("bytes").flatMap(bytes) { retention.bytesMax = bytes }
        keep.finish()
        if let bodies = retention.bodies, bodies > retention.events {
            if let bodiesNode {
                sink.error(
                    at: bodiesNode.range, "'bodies' is longer than 'events', but a body never outlives its event",
                    hint: "'events' is \(retention.events.written)"
                )
            } else {
                retention.bodies = retention.events
            }
        }
        return retention
    }

    /// The smallest store that makes sense, in bytes.
    private static let storeBytesMin: Int64 = 16 << 20

    private func bytes(_ node: YAMLNode) -> Int64? {
        guard let scalar = values.scalar(node, "'bytes'") else { return nil }
        guard let size = ByteSize(written: scalar.text) else {
            sink.error(
                at: node.range, "'bytes' is no size: '\(scalar.text)'",
                hint: "write a whole number and a unit: 512MiB or 4GiB"
            )
            return nil
        }
        guard size.bytes >= Self.storeBytesMin else {
            sink.error(at: node.range, "'bytes' must be at least 16MiB")
            return nil
        }
        return size.bytes
    }
}
