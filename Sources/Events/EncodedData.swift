/// Base64 inside texts: images and files that came with a prompt. Nobody reads them, so a text names their size.
enum EncodedData {
    /// A shorter run may be a name or an id.
    private static let bytesMin = 256
    /// The longest media type of a `data:` address that is named.
    private static let typeBytesMax = 64

    /// `text` with `[image/png, 12345 bytes]` or `[base64 data, 12345 bytes]` for every run of base64, in one pass.
    static func named(in text: [UInt8]) -> [UInt8] {
        guard text.count >= bytesMin else { return text }
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        while index < text.count {
            guard isBase64(text[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < text.count, isBase64(text[index]) { index += 1 }
            guard index - start >= bytesMin, hasMixture(text[start..<index]) else { continue }
            let prefix = dataPrefix(before: start, in: text, notBefore: copied)
            result += text[copied..<(prefix?.start ?? start)]
            result += Array("[\(prefix?.type ?? "base64 data"), \((index - start) / 4 * 3) bytes]".utf8)
            copied = index
        }
        return copied == 0 ? text : result + text[copied...]
    }

    /// Small and capital letters and digits: what encoded bytes have and a row of equal signs has not.
    private static func hasMixture(_ run: ArraySlice<UInt8>) -> Bool {
        var (small, capital, digit) = (false, false, false)
        for byte in run {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): small = true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): capital = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = true
            default: continue
            }
            if small, capital, digit { return true }
        }
        return false
    }

    /// Where the `data:TYPE;base64,` before a run begins, and its type.
    private static func dataPrefix(
        before start: Int, in text: [UInt8], notBefore: Int
    ) -> (start: Int, type: String)? {
        let marker = Array(";base64,".utf8)
        let end = start - marker.count
        guard end > notBefore, text[end..<start].elementsEqual(marker) else { return nil }
        var first = end
        while first > notBefore, end - first < typeBytesMax, isOfType(text[first - 1]) { first -= 1 }
        let scheme = Array("data:".utf8)
        guard first - scheme.count >= notBefore, text[(first - scheme.count)..<first].elementsEqual(scheme) else {
            return nil
        }
        let type = String(decoding: text[first..<end], as: UTF8.self)
        return (first - scheme.count, type.isEmpty ? "base64 data" : type)
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func isOfType(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "+"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
