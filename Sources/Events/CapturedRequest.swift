/// A raw HTTP/1.1 request as a tool has written it down: a request line, header lines, an empty line, the body.
package struct CapturedRequest: Sendable, Equatable {
    /// Why a text is no request.
    package enum Fault: Error, Sendable, Equatable {
        /// No empty line parts headers and body.
        case noEndOfHeaders
        /// A line before the body is no header: its number, from 1.
        case badLine(Int)
        /// The chunks of the body are broken.
        case badChunks
    }

    /// The path of the request line, without a query; `nil` when there is no request line.
    package let path: String?
    package let headers: [HeaderField]
    package let body: [UInt8]
    /// What was done to the body, for saying so.
    package let remarks: [String]

    /// The header lines may end in LF alone, and the request line may be missing. A body that is longer than
    /// `Content-Length` by line ends only is cut to it, because editors add one; a chunked one is put together.
    package init(_ bytes: [UInt8]) throws(Fault) {
        guard let end = Self.endOfHeaders(bytes) else { throw .noEndOfHeaders }
        let lines = bytes[..<end.headers].split(separator: 0x0A, omittingEmptySubsequences: false)
        var headers: [HeaderField] = []
        var path: String?
        for (index, raw) in lines.enumerated() where !(raw.isEmpty && index == lines.count - 1) {
            let line = raw.last == 0x0D ? raw.dropLast() : raw
            if index == 0, let found = Self.path(ofRequestLine: line) {
                path = found
            } else if let field = Self.field(line) {
                headers.append(field)
            } else {
                throw .badLine(index + 1)
            }
        }
        var body = Array(bytes[end.body...])
        var remarks: [String] = []
        if headers.values("Transfer-Encoding").contains(where: { $0.elementsEqual("chunked".utf8) }) {
            guard let whole = Self.unchunked(body) else { throw .badChunks }
            body = whole
            remarks.append("The chunks of the body were put together.")
        } else if let length = headers.only("Content-Length").flatMap({ Int(String($0) ?? "") }), length < body.count,
            length >= 0, body[length...].allSatisfy({ $0 == 0x0A || $0 == 0x0D })
        {
            body = Array(body[..<length])
            remarks.append("The body was cut to its Content-Length: behind it stood a line end.")
        } else if let length = headers.only("Content-Length").flatMap({ Int(String($0) ?? "") }), length != body.count {
            remarks.append(
                "The body has \(body.count) bytes and its Content-Length says \(length): the capture is not whole.")
        }
        self.path = path
        self.headers = headers
        self.body = body
        self.remarks = remarks
    }

    /// Where the header lines end, and where the body begins.
    private static func endOfHeaders(_ bytes: [UInt8]) -> (headers: Int, body: Int)? {
        for index in bytes.indices where bytes[index] == 0x0A {
            if index + 1 < bytes.count, bytes[index + 1] == 0x0A { return (index + 1, index + 2) }
            if index + 2 < bytes.count, bytes[index + 1] == 0x0D, bytes[index + 2] == 0x0A {
                return (index + 1, index + 3)
            }
        }
        return nil
    }

    /// The path in `POST /path?query HTTP/1.1`, or `nil` when the line is no request line.
    private static func path(ofRequestLine line: ArraySlice<UInt8>) -> String? {
        let words = line.split(separator: 0x20)
        guard words.count == 3, words[2].starts(with: "HTTP/".utf8) else { return nil }
        return String(decoding: words[1].prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// A header line: `Name: value`.
    package static func field(_ line: some Collection<UInt8>) -> HeaderField? {
        let text = Array(line)
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0, ASCIIText.isVisible(text[..<colon]) else {
            return nil
        }
        let value = String(decoding: text[(colon + 1)...], as: UTF8.self)
        return HeaderField(
            name: String(decoding: text[..<colon], as: UTF8.self),
            value: String(ASCIIText.trimmed(Substring(value).utf8)) ?? "")
    }

    /// The body that chunks make up (RFC 9112 §7.1), or `nil` when they are broken.
    private static func unchunked(_ bytes: [UInt8]) -> [UInt8]? {
        var body: [UInt8] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let digits = rest[..<end].prefix { $0.hexValue != nil }
            guard (1...8).contains(digits.count), let count = Int(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            rest = rest[(end + 1)...]
            if count == 0 { return body }
            guard rest.count >= count else { return nil }
            body += rest.prefix(count)
            rest = rest.dropFirst(count).drop { $0 == 0x0D || $0 == 0x0A }
        }
        return nil
    }
}
