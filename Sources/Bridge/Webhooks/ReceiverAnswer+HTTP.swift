import NIOCore
import NIOHTTP1

extension ReceiverAnswer {
    /// What an answer says about the connection it goes over.
    enum Persistence {
        /// Nothing: it stays, as HTTP/1.1 has it.
        case assumed
        /// It stays, which a sender with HTTP/1.0 must be told.
        case announced
        /// It ends with this answer.
        case ended
    }

    /// The whole answer in the bytes of HTTP/1.1: JSON that no browser renders, frames or keeps.
    ///
    /// - Parameters:
    ///   - date: the value of `Date`.
    ///   - hasBody: `false` after HEAD, whose answer has the fields alone.
    func bytes(date: String, _ persistence: Persistence, hasBody: Bool) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: Self.headBytesMax + body.utf8.count)
        if status == 200 {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            buffer.writeString("HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n")
        }
        buffer.writeStaticString(
            "Content-Type: application/json\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nDate: ")
        buffer.writeString(date)
        buffer.writeStaticString("\r\nContent-Length: ")
        buffer.writeString(String(body.utf8.count))
        if let seconds = retryAfterSeconds { buffer.writeString("\r\nRetry-After: \(seconds)") }
        if status == 405 { buffer.writeStaticString("\r\nAllow: POST") }
        switch persistence {
        case .assumed: break
        case .announced: buffer.writeStaticString("\r\nConnection: keep-alive")
        case .ended: buffer.writeStaticString("\r\nConnection: close")
        }
        buffer.writeStaticString("\r\n\r\n")
        if hasBody { buffer.writeString(body) }
        return buffer
    }

    /// Enough for every head that is made here, in bytes.
    private static let headBytesMax = 320
}
