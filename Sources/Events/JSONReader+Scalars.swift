extension JSONReader {
    /// Appends a node that ends at the reader's place.
    @inline(__always)
    mutating func append(_ kind: JSONNode.Kind, from start: Int, to end: Int, content: JSONNode.Content = []) {
        let next = UInt32(truncatingIfNeeded: nodes.count + 1)
        nodes.append(
            JSONNode(
                start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: end - start), next: next,
                kind: kind, content: content))
    }

    mutating func readLiteral(_ literal: StaticString, as kind: JSONNode.Kind) throws(JSONFault) {
        let start = at
        let wanted = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
        for byte in wanted {
            guard try current() == byte else { throw JSONFault(.unexpectedByte, at: at) }
            at += 1
        }
        append(kind, from: start, to: at)
    }

    mutating func readNumber() throws(JSONFault) {
        let start = at
        if text[at] == UInt8(ascii: "-") {
            at += 1
            if try current() == UInt8(ascii: "I") {
                try readLiteral("Infinity", as: .negativeInfinity)
                nodes[nodes.count - 1].start -= 1
                nodes[nodes.count - 1].length += 1
                return
            }
        }
        let firstDigit = at
        if try current() == UInt8(ascii: "0") { at += 1 } else { try readDigits() }
        let digits = at - firstDigit
        var kind = JSONNode.Kind.integer
        if at < text.count, text[at] == UInt8(ascii: ".") {
            kind = .double
            at += 1
            try readDigits()
        }
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            kind = .double
            at += 1
            let sign = try current()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at += 1 }
            try readDigits()
        }
        if kind == .integer, digits > limits.integerDigitsMax { throw JSONFault(.integerTooLong, at: start) }
        append(kind, from: start, to: at)
    }

    /// One digit or more.
    private mutating func readDigits() throws(JSONFault) {
        guard try current().isDigit else { throw JSONFault(.unexpectedByte, at: at) }
        while at < text.count, text[at].isDigit { at += 1 }
    }

    /// Reads a string from its opening quote on, eight bytes at a time while they are plain.
    mutating func readString(as kind: JSONNode.Kind) throws(JSONFault) {
        at += 1
        let start = at
        var content: JSONNode.Content = []
        while true {
            at = WordScan.endOfPlain(text, from: at)
            let byte = try current()
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                content.insert(.escapes)
                try readEscape()
            } else if byte >= 0x80 {
                content.insert(.wide)
                try readWide()
            } else if byte == 0x7F {
                content.insert(.wide)
                at += 1
            } else {
                throw JSONFault(.controlCharacter, at: at)
            }
        }
        append(kind, from: start, to: at, content: content)
        at += 1
    }

    private mutating func readEscape() throws(JSONFault) {
        let backslash = at
        at += 1
        switch try current() {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 1
        case UInt8(ascii: "u"):
            at += 1
            for _ in 0..<4 {
                guard try current().hexValue != nil else { throw JSONFault(.badEscape, at: backslash) }
                at += 1
            }
        default:
            throw JSONFault(.badEscape, at: backslash)
        }
    }

    /// Moves over a run of multi-byte characters, which must be the shortest UTF-8 of scalar values (RFC 3629 §4).
    private mutating func readWide() throws(JSONFault) {
        while at < text.count, text[at] >= 0x80 {
            let lead = text[at]
            var second: ClosedRange<UInt8> = 0x80...0xBF
            let length: Int
            switch lead {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: length = 4
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: throw JSONFault(.notUTF8, at: at)
            }
            guard at + length <= text.count, second.contains(text[at + 1]) else { throw JSONFault(.notUTF8, at: at) }
            for index in 2..<max(length, 2) where text[at + index] & 0xC0 != 0x80 {
                throw JSONFault(.notUTF8, at: at)
            }
            at += length
        }
    }
}
