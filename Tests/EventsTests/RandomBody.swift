import TestSupport

/// Random JSON without line feeds.
enum RandomBody {
    static func make(using generator: inout SeededRandom) -> [UInt8] {
        var body: [UInt8] = []
        appendValue(to: &body, depth: 0, using: &generator)
        return body
    }

    /// Changes, removes or adds a byte in one to three places.
    static func damage(_ body: inout [UInt8], using generator: inout SeededRandom) {
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !body.isEmpty {
            let index = Int.random(in: 0..<body.count, using: &generator)
            let bytes = Array("{}[]\",:\\u0019-+.eEN \t\u{7F}é".utf8) + [0x80, 0xED, 0xA0, 0xFF, 0x00]
            let byte = bytes[Int.random(in: 0..<bytes.count, using: &generator)]
            switch generator.next() % 3 {
            case 0: body[index] = byte
            case 1: body.insert(byte, at: index)
            default: body.remove(at: index)
            }
        }
    }

    private static func appendValue(to body: inout [UInt8], depth: Int, using generator: inout SeededRandom) {
        appendSpace(to: &body, using: &generator)
        let scalars = [
            "null", "true", "false", "NaN", "Infinity", "-Infinity", "0", "-0", "-0.0", "1.0", "1E5",
            "12345678901234567890",
            "1e400", "0.1", "1e-7", "9007199254740993.0", "\"\"",
        ]
        switch depth < 5 ? generator.next() % 6 : 5 {
        case 0, 1:
            appendMembers(to: &body, isObject: true, depth: depth, using: &generator)
        case 2:
            appendMembers(to: &body, isObject: false, depth: depth, using: &generator)
        case 3: appendString(to: &body, using: &generator)
        default: body += Array(scalars[Int.random(in: 0..<scalars.count, using: &generator)].utf8)
        }
        appendSpace(to: &body, using: &generator)
    }

    private static func appendMembers(
        to body: inout [UInt8], isObject: Bool, depth: Int, using generator: inout SeededRandom
    ) {
        body.append(isObject ? 0x7B : 0x5B)
        let count = generator.next() % 8 == 0 ? 20 : Int.random(in: 0...4, using: &generator)
        for index in 0..<count {
            if index > 0 { body.append(0x2C) }
            if isObject {
                appendSpace(to: &body, using: &generator)
                appendKey(to: &body, using: &generator)
                appendSpace(to: &body, using: &generator)
                body.append(0x3A)
            }
            appendValue(to: &body, depth: depth + (count > 10 ? 3 : 1), using: &generator)
        }
        body.append(isObject ? 0x7D : 0x5D)
    }

    /// Few keys in several spellings, so that many repeat.
    private static func appendKey(to body: inout [UInt8], using generator: inout SeededRandom) {
        let keys = [
            "a", "\\u0061", "b", "é", "\\u00e9", "\\u00E9", "e\u{301}", "🚀", "\\ud83d\\ude80", "\\ud83d", "", "k",
        ]
        body += Array("\"\(keys[Int.random(in: 0..<keys.count, using: &generator)])\"".utf8)
    }

    private static func appendString(to body: inout [UInt8], using generator: inout SeededRandom) {
        let pieces = [
            "plain text ", "\\n", "\\/", "\\\\", "\\\"", "\\u0000", "\\uD83D", "\\ude00", "\\u007F", "\u{7F}", "é", "漢",
            "🚀",
            "\u{2028}", "\\u0041", "12345678",
        ]
        body.append(0x22)
        for _ in 0..<Int.random(in: 0...9, using: &generator) {
            body += Array(pieces[Int.random(in: 0..<pieces.count, using: &generator)].utf8)
        }
        body.append(0x22)
    }

    private static func appendSpace(to body: inout [UInt8], using generator: inout SeededRandom) {
        let word = generator.next() % 12
        if word < 3 { body.append([0x20, 0x09, 0x0D][Int(word)]) }
    }
}
