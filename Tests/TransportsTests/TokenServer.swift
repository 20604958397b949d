import Foundation
import Glibc
import Synchronization
import TestSupport

@testable import Transports

/// A token server that answers what the test says, one answer after the other, and the last one for ever; and the
/// introspection of a Dovecot, which it tells of every token it gave out.
final class TokenServer: Sendable {
    /// An answer: the status and the body.
    struct Answer: Sendable {
        var status = 200
        var body: String

        /// A token, good for so many seconds.
        static func token(_ text: String, seconds: Int = 3_600, more: String = "") -> Answer {
            Answer(body: #"{"access_token":"\#(text)","token_type":"Bearer","expires_in":\#(seconds)\#(more)}"#)
        }
    }

    let port: Int
    private let listener: Int32
    private let state: Mutex<(answers: [Answer], forms: [String])>
    /// Whom each token belongs to, for a Dovecot that asks.
    private let owners: [String: String]

    /// The bodies of the requests for tokens so far.
    var forms: [String] { state.withLock { $0.forms } }

    convenience init(_ answers: Answer...) throws {
        try self.init(answers)
    }

    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - owners: whom each token belongs to.
    init(_ answers: [Answer], port: Int = 0, owners: [String: String] = [:]) throws {
        self.owners = owners
        let (descriptor, port) = try LoopbackPort.bound(to: port)
        guard listen(descriptor, 16) == 0 else { throw TestSupportFault("Cannot listen.") }
        self.listener = descriptor
        self.port = port
        state = Mutex((answers, []))
        DescriptorInheritance.acceptAll(of: descriptor) { [weak self] connection in
            guard let self else { return false }
            serve(connection)
            return true
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Where tokens are asked for; by client credentials, or with `refreshToken`.
    func endpoint(refreshToken: String? = nil, scope: String? = nil) -> TokenEndpoint {
        TokenEndpoint(
            url: "http://127.0.0.1:\(port)/token", clientID: "hookmail & co",
            clientSecret: Password("s3cret-canary/+="),
            refreshToken: refreshToken.map { Password($0) }, scope: scope)
    }

    /// Access tokens of this server, which lives as long as they do.
    func tokens(refreshToken: String? = nil, scope: String? = nil) -> AccessTokens {
        AccessTokens(endpoint(refreshToken: refreshToken, scope: scope)) { [self] bytes in
            withExtendedLifetime(self) { Self.read(bytes) }
        }
    }

    /// Reads an answer with Foundation's reader, where the product has its own.
    static func read(_ bytes: [UInt8]) -> TokenResponse? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else { return nil }
        return TokenResponse(
            accessToken: (object["access_token"] as? String).map { Password($0) },
            expiresInSeconds: object["expires_in"] as? Int,
            refreshToken: (object["refresh_token"] as? String).map { Password($0) },
            error: object["error"] as? String, errorDescription: object["error_description"] as? String)
    }

    private func serve(_ connection: Int32) {
        DetachedThread.start { [weak self] in
            defer { close(connection) }
            var request: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while Self.body(of: request) == nil {
                let count = Glibc.read(connection, &buffer, buffer.count)
                guard count > 0 else { return }
                request += buffer[..<count]
            }
            if let owned = self?.tokenInfo(request) {
                Self.write(owned, to: connection)
                return
            }
            let answer = self?.state.withLock { state -> Answer? in
                state.forms.append(Self.body(of: request) ?? "")
                return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first
            }
            // No answer at all: hang up.
            guard let answer else { return }
            Self.write(answer, to: connection)
        }
    }

    private static func write(_ answer: Answer, to connection: Int32) {
        let text =
            "HTTP/1.1 \(answer.status) X\r\nContent-Type: application/json\r\nContent-Length: "
            + "\(answer.body.utf8.count)\r\nConnection: close\r\n\r\n\(answer.body)"
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
    }

    /// The answer to a Dovecot that asks whom a token belongs to; `nil` for other requests.
    private func tokenInfo(_ request: [UInt8]) -> Answer? {
        let mark = "GET /tokeninfo?access_token="
        let text = String(decoding: request, as: UTF8.self)
        guard text.hasPrefix(mark) else { return nil }
        let token = text.dropFirst(mark.count).prefix { $0 != " " && $0 != "&" }
        guard let owner = owners[String(token)] else { return Answer(status: 400, body: #"{"error":"invalid_token"}"#) }
        return Answer(body: #"{"email":"\#(owner)","expires_in":3600}"#)
    }

    /// The body when all of it is there.
    private static func body(of request: [UInt8]) -> String? {
        let text = String(decoding: request, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let length =
            text[..<end.lowerBound].split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        let body = text[end.upperBound...]
        return body.utf8.count >= length ? String(body) : nil
    }
}
