/// A text that a sender may have signed instead of the bytes that arrived.
package enum BodyVariant: String, Sendable, CaseIterable {
    /// The bytes as received.
    case raw
    /// Python's `json.dumps`.
    case canonical
    /// Without white space, as JavaScript's `JSON.stringify` writes.
    case compact
    /// The same in ASCII, as Python's `json.dumps` with `separators=(",", ":")` writes.
    case compactASCII = "compact_ascii"
    /// Python's `json.dumps` with `sort_keys=True`.
    case sorted
    /// Without white space and with sorted keys.
    case sortedCompact = "sorted_compact"
    /// Without the white space around it.
    case trimmed
    /// With a line end behind it.
    case lineEnded = "line_ended"
    /// With CRLF for every LF, and the other way round.
    case crlf, lf
    /// Without a byte order mark.
    case unmarked
    /// Nothing: the sender's framework had read the body before it was signed.
    case empty

    /// What it is, as the object of "signed".
    var words: String {
        switch self {
        case .raw: "the bytes as received"
        case .canonical: "the body as Python's json.dumps writes it"
        case .compact: "the body as compact JSON (JavaScript's JSON.stringify)"
        case .compactASCII: "the body as compact JSON with \\u escapes"
        case .sorted: "the body as Python's json.dumps writes it with sorted keys"
        case .sortedCompact: "the body as compact JSON with sorted keys"
        case .trimmed: "the body without the white space at its ends"
        case .lineEnded: "the body with a line end behind it"
        case .crlf: "the body with CRLF line ends"
        case .lf: "the body with LF line ends"
        case .unmarked: "the body without its byte order mark"
        case .empty: "an empty text"
        }
    }

    /// What to do when a sender signed this.
    var remedy: String {
        switch self {
        case .raw: ""
        case .canonical, .compact, .compactASCII, .sorted, .sortedCompact:
            "Make the sender sign exactly the bytes that it sends. If it does, something on the way reads the JSON and "
                + "writes it anew: a gateway, a middleware, a proxy's transformation."
        case .trimmed:
            "Send exactly what was signed: an editor or `echo` adds a line end to a file, and it is sent, too."
        case .lineEnded:
            "Send exactly what was signed: the line end at the body's end was lost. `curl --data` removes line ends, "
                + "`--data-binary` does not."
        case .crlf, .lf:
            "Send exactly what was signed: something turned the line ends (an editor, git, a transfer as text)."
        case .unmarked: "Sign the body as it is sent, with the byte order mark, or send it without."
        case .empty:
            "Make the sender sign the body: it probably signs after its framework has already taken the body away."
        }
    }

    /// Every text of a body that is another one than those before it, the body itself first.
    static func all(of body: [UInt8]) -> [(variant: BodyVariant, text: [UInt8])] {
        var texts: [(variant: BodyVariant, text: [UInt8])] = []
        let value = try? JSONValue.decode(body)
        for variant in allCases {
            guard let text = variant.text(of: body, value), !texts.contains(where: { $0.text == text }) else {
                continue
            }
            texts.append((variant, text))
        }
        return texts
    }

    /// - Parameter value: The body as JSON, or `nil` when it is none.
    private func text(of body: [UInt8], _ value: JSONValue?) -> [UInt8]? {
        let lineFeed = UInt8(ascii: "\n")
        let carriageReturn = UInt8(ascii: "\r")
        switch self {
        case .raw: return body
        case .canonical: return try? CanonicalText.of(body)
        case .compact: return value?.encoded()
        case .compactASCII: return value.map { Self.asciiOnly($0.encoded()) }
        case .sorted: return value.flatMap { try? CanonicalText.of(Self.sorted($0).encoded()) }
        case .sortedCompact: return value.map { Self.sorted($0).encoded() }
        case .trimmed:
            let end = body.lastIndex { !$0.isJSONSpace }.map { $0 + 1 } ?? 0
            return Array(body[..<end].drop(while: \.isJSONSpace))
        case .lineEnded: return body + [lineFeed]
        case .crlf:
            let plain = Self.withoutCarriageReturns(body)
            return plain.flatMap { $0 == lineFeed ? [carriageReturn, lineFeed] : [$0] }
        case .lf: return Self.withoutCarriageReturns(body)
        case .unmarked:
            return body.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(body.dropFirst(3)) : nil
        case .empty: return []
        }
    }

    /// Without every CR that stands before an LF.
    private static func withoutCarriageReturns(_ body: [UInt8]) -> [UInt8] {
        body.indices.filter { body[$0] != 0x0D || $0 + 1 == body.count || body[$0 + 1] != 0x0A }.map { body[$0] }
    }

    /// Members in the order of their names' bytes, at every level.
    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(sorted))
        case .object(let object):
            let members = object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return .object(JSONObject(uniqueMembers: members.map { ($0.key, sorted($0.value)) }))
        default: return value
        }
    }

    /// JSON with every character beyond ASCII as `\u` and four digits; they can stand in strings only.
    private static func asciiOnly(_ json: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for unit in String(decoding: json, as: UTF8.self).utf16 {
            if unit < 0x80 {
                text.append(UInt8(unit))
            } else {
                text += Array("\\u".utf8) + Array(Hex.encode([UInt8(unit >> 8), UInt8(unit & 0xFF)]).utf8)
            }
        }
        return text
    }
}
