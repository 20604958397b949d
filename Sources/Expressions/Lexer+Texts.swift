extension Lexer {
    /// How many of the letters here are the prefix of a text literal (`r`, `b`, `br`), `nil` when they are a name.
    func stringPrefix() -> Int? {
        var length = 0
        if let scalar = peek(), scalar == "b" || scalar == "B" { length += 1 }
        if let scalar = peek(length), scalar == "r" || scalar == "R" { length += 1 }
        guard length > 0, let quote = peek(length), quote == "\"" || quote == "'" else { return nil }
        return length
    }

    /// Reads a text or bytes literal whose prefix has `prefix` letters.
    mutating func quoted(prefix: Int) {
        let start = index
        let letters = scalars[index..<index + prefix]
        let isRaw = letters.contains("r") || letters.contains("R")
        let isBytes = letters.contains("b") || letters.contains("B")
        index += prefix
        let quote = scalars[index]
        let isTriple = peek(1) == quote && peek(2) == quote
        index += isTriple ? 3 : 1
        var content = LiteralContent(isBytes: isBytes)
        while true {
            guard let scalar = peek(), isTriple || (scalar != "\n" && scalar != "\r") else {
                unterminated(from: start, quote: String(repeating: String(quote), count: isTriple ? 3 : 1))
                break
            }
            if scalar == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                index += isTriple ? 3 : 1
                break
            }
            if scalar != "\\" {
                content.append(scalar)
                index += 1
            } else if isRaw {
                rawBackslash(into: &content, isMultiline: isTriple)
            } else {
                escape(into: &content)
            }
        }
        append(isBytes ? .bytes(content.bytes) : .string(content.text), from: start)
    }

    private mutating func unterminated(from start: Int, quote: String) {
        let isTriple = quote.utf8.count == 3
        isReadable = false
        report(
            isTriple ? "a text that begins with three quotes is not closed" : "the text is not closed on its line",
            at: start, length: isTriple ? 3 : max(1, index - start), hint: "close it with \(quote)"
        )
    }

    /// A backslash in a raw literal stands for itself and keeps a quote behind it from ending the literal.
    private mutating func rawBackslash(into content: inout LiteralContent, isMultiline: Bool) {
        content.append("\\")
        index += 1
        guard let next = peek(), isMultiline || (next != "\n" && next != "\r") else { return }
        content.append(next)
        index += 1
    }

    /// Reads an escape sequence (langdef, "String and Bytes Values").
    private mutating func escape(into content: inout LiteralContent) {
        let start = index
        guard let mark = peek(1) else {
            index += 1
            return
        }
        index += 2
        if let plain = Self.plainEscapes[mark] {
            content.append(plain)
        } else if let digits = Self.hexEscapes[mark], mark == "x" || mark == "X" || !content.isBytes {
            code(digits: digits, radix: 16, from: start, into: &content)
        } else if ("0"..."3").contains(mark) {
            index -= 1
            code(digits: 3, radix: 8, from: start, into: &content)
        } else {
            content.append("\\")
            content.append(mark)
            let shown = mark.value < 0x20 ? "a backslash at the end of a line" : "\"\\\(mark)\""
            report(
                "\(shown) is not an escape sequence", at: start, length: 2,
                hint: "write \\\\ for a backslash, or a raw text for a pattern: r\"\\d+\""
            )
        }
    }

    private mutating func code(digits: Int, radix: Int, from start: Int, into content: inout LiteralContent) {
        let end = min(scalars.count, index + digits)
        guard end - index == digits, let value = UInt32(text(from: index, to: end), radix: radix),
            scalars[index] != "+", content.append(code: value)
        else {
            let what = radix == 8 ? "three octal digits" : "\(digits) hexadecimal digits of a Unicode character"
            let shown = min(scalars.count - start, digits + 2)
            report("the escape sequence needs \(what)", at: start, length: max(2, shown))
            return
        }
        index = end
    }

    private static let plainEscapes: [Unicode.Scalar: Unicode.Scalar] = [
        "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{B}", "\\": "\\",
        "?": "?", "\"": "\"", "'": "'", "`": "`",
    ]

    private static let hexEscapes: [Unicode.Scalar: Int] = ["x": 2, "X": 2, "u": 4, "U": 8]

    /// Typographic quotes come with texts copied out of documents; the text up to the next one is read as meant.
    mutating func typographicQuote() {
        let start = index
        index += 1
        let quotes: Set<Unicode.Scalar> = [
            "\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}", "\u{201A}", "\"", "'",
        ]
        skip { !quotes.contains($0) && $0 != "\n" }
        let content = text(from: start + 1, to: index)
        if let scalar = peek(), scalar != "\n" { index += 1 } else { isReadable = false }
        report(
            "typographic quotes do not delimit a text", at: start, length: index - start,
            hint: "write straight quotes: \"\(content)\""
        )
        append(.string(content), from: start)
    }
}

/// What a literal holds, collected as text or as bytes.
private struct LiteralContent {
    let isBytes: Bool
    private var scalars = String.UnicodeScalarView()
    private(set) var bytes: [UInt8] = []

    init(isBytes: Bool) {
        self.isBytes = isBytes
    }

    var text: String { String(scalars) }

    /// Appends a scalar, in UTF-8 where bytes are wanted.
    mutating func append(_ scalar: Unicode.Scalar) {
        if isBytes {
            bytes.append(contentsOf: String(scalar).utf8)
        } else {
            scalars.append(scalar)
        }
    }

    /// Appends a numeric escape: one byte in bytes, one code point in a text. `false` where there is no such one.
    mutating func append(code: UInt32) -> Bool {
        if isBytes {
            guard let byte = UInt8(exactly: code) else { return false }
            bytes.append(byte)
        } else {
            guard let scalar = Unicode.Scalar(code) else { return false }
            scalars.append(scalar)
        }
        return true
    }
}
