import Foundation
import Glibc
import Synchronization

/// A token server that answers what the test says, one answer after the other, and the last one for ever; and the
/// introspection of a Dovecot, which it tells of every token it gave out.
package final class TokenServer: Sendable {
    /// An answer: the status and the body.
    package struct Answer: Sendable {
        let status: Int
        let body: String

        package init(status: Int = 200, body: String) {
            self.status = status
            self.body = body
        }

        /// A token, good for so many seconds.
        package static func token(_ text: String, seconds: Int = 3_600, more: String = "") -> Answer {
            Answer(body: #"{"access_token":"\#(text)","token_type":"Bearer","expires_in":\#(seconds)\#(more)}"#)
        }
    }

    package let port: Int
    private let listener: Int32
    private let state: Mutex<(answers: [Answer], forms: [String])>
    /// Answers in the place of `answers`, when there is one.
    private let respond: (@Sendable (_ form: String) -> Answer)?
    /// Whom each token belongs to, for a Dovecot that asks.
    private let owners: [String: String]

    /// The bodies of the requests for tokens so far.
    package var forms: [String] { state.withLock { $0.forms } }

    package convenience init(_ answers: Answer...) throws {
        try self.init(answers)
    }

    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - owners: whom each token belongs to.
    ///   - respond: answers a request's body in the place of `answers`, one at a time.
    package init(
        _ answers: [Answer], port: Int = 0, owners: [String: String] = [:],
        respond: (@Sendable (_ form: String) -> Answer)? = nil
    ) throws {
        self.owners = owners
        self.respond = respond
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

    /// A server that gives a new refresh token with every access token, `first`, `first-2`, `first-3` and so on, and
    /// takes each of them once, as RFC 9700 §4.14.2 has it: after one that comes a second time it takes none any more.
    package static func rotating(_ first: String, seconds: Int = 3_600, port: Int = 0) throws -> TokenServer {
        let given = Mutex((number: 1, isOver: false))
        return try TokenServer([], port: port) { form in
            given.withLock { given in
                let wanted = "refresh_token=" + (given.number == 1 ? first : "\(first)-\(given.number)")
                guard !given.isOver, form.split(separator: "&").contains(where: { $0 == wanted }) else {
                    given.isOver = true
                    return Answer(status: 400, body: #"{"error":"invalid_grant"}"#)
                }
                given.number += 1
                return .token(
                    "access-\(given.number - 1)", seconds: seconds,
                    more: #","refresh_token":"\#(first)-\#(given.number)""#)
            }
        }
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
                if let respond = self?.respond { return respond(state.forms.last ?? "") }
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
