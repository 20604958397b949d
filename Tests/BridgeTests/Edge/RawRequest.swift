import Events
import Foundation

/// A request of the folder `RawRequests` and what must come of it.
struct RawRequest: Sendable {
    let name: String
    let bytes: [UInt8]
    /// The status codes of all answers, in order.
    let statuses: [Int]
    let isClosed: Bool

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "RawRequests")

    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

    /// Reads a case: line ends of the file mean nothing, `\r`, `\n` and `\xHH` are bytes, `{signed}` is a whole request
    /// that would be taken, with the key `id`, and `{8200}` is as many letters.
    init(_ name: String, id: String = "hidden") throws {
        let folder = Self.folder.appending(path: name)
        let text = try String(contentsOf: folder.appending(path: "request.txt"), encoding: .utf8)
        let expected = try String(contentsOf: folder.appending(path: "expected.txt"), encoding: .utf8)
            .split(whereSeparator: \.isWhitespace)
        self.name = name
        bytes = Self.bytes(text, id)
        statuses = expected.compactMap { Int($0) }
        isClosed = expected.last == "closed"
    }

    private static func bytes(_ text: String, _ id: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8).filter { $0 != 10 }[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                switch rest.popFirst() {
                case UInt8(ascii: "r"): bytes.append(13)
                case UInt8(ascii: "n"): bytes.append(10)
                case UInt8(ascii: "x"):
                    bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                    rest = rest.dropFirst(2)
                default: break
                }
            case UInt8(ascii: "{") where rest.first.map { (0x30...0x39).contains($0) || $0 == 0x73 } ?? false:
                let word = String(decoding: rest.prefix { $0 != UInt8(ascii: "}") }, as: UTF8.self)
                rest = rest.dropFirst(word.utf8.count + 1)
                bytes += word.hasPrefix("s") ? signed(closes: word == "signed-close", id: id) : letters(word)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func letters(_ count: String) -> [UInt8] {
        [UInt8](repeating: UInt8(ascii: "a"), count: Int(count) ?? 0)
    }

    /// A whole request that is taken with 200.
    static func signed(closes: Bool = false, id: String = "hidden") -> [UInt8] {
        signedHead(id: id, fields: closes ? ["Connection: close"] : []) + signedBody(id: id)
    }

    /// The head of a request that is taken with 200 once its body has come.
    static func signedHead(
        id: String, line: String = "POST /api/webhook/ HTTP/1.1", fields: [String] = []
    ) -> [UInt8] {
        let body = signedBody(id: id)
        let signature = SignatureScheme.keywordsai.sign(body, with: RunningBridge.secret)
        let all =
            [line, "Host: h", "\(signature.name): \(signature.value)"] + fields + ["Content-Length: \(body.count)"]
        return Array((all.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// The body that belongs to `signedHead`.
    static func signedBody(id: String) -> [UInt8] {
        Array(#"{"unique_id":"\#(id)"}"#.utf8)
    }
}
