/// Reads an error text word by word and writes its signature.
struct ErrorScanner {
    /// A longer quotation is not taken for one: its quote was an apostrophe.
    private static let quotedBytesMax = 300

    private let text: [UInt8]
    private var at = 0
    private var out: [UInt8] = []

    init(text: [UInt8]) {
        self.text = text
    }

    mutating func signature() -> [UInt8] {
        while at < text.count, out.count < ErrorSignature.bytesMax + 64 {
            let byte = text[at]
            if byte <= 0x20 || byte == 0x7F {
                if !out.isEmpty, out.last != 0x20 { out.append(0x20) }
                at += 1
            } else if let end = endOfQuotation() {
                out += Array("\"…\"".utf8)
                at = end
            } else if Self.isWord(byte) {
                writeWord()
            } else {
                out.append(byte)
                at += 1
            }
        }
        while out.last == 0x20 { out.removeLast() }
        return out
    }

    /// The index after the quotation that begins here, or `nil`. An apostrophe inside a word begins none.
    private func endOfQuotation() -> Int? {
        let quote = text[at]
        guard "\"'`".utf8.contains(quote) else { return nil }
        if at > 0, Self.isWord(text[at - 1]) { return nil }
        let limit = min(text.count, at + Self.quotedBytesMax)
        var end = at + 1
        while end < limit {
            let isLast = end + 1 == text.count || !Self.isWord(text[end + 1])
            if text[end] == quote, quote == UInt8(ascii: "\"") || isLast { return end + 1 }
            end += 1
        }
        return nil
    }

    /// Letters and digits of any script, and what joins them inside ids, addresses and numbers.
    private static func isWord(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte >= 0x80 || byte == UInt8(ascii: "_")
    }

    private static func isJoiner(_ byte: UInt8) -> Bool {
        "-.:/@%+~?&=#".utf8.contains(byte)
    }

    private mutating func writeWord() {
        let start = at
        var end = at
        while end < text.count, Self.isWord(text[end]) || Self.isJoiner(text[end]) { end += 1 }
        while end > start, Self.isJoiner(text[end - 1]) { end -= 1 }
        let run = text[start..<end]
        if let url = Self.replacement(ofAddress: run) {
            out += url
            at = end
            return
        }
        // No address: only the first piece of the run, with the hyphens and points of ids and numbers.
        end = start
        while end < text.count, Self.isWord(text[end]) || ((text[end] == 0x2D || text[end] == 0x2E) && end > start) {
            end += 1
        }
        while end > start, text[end - 1] == 0x2D || text[end - 1] == 0x2E { end -= 1 }
        out += Self.shape(of: text[start..<end])
        at = end
    }

    private static func replacement(ofAddress run: ArraySlice<UInt8>) -> [UInt8]? {
        let scheme = run.prefix(8).map(\.lowercased)
        if scheme.starts(with: Array("http://".utf8)) || scheme.starts(with: Array("https://".utf8)) {
            return Array("<url>".utf8)
        }
        guard let sign = run.firstIndex(of: UInt8(ascii: "@")), sign > run.startIndex,
            run[(sign + 1)...].contains(UInt8(ascii: "."))
        else { return nil }
        return Array("<email>".utf8)
    }

    /// The shape of one word: an id, a number with its unit, or the word with its digits replaced.
    private static func shape(of word: ArraySlice<UInt8>) -> [UInt8] {
        let digits = word.lazy.filter(\.isDigit).count
        let letters = word.lazy.filter(\.isLetter).count
        guard digits > 0 || isLongHex(word) else { return Array(word) }
        if letters == 0 { return Array("<n>".utf8) }
        let number = word.prefix { $0.isDigit || $0 == 0x2E }
        let unit = word[number.endIndex...]
        if !number.isEmpty, 1...3 ~= unit.count, unit.allSatisfy(\.isLetter) { return Array("<n>".utf8) + unit }
        if isIdentifier(word, digits: digits) { return Array("<id>".utf8) }
        return digitsReplaced(word)
    }

    /// At least 16 hexadecimal letters without a digit.
    private static func isLongHex(_ word: ArraySlice<UInt8>) -> Bool {
        word.count >= 16 && word.allSatisfy { $0.hexValue != nil }
    }

    /// UUIDs, hashes, and generated ids: hexadecimal from 8 bytes on, anything from 12 on whose longest piece between
    /// hyphens and underscores mixes letters with at least three digits or is itself that long.
    private static func isIdentifier(_ word: ArraySlice<UInt8>, digits: Int) -> Bool {
        let isHex = word.allSatisfy { $0.hexValue != nil || $0 == 0x2D }
        if isHex, word.count >= 8 { return true }
        if word.starts(with: [0x30, 0x78]), word.count > 2 { return true }
        let pieces = word.split { $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
        return pieces.contains { piece in
            piece.count >= 10 && piece.contains(where: \.isLetter) && piece.lazy.filter(\.isDigit).count >= 2
        }
    }

    private static func digitsReplaced(_ word: ArraySlice<UInt8>) -> [UInt8] {
        var shape: [UInt8] = []
        var isInNumber = false
        for byte in word {
            if byte.isDigit {
                if !isInNumber { shape += Array("<n>".utf8) }
                isInNumber = true
            } else {
                shape.append(byte)
                isInNumber = false
            }
        }
        return shape
    }
}
