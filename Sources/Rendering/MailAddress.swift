/// E-mail addresses in texts: `name@host.example`, also with `%40` or a full-width sign for the at.
enum MailAddress {
    /// What stands in the place of an address.
    static let replacement = "[e-mail address]"

    /// The longest local part and domain that are looked at, in characters (RFC 5321 §4.5.3.1, with room for escapes).
    private static let localScalarsMax = 64 * 3
    private static let domainScalarsMax = 255

    /// `text` with its e-mail addresses replaced.
    static func redacted(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var copied = 0
        var index = 0
        while index < scalars.count {
            guard let width = atSign(in: scalars, at: index) else {
                index += 1
                continue
            }
            let start = localStart(in: scalars, before: index, notBefore: copied)
            guard start < index, let end = domainEnd(in: scalars, from: index + width) else {
                index += width
                continue
            }
            result.append(contentsOf: scalars[copied..<start])
            result.append(contentsOf: replacement.unicodeScalars)
            copied = end
            index = end
        }
        guard copied > 0 else { return text }
        result.append(contentsOf: scalars[copied...])
        return String(result)
    }

    /// How many characters make an at sign here, or `nil`.
    private static func atSign(in scalars: [Unicode.Scalar], at index: Int) -> Int? {
        switch scalars[index] {
        case "@", "\u{FF20}", "\u{FE6B}": return 1
        case "%":
            guard index + 2 < scalars.count, scalars[index + 1] == "4", scalars[index + 2] == "0" else { return nil }
            return 3
        default: return nil
        }
    }

    private static func localStart(in scalars: [Unicode.Scalar], before end: Int, notBefore: Int) -> Int {
        var start = end
        while start > notBefore, end - start < localScalarsMax, isOfLocalPart(scalars[start - 1]) { start -= 1 }
        while start < end, scalars[start] == "." { start += 1 }
        return start
    }

    /// The characters of an atom (RFC 5321 §4.1.2, RFC 6531), but those that hold addresses apart in running text.
    private static func isOfLocalPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "!", "#", "$", "%", "&", "*", "+", "-", "^", "_", "~": true
        default: scalar.value >= 0x80 && isLetter(scalar)
        }
    }

    /// The end of the host behind an at sign: labels with dots between them, the last one of two letters or more.
    private static func domainEnd(in scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var index = start
        var label = start
        var dots = 0
        var end: Int?
        while index < scalars.count, index - start < domainScalarsMax {
            let scalar = scalars[index]
            if isDot(scalar) {
                guard index > label else { break }
                dots += 1
                label = index + 1
            } else if isLetter(scalar) || isDigit(scalar) || (scalar == "-" && index > label) {
                if dots > 0, index - label >= 1, isLetter(scalar) || end != nil { end = index + 1 }
            } else {
                break
            }
            index += 1
        }
        return end
    }

    private static func isDot(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "\u{3002}", "\u{FF0E}", "\u{FF61}": true
        default: false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            || scalar.value >= 0x80 && scalar.properties.isAlphabetic
    }
}
