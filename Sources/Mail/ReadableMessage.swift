/// A composed message as a person reads it: the visible headers in plain text and the text part. Reads what Hookmail
/// composes (RFC 5322 headers, RFC 2047 encoded words, a `text/plain` part in 7bit, quoted-printable or base64); it is
/// no reader for other people's mail.
package struct ReadableMessage: Sendable, Equatable {
    package let from: String
    package let to: String
    package let subject: String
    package let date: String
    package let text: String
    /// The files that go with it, in their order.
    package let attachments: [File]

    /// An attached file, without its content.
    package struct File: Sendable, Equatable {
        package let name: String
        /// The media type without its parameters.
        package let type: String
        /// The size of the file itself in bytes.
        package let bytes: Int
    }

    package init(_ bytes: [UInt8]) {
        let (header, body) = Self.split(bytes[...])
        let fields = Self.fields(header)
        from = Self.decodeWords(fields["from"] ?? "")
        to = Self.decodeWords(fields["to"] ?? "")
        subject = Self.decodeWords(fields["subject"] ?? "")
        date = fields["date"] ?? ""
        text = Self.plainText(fields, body)
        attachments = Self.files(fields, body)
    }

    // MARK: Structure

    /// The header's bytes and the body's, parted at the first empty line.
    private static func split(_ bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        let mark: [UInt8] = [13, 10, 13, 10]
        var index = bytes.startIndex
        while index + 4 <= bytes.endIndex {
            if bytes[index..<index + 4].elementsEqual(mark) {
                return (bytes[bytes.startIndex..<index], bytes[(index + 4)...])
            }
            index += 1
        }
        return (bytes, bytes[bytes.endIndex...])
    }

    /// Unfolded fields by lower-case name.
    private static func fields(_ header: ArraySlice<UInt8>) -> [String: String] {
        var fields: [String: String] = [:]
        var name = ""
        for line in lines(header) {
            if line.first == 32 || line.first == 9 {
                fields[name, default: ""] += " " + trimmed(line)
            } else if let colon = line.firstIndex(of: 58) {
                name = String(decoding: line[line.startIndex..<colon], as: UTF8.self).lowercased()
                fields[name] = trimmed(line[(colon + 1)...])
            }
        }
        return fields
    }

    private static func lines(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        bytes.split(separator: 10, omittingEmptySubsequences: false).map { line in
            line.last == 13 ? line.dropLast() : line
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 32 || $0 == 9 }
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    // MARK: The text part

    private static func plainText(_ fields: [String: String], _ body: ArraySlice<UInt8>) -> String {
        let type = fields["content-type"] ?? "text/plain"
        guard type.lowercased().hasPrefix("multipart/"), let boundary = parameter("boundary", of: type) else {
            return decode(body, encoding: fields["content-transfer-encoding"] ?? "7bit")
        }
        for part in parts(body, boundary: boundary) {
            let (header, content) = split(part)
            let fields = Self.fields(header)
            let type = (fields["content-type"] ?? "text/plain").lowercased()
            guard type.hasPrefix("text/plain") || type.hasPrefix("multipart/") else { continue }
            return plainText(fields, content)
        }
        return ""
    }

    // MARK: Files

    private static func files(_ fields: [String: String], _ body: ArraySlice<UInt8>) -> [File] {
        let type = fields["content-type"] ?? ""
        guard type.lowercased().hasPrefix("multipart/mixed"), let boundary = parameter("boundary", of: type) else {
            return []
        }
        return parts(body, boundary: boundary).compactMap { part in
            let (header, content) = split(part)
            let fields = Self.fields(header)
            guard let place = fields["content-disposition"], place.lowercased().hasPrefix("attachment"),
                let name = parameter("filename", of: place)
            else { return nil }
            let type = (fields["content-type"] ?? "").split(separator: ";").first.map(String.init) ?? ""
            return File(name: name, type: type, bytes: base64(content).count)
        }
    }

    private static func parameter(_ name: String, of value: String) -> String? {
        for piece in value.split(separator: ";").dropFirst() {
            let text = trimmed(Array(piece.utf8)[...])
            guard text.lowercased().hasPrefix(name + "=") else { continue }
            return String(text.dropFirst(name.count + 1).filter { $0 != "\"" })
        }
        return nil
    }

    private static func parts(_ body: ArraySlice<UInt8>, boundary: String) -> [ArraySlice<UInt8>] {
        let open = Array("--\(boundary)".utf8)
        var parts: [ArraySlice<UInt8>] = []
        var start: Int?
        var index = body.startIndex
        for line in body.split(separator: 10, omittingEmptySubsequences: false) {
            if line.starts(with: open) {
                if let start, index >= start + 2 { parts.append(body[start..<(index - 2)]) }
                start = index + line.count + 1
            }
            index += line.count + 1
        }
        return parts
    }

    private static func decode(_ bytes: ArraySlice<UInt8>, encoding: String) -> String {
        let decoded: [UInt8] =
            switch encoding.lowercased() {
            case "quoted-printable": quotedPrintable(bytes, underscoreIsSpace: false)
            case "base64": base64(bytes)
            default: Array(bytes)
            }
        return String(decoding: decoded.filter { $0 != 13 }, as: UTF8.self)
    }

    // MARK: Encodings

    /// RFC 2047: `=?utf-8?q?…?=` and `?b?`; white space between two encoded words is not part of the text.
    private static func decodeWords(_ text: String) -> String {
        var result: [UInt8] = []
        var gap: [UInt8] = []
        var afterWord = false
        for (index, piece) in text.utf8.split(separator: 32, omittingEmptySubsequences: false).enumerated() {
            let bytes = Array(piece)
            let space: [UInt8] = index == 0 ? [] : [32]
            if let word = decodeWord(bytes) {
                result += afterWord ? word : gap + space + word
                gap = []
                afterWord = true
            } else {
                result += gap + space + bytes
                gap = []
                afterWord = false
            }
        }
        return String(decoding: result + gap, as: UTF8.self)
    }

    private static func decodeWord(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 8, bytes.starts(with: Array("=?".utf8)), bytes.suffix(2) == Array("?=".utf8)[...] else {
            return nil
        }
        let pieces = bytes.dropFirst(2).dropLast(2).split(separator: 63, maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, let kind = pieces[1].first else { return nil }
        return kind | 0x20 == 0x62 ? base64(pieces[2]) : quotedPrintable(pieces[2], underscoreIsSpace: true)
    }

    private static func quotedPrintable(_ bytes: ArraySlice<UInt8>, underscoreIsSpace: Bool) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == 61 {
                let pair = rest.prefix(2)
                if pair.elementsEqual([13, 10]) {
                    rest = rest.dropFirst(2)
                } else if let value = UInt8(String(decoding: pair, as: UTF8.self), radix: 16), pair.count == 2 {
                    result.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    result.append(byte)
                }
            } else {
                result.append(underscoreIsSpace && byte == 95 ? 32 : byte)
            }
        }
        return result
    }

    private static func base64(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            let value: UInt32
            switch byte {
            case 65...90: value = UInt32(byte) - 65
            case 97...122: value = UInt32(byte) - 71
            case 48...57: value = UInt32(byte) + 4
            case 43: value = 62
            case 47: value = 63
            default: continue
            }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }
}
