import NIOHTTP1

/// Whether a request's head says without doubt where the request ends.
///
/// Two readers of one connection, a proxy and we, must never see different requests in the same bytes (request
/// smuggling). So everything that anybody reads in two ways is refused, and the connection ends with it (RFC 9112
/// §6.3, §11.2). The parser has refused more by then: a line end without CR, folded fields, a space before a colon,
/// NUL, both a length and a transfer encoding.
struct RequestFraming {
    private var hosts = 0
    private var lengths = 0
    private var encodings = 0
    private var isSound = true

    /// Whether the request may be taken.
    static func isSound(_ head: HTTPRequestHead) -> Bool {
        // After CONNECT and an upgrade the bytes would mean something else, to somebody.
        guard head.version == .http1_1 || head.version == .http1_0, head.method != .CONNECT else { return false }
        var framing = RequestFraming()
        for (name, value) in head.headers { framing.see(name, value, head.version) }
        guard framing.hosts == 1 || (head.version == .http1_0 && framing.hosts == 0) else { return false }
        return framing.isSound && framing.lengths + framing.encodings <= 1
    }

    /// Looks at one field. The length of a name tells most of them apart, so that few are folded to lower case.
    private mutating func see(_ name: String, _ value: String, _ version: HTTPVersion) {
        switch name.utf8.count {
        case 4: if name.lowercased() == "host" { hosts += 1 }
        case 7: if name.lowercased() == "upgrade" { isSound = false }
        case 14:
            guard name.lowercased() == "content-length" else { return }
            lengths += 1
            let isNumber = value.utf8.allSatisfy { (0x30...0x39).contains($0) }
            isSound = isSound && isNumber && (1...Self.lengthDigitsMax).contains(value.utf8.count)
        case 17:
            guard name.lowercased() == "transfer-encoding" else { return }
            encodings += 1
            isSound = isSound && version == .http1_1 && value.lowercased() == "chunked"
        default: break
        }
    }

    /// More digits are no length of anything, and would not fit 64 bits.
    private static let lengthDigitsMax = 18
}
