import NIOCore
import NIOHTTP1
import Rendering

extension LinkPage {
    /// The whole answer in the bytes of HTTP/1.1: a page that loads nothing, that nobody may frame, and whose address,
    /// which is as good as a key, goes nowhere else.
    ///
    /// - Parameters:
    ///   - date: the value of `Date`.
    ///   - hasBody: `false` after HEAD, whose answer has the fields alone.
    func bytes(date: String, _ persistence: ReceiverAnswer.Persistence, hasBody: Bool) -> ByteBuffer {
        let body = html
        var lines = [
            "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)",
            "Content-Type: text/html; charset=utf-8", "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
            "Referrer-Policy: no-referrer", "X-Robots-Tag: noindex",
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                + "frame-ancestors 'none'; base-uri 'none'",
            "Date: \(date)", "Content-Length: \(body.utf8.count)",
        ]
        if status == 405 { lines.append("Allow: GET, HEAD, POST") }
        if status == 503 { lines.append("Retry-After: \(Receiver.retryAfterSeconds)") }
        switch persistence {
        case .assumed: break
        case .announced: lines.append("Connection: keep-alive")
        case .ended: lines.append("Connection: close")
        }
        return ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n" + (hasBody ? body : ""))
    }
}
