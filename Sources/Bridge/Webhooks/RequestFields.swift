import NIOHTTP1

/// The fields of a request's head that the listener itself looks at, found in one pass.
struct RequestFields {
    /// The length that the body is said to have, in bytes. The edge has seen to it that it is a number.
    private(set) var bodyBytes: Int?
    /// Whether the body comes in chunks, so that only its end tells its length.
    private(set) var isChunked = false
    /// Whether the body is compressed or otherwise not as its sender signed it.
    private(set) var isEncoded = false
    /// Whether the sender waits for a word before it sends the body (RFC 9110 §10.1.1). One that speaks HTTP/1.0 does
    /// not know that word.
    private(set) var expectsContinue = false

    /// Whether a body follows the head.
    var hasBody: Bool { isChunked || (bodyBytes ?? 0) > 0 }

    init(_ head: HTTPRequestHead) {
        for (name, value) in head.headers { see(name, value, head.version) }
    }

    /// Looks at one field. The length of a name tells most of them apart, so that few are folded to lower case.
    private mutating func see(_ name: String, _ value: String, _ version: HTTPVersion) {
        switch name.utf8.count {
        case 6:
            guard version == .http1_1, name.lowercased() == "expect" else { return }
            expectsContinue = expectsContinue || value.lowercased() == "100-continue"
        case 14: if name.lowercased() == "content-length" { bodyBytes = Int(value) }
        case 16:
            guard name.lowercased() == "content-encoding" else { return }
            isEncoded = isEncoded || (!value.isEmpty && value.lowercased() != "identity")
        case 17: if name.lowercased() == "transfer-encoding" { isChunked = true }
        default: break
        }
    }
}
