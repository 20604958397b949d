/// Keys and tokens inside texts, known by their form: providers quote them in the messages of their errors.
///
/// A mail travels and stays, and whoever reads it has no use for a key. One pass over the bytes; no byte is looked at
/// more than a fixed number of times.
enum CredentialPattern {
    /// What stands in the place of a credential.
    static let replacement = "[removed]"

    private typealias Bytes = [UInt8]

    /// `text` without credentials: keys with a known prefix, `Bearer` tokens, JSON Web Tokens (RFC 7519) and PEM blocks
    /// (RFC 7468).
    ///
    /// - Parameter isNamed: Whether what was removed is named (`[key]`, `[token]`, `[PEM block]`).
    static func removed(from text: String, isNamed: Bool = false) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        while index < bytes.count {
            guard let (range, name) = credential(in: bytes, at: index) else {
                index += 1
                continue
            }
            result += bytes[copied..<range.lowerBound]
            result += (isNamed ? name : replacement).utf8
            copied = range.upperBound
            index = range.upperBound
        }
        guard copied > 0 else { return text }
        return String(decoding: result + bytes[copied...], as: UTF8.self)
    }

    /// The bytes to be removed where a credential begins at `index`, and what it is.
    private static func credential(in bytes: Bytes, at index: Int) -> (range: Range<Int>, name: String)? {
        let byte = bytes[index]
        if byte == UInt8(ascii: "-") { return block(in: bytes, at: index).map { ($0, "[PEM block]") } }
        guard isLetterOrDigit(byte), isBoundary(bytes, before: index) else { return nil }
        for prefix in prefixes where has(prefix.text, in: bytes, at: index) {
            let start = index + prefix.text.utf8CodeUnitCount
            let end = tokenEnd(in: bytes, from: start, also: prefix.also)
            guard isKey(bytes[start..<end], bytesMin: prefix.bytesMin) else { continue }
            return (index..<dottedEnd(in: bytes, from: end), bytes[index] == UInt8(ascii: "e") ? "[token]" : "[key]")
        }
        return bearer(in: bytes, at: index).map { ($0, "[token]") }
    }

    // MARK: Prefixes

    /// How keys of one kind begin, what they may hold beside letters, digits, `_` and `-`, and how many bytes of what
    /// follows make one even when they look like words.
    private struct Prefix: Sendable {
        let text: StaticString
        var also: StaticString = ""
        var bytesMin = 16
    }

    private static let prefixes: [Prefix] = [
        Prefix(text: "sk-"), Prefix(text: "sk_live_"), Prefix(text: "sk_test_"), Prefix(text: "rk_live_"),
        Prefix(text: "gsk_"), Prefix(text: "xai-"), Prefix(text: "AIza"),
        Prefix(text: "AKIA", bytesMin: 12), Prefix(text: "ASIA", bytesMin: 12),
        Prefix(text: "ghp_"), Prefix(text: "gho_"), Prefix(text: "ghu_"), Prefix(text: "ghs_"), Prefix(text: "ghr_"),
        Prefix(text: "github_pat_"), Prefix(text: "whsec_", also: "+/="), Prefix(text: "eyJ", also: "="),
        Prefix(text: "xoxa-"), Prefix(text: "xoxb-"), Prefix(text: "xoxc-"), Prefix(text: "xoxd-", also: "%"),
        Prefix(text: "xoxe-"), Prefix(text: "xoxe."), Prefix(text: "xoxp-"), Prefix(text: "xoxr-"),
        Prefix(text: "xoxs-"),
    ]

    /// Eight bytes that no word is made of, or as many as no word has.
    private static func isKey(_ body: ArraySlice<UInt8>, bytesMin: Int) -> Bool {
        body.count >= bytesMin || body.count >= 8 && hasMixture(body)
    }

    /// Whether there is a digit, or a capital letter behind a small one.
    private static func hasMixture(_ body: ArraySlice<UInt8>) -> Bool {
        var wasSmall = false
        for byte in body {
            if isDigit(byte) || wasSmall && isCapital(byte) { return true }
            wasSmall = isSmall(byte)
        }
        return false
    }

    /// Whether a key can begin at `index`: behind no letter and no digit, unless these are the end of an escape of
    /// JSON or of an address (`\n`, `\u000a`, `%20`).
    private static func isBoundary(_ bytes: Bytes, before index: Int) -> Bool {
        guard index > 0, isLetterOrDigit(bytes[index - 1]) else { return true }
        if index > 1, bytes[index - 2] == UInt8(ascii: "\\") { return true }
        if index > 2, bytes[index - 3] == UInt8(ascii: "%") { return true }
        return index > 5 && bytes[index - 6] == UInt8(ascii: "\\") && bytes[index - 5] == UInt8(ascii: "u")
    }

    // MARK: Bearer tokens

    /// The token behind `Bearer` (RFC 6750 §2.1), in any case; the word itself stays.
    private static func bearer(in bytes: Bytes, at index: Int) -> Range<Int>? {
        guard has("bearer", in: bytes, at: index, inAnyCase: true) else { return nil }
        var start = index + 6
        while start < bytes.count, start < index + 14, isGap(bytes[start]) { start += 1 }
        guard start > index + 6 else { return nil }
        let end = tokenEnd(in: bytes, from: start, also: ".~+/=")
        return isKey(bytes[start..<end], bytesMin: 20) ? start..<end : nil
    }

    private static func isGap(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    // MARK: PEM blocks

    /// The longest label of a block, in bytes.
    private static let labelBytesMax = 64

    /// From `-----BEGIN` to the end of the block, or of the text where it was cut before.
    private static func block(in bytes: Bytes, at index: Int) -> Range<Int>? {
        guard has("-----BEGIN ", in: bytes, at: index), let body = labelEnd(in: bytes, from: index + 11) else {
            return nil
        }
        var end = body
        while end < bytes.count {
            if has("-----END ", in: bytes, at: end) {
                return index..<(labelEnd(in: bytes, from: end + 9) ?? bytes.count)
            }
            end += 1
        }
        return index..<bytes.count
    }

    /// The place behind a label and its five hyphens.
    private static func labelEnd(in bytes: Bytes, from start: Int) -> Int? {
        var end = start
        while end < bytes.count, end < start + labelBytesMax {
            if bytes[end] == UInt8(ascii: "-") { return has("-----", in: bytes, at: end) ? end + 5 : nil }
            end += 1
        }
        return nil
    }

    // MARK: Bytes

    private static func has(_ text: StaticString, in bytes: Bytes, at index: Int, inAnyCase: Bool = false) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { offset in
            let byte = bytes[index + offset]
            return (inAnyCase ? byte | 0x20 : byte) == text.utf8Start[offset]
        }
    }

    private static func tokenEnd(in bytes: Bytes, from start: Int, also: StaticString) -> Int {
        var end = start
        while end < bytes.count, isOfToken(bytes[end], also: also) { end += 1 }
        return end
    }

    /// The end of the parts behind dots that go on with a key: the claims and signature of a web token.
    private static func dottedEnd(in bytes: Bytes, from start: Int) -> Int {
        var end = start
        while end + 1 < bytes.count, bytes[end] == UInt8(ascii: "."), isOfToken(bytes[end + 1], also: "") {
            end = tokenEnd(in: bytes, from: end + 1, also: "=")
        }
        return end
    }

    private static func isOfToken(_ byte: UInt8, also: StaticString) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || (0..<also.utf8CodeUnitCount).contains { also.utf8Start[$0] == byte }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isDigit(byte) || isSmall(byte) || isCapital(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isSmall(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
}
