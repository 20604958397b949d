/// Payment card numbers in texts: 13 to 19 digits of a known issuer with the right check digit (ISO/IEC 7812-1),
/// written together or in groups with a space or a dash between them.
enum CardNumber {
    /// What stands in the place of a number.
    static let replacement = "[card number]"

    private static let digitsMin = 13
    private static let digitsMax = 19

    /// `text` with its card numbers replaced.
    static func redacted(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var copied = 0
        var index = 0
        while index < scalars.count {
            guard digit(scalars[index]) != nil else {
                index += 1
                continue
            }
            if isBeginning(index, in: scalars), let end = end(ofNumberAt: index, in: scalars) {
                result.append(contentsOf: scalars[copied..<index])
                result.append(contentsOf: replacement.unicodeScalars)
                copied = end
                index = end
            } else {
                while index < scalars.count, digit(scalars[index]) != nil { index += 1 }
            }
        }
        guard copied > 0 else { return text }
        result.append(contentsOf: scalars[copied...])
        return String(result)
    }

    /// The end of the longest card number that begins with the group of digits at `start`.
    private static func end(ofNumberAt start: Int, in scalars: [Unicode.Scalar]) -> Int? {
        var digits: [UInt8] = []
        var found: Int?
        var index = start
        while digits.count <= digitsMax, index < scalars.count {
            let group = index
            while index < scalars.count, digits.count <= digitsMax, let value = digit(scalars[index]) {
                digits.append(value)
                index += 1
            }
            guard digits.count <= digitsMax else { break }
            if digits.count >= digitsMin, isEnd(index, in: scalars), isCard(digits) { found = index }
            // Numbers are printed in groups of four to six; a shorter group can only be the last one.
            guard (4...6).contains(index - group), index + 1 < scalars.count, isSeparator(scalars[index]),
                digit(scalars[index + 1]) != nil
            else { break }
            index += 1
        }
        return found
    }

    /// The check digit and the first digits that issuers have: Visa 4, Mastercard 51–55 and 2221–2720, Mir 2200–2204,
    /// American Express 34 and 37, Diners 30, 36, 38, 39, JCB 35, Maestro, Discover and UnionPay 50 and 56–69.
    private static func isCard(_ digits: [UInt8]) -> Bool {
        guard passesLuhn(digits) else { return false }
        let first = Int(digits[0]) * 1_000 + Int(digits[1]) * 100 + Int(digits[2]) * 10 + Int(digits[3])
        return switch first {
        case 2_200...2_204, 2_221...2_720: digits.count == 16
        case 3_400...3_499, 3_700...3_799: digits.count == 15
        case 3_000...3_099, 3_500...3_699, 3_800...3_999: digits.count >= 14
        case 4_000...4_999: [13, 16, 18, 19].contains(digits.count)
        case 5_100...5_599: digits.count == 16
        case 5_000...5_099, 5_600...6_999: true
        default: false
        }
    }

    /// Luhn's check: every second digit from the right doubled, the sum of all digits a multiple of ten. A row of one
    /// digit passes it and is no card.
    private static func passesLuhn(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let value = place % 2 == 1 ? Int(digit) * 2 : Int(digit)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0 && Set(digits).count > 1
    }

    /// Whether a number may begin here: behind no letter, digit or underscore, which would make it a part of a name,
    /// and not behind a decimal point.
    private static func isBeginning(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        guard index > 0 else { return true }
        let before = scalars[index - 1]
        if before == "." || before == ",", index > 1, digit(scalars[index - 2]) != nil { return false }
        guard isOfName(before) else { return true }
        // The letter of a JSON escape (`\\n4111…`) is no letter.
        return index > 1 && scalars[index - 2] == "\\"
    }

    private static func isEnd(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        guard index < scalars.count else { return true }
        let after = scalars[index]
        if after == "." || after == ",", index + 1 < scalars.count, digit(scalars[index + 1]) != nil { return false }
        return !isOfName(after)
    }

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" || digit(scalar) != nil
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "-", "\u{A0}", "\u{2010}"..."\u{2015}", "\u{202F}", "\u{2212}": true
        default: false
        }
    }

    /// The value of a digit, of full width too, or `nil`.
    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x30...0x39: UInt8(scalar.value - 0x30)
        case 0xFF10...0xFF19: UInt8(scalar.value - 0xFF10)
        default: nil
        }
    }
}
